package dev.rein.os.internal.auth;

import dev.rein.os.internal.route.Problem;
import io.javalin.http.Context;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The CORS policy. Requests from other origins are refused, not only left without CORS headers: browsers send forms to
 * any server without a preflight, so any page could start runs on an open local server.
 */
public final class Cors {
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");
    private static final String MAX_AGE = "600";

    private final Set<String> origins;

    public Cors(List<String> origins) {
        this.origins = Set.copyOf(origins);
    }

    /** @return whether the request was a preflight request, which is then answered */
    public boolean handle(Context http) {
        var origin = http.header("Origin");
        if (origin == null) {
            return false;
        }
        var allowed = allow(http.header("Host"), origin, http::header);
        var method = http.method().name();
        if (method.equals("OPTIONS") && http.header("Access-Control-Request-Method") != null) {
            preflight(http, allowed);
            return true;
        }
        if (!allowed && !READING.contains(method)) {
            throw Problem.of(403, "Origin " + origin + " is not allowed");
        }
        return false;
    }

    /**
     * Sets the headers of a response to an origin that may read it. A response that does not come from a route, such as the
     * refusal of a connection, needs them too: otherwise a page sees a network error instead of the reason.
     *
     * @param headers sets a header
     * @return whether the origin may read the response
     */
    public boolean allow(@Nullable String host, @Nullable String origin, BiConsumer<String, String> headers) {
        if (origin == null || !allows(host, origin)) {
            return false;
        }
        headers.accept("Access-Control-Allow-Origin", origin);
        headers.accept("Access-Control-Allow-Credentials", "true");
        headers.accept("Access-Control-Expose-Headers", "*");
        headers.accept("Vary", "Origin");
        return true;
    }

    /** CORS does not apply to WebSockets: without this check any page could open one and read from it. */
    public void refuseForeignSocket(Context http) {
        var origin = http.header("Origin");
        if (origin != null && !allows(http.header("Host"), origin)) {
            throw Problem.of(403, "Origin " + origin + " is not allowed");
        }
    }

    private boolean allows(@Nullable String host, String origin) {
        return origins.contains(origin) || origins.contains("*") || isOwn(host, origin);
    }

    private static void preflight(Context http, boolean allowed) {
        http.contentType("text/plain; charset=utf-8");
        if (!allowed) {
            http.status(400).result("Disallowed CORS origin");
            return;
        }
        var headers = http.header("Access-Control-Request-Headers");
        http.header("Access-Control-Allow-Methods", "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT")
                .header("Access-Control-Max-Age", MAX_AGE)
                .result("OK");
        if (headers != null) {
            http.header("Access-Control-Allow-Headers", headers);
        }
    }

    /** Whether the origin is this server itself. */
    private static boolean isOwn(@Nullable String host, String origin) {
        return host != null && (origin.equals("http://" + host) || origin.equals("https://" + host));
    }

    /** The host name of a Host header, without the port. */
    static @Nullable String hostName(@Nullable String header) {
        if (header == null) {
            return null;
        }
        if (header.startsWith("[")) {
            var end = header.indexOf(']');
            return end < 0 ? header : header.substring(1, end);
        }
        var colon = header.indexOf(':');
        return colon < 0 ? header : header.substring(0, colon);
    }
}
