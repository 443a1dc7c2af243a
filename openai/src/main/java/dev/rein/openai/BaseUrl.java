package dev.rein.openai;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** Parses and validates the base URL of a server. */
final class BaseUrl {

    private static final String EXAMPLE =
            ": use an http(s) URL such as https://api.openai.com/v1 or http://localhost:8000/v1";

    private BaseUrl() {}

    /** @throws IllegalArgumentException with the reason, if it is not a valid base URL */
    static URI parse(String text) {
        var stripped = text.strip();
        while (stripped.endsWith("/")) {
            stripped = stripped.substring(0, stripped.length() - 1);
        }
        URI url;
        try {
            url = new URI(stripped);
        } catch (URISyntaxException e) {
            throw invalid(text, "is not a URL");
        }
        var scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw invalid(text, "does not begin with http:// or https://");
        }
        if (url.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "the base URL contains a user or password: set the API key with apiKey(..) or"
                            + " OPENAI_API_KEY, and other credentials with header(..)");
        }
        if (url.getHost() == null
                && url.getRawAuthority() != null
                && url.getRawAuthority().contains("_")) {
            throw invalid(
                    text,
                    "has a host name with an underscore, which Java cannot connect to; use another name or the IP"
                            + " address");
        }
        if (url.getHost() == null) {
            throw invalid(text, "has no host");
        }
        if (url.getPort() == 0 || url.getPort() > 0xffff) {
            throw invalid(text, "has no valid port");
        }
        if (url.getRawQuery() != null || url.getRawFragment() != null) {
            throw invalid(text, "has a query or fragment");
        }
        return url;
    }

    private static IllegalArgumentException invalid(String text, String why) {
        // The text before an @ may contain a password.
        var shown = text.contains("@") ? "" : " \"" + text + "\"";
        return new IllegalArgumentException("the base URL" + shown + " " + why + EXAMPLE);
    }
}
