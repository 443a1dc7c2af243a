package dev.rein.os.internal.auth;

import dev.rein.os.internal.ServerSettings;
import dev.rein.os.internal.route.Caller;
import dev.rein.os.internal.route.Problem;
import dev.rein.os.internal.route.RequiredScope;
import dev.rein.os.internal.route.Route;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates requests by token or security key and checks their scopes; admits all requests when neither is
 * configured. Thread-safe.
 */
public final class AccessControl {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1");
    private static final String BEARER = "Bearer ";

    private final ServerSettings settings;
    private final @Nullable TokenVerifier tokens;

    public AccessControl(ServerSettings settings) {
        this.settings = settings;
        this.tokens = settings.jwt() == null ? null : new TokenVerifier(settings.jwt());
    }

    /** The authentication mode as reported by {@code /info}. */
    public String mode() {
        return settings.jwt() != null ? "jwt" : settings.securityKey() != null ? "security_key" : "none";
    }

    /** @throws IllegalArgumentException if the server would be reachable from other machines without authentication */
    public void requireAuthenticationUnlessLocal() {
        if (!isLoopback(settings.host()) && isOpen() && !settings.insecure()) {
            throw new IllegalArgumentException("host is " + settings.host()
                    + ", which other machines can reach, but there is no authentication: set OS_SECURITY_KEY, pass a"
                    + " securityKey or jwt, or call insecure(true)");
        }
    }

    /** Whether callers see only their own user's data. */
    public boolean isolates() {
        return settings.jwt() != null && settings.jwt().userIsolation();
    }

    /** @throws Problem 401 or 403 */
    public Caller authenticate(Context http, Route route) {
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
        var caller = authenticate(header.substring(BEARER.length()).strip());
        requireScope(caller, RequiredScope.of(route.method(), route.path(), componentId(http, route)));
        return caller;
    }

    private static @Nullable String componentId(Context http, Route route) {
        var parts = route.path().split("/");
        return parts.length > 2 && parts[2].startsWith("{")
                ? http.pathParam(parts[2].substring(1, parts[2].length() - 1))
                : null;
    }

    private static void requireScope(Caller caller, @Nullable RequiredScope scope) {
        if (scope != null && !caller.may(scope)) {
            throw Problem.of(403, "Insufficient permissions. Required scope(s): " + scope);
        }
    }

    /** Whether no authentication is required. */
    public boolean isOpen() {
        return mode().equals("none");
    }

    /** @throws Problem 401 if the token or key is invalid */
    public Caller authenticate(String token) {
        if (tokens != null) {
            return tokens.caller(token);
        }
        checkKey(token);
        return Caller.ANYBODY;
    }

    /**
     * Checks the scope of an action that does not arrive through a route, such as a message of the WebSocket. @throws
     * Problem 403 if the caller lacks the scope that the equivalent route requires for this component
     */
    public void requireScope(Caller caller, String method, String path, @Nullable String componentId) {
        requireScope(caller, RequiredScope.of(method, path, componentId));
    }

    /** Whether the caller has the scope that this route requires for this component. */
    public boolean hasScope(Caller caller, String method, String path, @Nullable String componentId) {
        var scope = RequiredScope.of(method, path, componentId);
        return scope == null || caller.may(scope);
    }

    private void checkKey(String token) {
        var key = settings.securityKey();
        if (key == null
                || !MessageDigest.isEqual(
                        token.getBytes(StandardCharsets.UTF_8), key.getBytes(StandardCharsets.UTF_8))) {
            throw Problem.of(401, "Invalid authentication token");
        }
    }

    /** Protects against DNS rebinding: without authentication a server on loopback accepts only its own host names. */
    public void refuseForeignHost(Context http) {
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

    /** Whether a server that listens on this address is reachable from its own machine only. */
    public static boolean isLoopback(String host) {
        return LOOPBACK.contains(host) || host.startsWith("127.");
    }
}
