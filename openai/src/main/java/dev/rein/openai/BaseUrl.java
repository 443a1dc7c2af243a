package dev.rein.openai;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** Reads a server's address, and says what is wrong with a bad one. */
final class BaseUrl {

    private static final String EXAMPLE =
            ": give an http(s) URL such as https://api.openai.com/v1 or http://localhost:8000/v1";

    private BaseUrl() {}

    static URI parse(String text) {
        var stripped = text.strip();
        while (stripped.endsWith("/")) {
            stripped = stripped.substring(0, stripped.length() - 1);
        }
        URI url;
        try {
            url = new URI(stripped);
        } catch (URISyntaxException e) {
            throw refused(text, "is no URL");
        }
        var scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw refused(text, "does not begin with http:// or https://");
        }
        if (url.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "the base URL has a user or password in it: give the key with apiKey(..) or"
                            + " OPENAI_API_KEY, other credentials with header(..)");
        }
        if (url.getHost() == null
                && url.getRawAuthority() != null
                && url.getRawAuthority().contains("_")) {
            throw refused(
                    text,
                    "has a host with an underscore, which Java can't connect to; use another name of it, or its IP address");
        }
        if (url.getHost() == null) {
            throw refused(text, "has no host");
        }
        if (url.getPort() == 0 || url.getPort() > 0xffff) {
            throw refused(text, "has no valid port");
        }
        if (url.getRawQuery() != null || url.getRawFragment() != null) {
            throw refused(text, "has a query or fragment");
        }
        return url;
    }

    private static IllegalArgumentException refused(String text, String why) {
        // What stands before an @ may be a password.
        var shown = text.contains("@") ? "" : " \"" + text + "\"";
        return new IllegalArgumentException("the base URL" + shown + " " + why + EXAMPLE);
    }
}
