package dev.rein.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** Parses and validates the base URL of a server. */
final class BaseUrl {

    private BaseUrl() {}

    /**
     * Parses a URL, which may have a query.
     *
     * @param example valid URLs, for the error message
     * @throws IllegalArgumentException with the reason, if it is not a valid base URL
     */
    static URI parse(String text, String example) {
        URI url;
        try {
            url = new URI(text.strip());
        } catch (URISyntaxException e) {
            throw invalid(text, "is not a URL", example);
        }
        var scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw invalid(text, "does not begin with http:// or https://", example);
        }
        if (url.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "the base URL contains a user or password: set the API key with apiKey(..) or"
                            + " its environment variable, and other credentials with header(..)");
        }
        if (url.getHost() == null
                && url.getRawAuthority() != null
                && url.getRawAuthority().contains("_")) {
            throw invalid(
                    text,
                    "has a host name with an underscore, which Java cannot connect to; use another name or the IP"
                            + " address",
                    example);
        }
        if (url.getHost() == null) {
            throw invalid(text, "has no host", example);
        }
        if (url.getPort() == 0 || url.getPort() > 0xffff) {
            throw invalid(text, "has no valid port", example);
        }
        if (url.getRawFragment() != null) {
            throw invalid(text, "has a fragment", example);
        }
        return url;
    }

    /** The URL without its query and without slashes at the end. */
    static URI withoutQuery(URI url) {
        var text = url.toString();
        var end = text.indexOf('?') < 0 ? text.length() : text.indexOf('?');
        while (text.charAt(end - 1) == '/') {
            end--;
        }
        return URI.create(text.substring(0, end));
    }

    private static IllegalArgumentException invalid(String text, String why, String example) {
        // The text before an @, and a query, may contain a secret.
        var shown = text.contains("@") || text.contains("?") ? "" : " \"" + text + "\"";
        return new IllegalArgumentException(
                "the base URL" + shown + " " + why + ": use an http(s) URL such as " + example);
    }
}
