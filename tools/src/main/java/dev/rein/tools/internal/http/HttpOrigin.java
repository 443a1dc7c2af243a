package dev.rein.tools.internal.http;

import java.net.URI;
import java.util.Locale;

/**
 * The origin of a URL: what must be the same for two URLs to belong to one server.
 *
 * @param port with the default of the scheme
 */
public record HttpOrigin(String scheme, String host, int port) {
    /** @throws IllegalArgumentException if the URL is not one of HTTP with a host */
    public static HttpOrigin of(URI uri) {
        var scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (uri.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
            throw new IllegalArgumentException("\"" + uri + "\" has no origin: use a URL such as https://example.org");
        }
        var port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
        return new HttpOrigin(scheme, uri.getHost().toLowerCase(Locale.ROOT), port);
    }
}
