package dev.rein.os.internal.http;

import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lets requests in: those with a token or the key, or any when nothing is set. Thread-safe. */
final class AccessControl {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1");
    private static final String BEARER = "Bearer ";

    private final ServerSettings settings;
    private final @Nullable TokenVerifier tokens;

    AccessControl(ServerSettings settings) {
        this.settings = settings;
        this.tokens = settings.jwt() == null ? null : new TokenVerifier(settings.jwt());
    }

    /** How requests are let in, as {@code /info} says it. */
    String mode() {
        return settings.jwt() != null ? "jwt" : settings.securityKey() != null ? "security_key" : "none";
    }

    /** @throws IllegalArgumentException if others could reach this server, and nothing is asked of them */
    void refuseOpenDoors() {
        if (!isLoopback(settings.host()) && isOpen() && !settings.insecure()) {
            throw new IllegalArgumentException("host is " + settings.host()
                    + ", which others can reach, and nobody needs a key: set OS_SECURITY_KEY, give a securityKey or"
                    + " jwt, or say insecure(true)");
        }
    }

    /** Whether callers see only what is their user's. */
    boolean isolates() {
        return settings.jwt() != null && settings.jwt().userIsolation();
    }

    /** @throws Problem 401 or 403 */
    Caller admit(Context http, Route route) {
        refuseForeignHost(http);
        if (isOpen()) {
            return Caller.ANYBODY;
        }
        if (route.open()) {
            return Caller.ANYBODY;
        }
        var header = http.header("Authorization");
        if (header == null || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw Problem.of(401, tokens == null ? "Authorization header required" : "Authorization header missing");
        }
        var caller = admit(header.substring(BEARER.length()).strip());
        require(caller, RequiredScope.of(route.method(), route.path(), componentId(http, route)));
        return caller;
    }

    private static @Nullable String componentId(Context http, Route route) {
        var parts = route.path().split("/");
        return parts.length > 2 && parts[2].startsWith("{")
                ? http.pathParam(parts[2].substring(1, parts[2].length() - 1))
                : null;
    }

    private static void require(Caller caller, @Nullable RequiredScope scope) {
        if (scope != null && !caller.may(scope)) {
            throw Problem.of(403, "Insufficient permissions. Required scope(s): " + scope);
        }
    }

    /** Whether nothing is asked of anybody. */
    boolean isOpen() {
        return mode().equals("none");
    }

    /** @throws Problem 401 if the token, or the key, is not right */
    Caller admit(String token) {
        if (tokens != null) {
            return tokens.caller(token);
        }
        checkKey(token);
        return Caller.ANYBODY;
    }

    /** @throws Problem 403 if a caller may not do what a route does, with this component; for what comes in by no route */
    void allow(Caller caller, String method, String path, String componentId) {
        require(caller, RequiredScope.of(method, path, componentId));
    }

    private void checkKey(String token) {
        var key = settings.securityKey();
        if (key == null
                || !MessageDigest.isEqual(
                        token.getBytes(StandardCharsets.UTF_8), key.getBytes(StandardCharsets.UTF_8))) {
            throw Problem.of(401, "Invalid authentication token");
        }
    }

    /**
     * A page whose name was made to lead to this machine could read and start everything here: without a key, a server on
     * loopback listens to its own names only.
     */
    void refuseForeignHost(Context http) {
        var name = Cors.hostName(http.header("Host"));
        if (isOpen()
                && isLoopback(settings.host())
                && name != null
                && !LOOPBACK.contains(name)
                && !name.endsWith(".localhost")
                && !name.equals(settings.host())) {
            throw Problem.of(
                    403,
                    "Host \"" + name + "\" is not this server: use localhost, or set a security key for other names");
        }
    }

    static boolean isLoopback(String host) {
        return LOOPBACK.contains(host) || host.startsWith("127.");
    }
}
