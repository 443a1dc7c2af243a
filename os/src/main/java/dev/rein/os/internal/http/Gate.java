package dev.rein.os.internal.http;

import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lets requests in: those with the key, or any when none is set. Thread-safe. */
final class Gate {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1");
    private static final String BEARER = "Bearer ";

    private final Settings settings;

    Gate(Settings settings) {
        this.settings = settings;
    }

    /** How requests are let in, as {@code /info} says it. */
    String mode() {
        return settings.jwt() != null ? "jwt" : settings.securityKey() != null ? "security_key" : "none";
    }

    /** @throws IllegalArgumentException if others could reach this server, and nothing is asked of them */
    void refuseOpenDoors() {
        if (!isLoopback(settings.host()) && mode().equals("none") && !settings.insecure()) {
            throw new IllegalArgumentException("host is " + settings.host()
                    + ", which others can reach, and nobody needs a key: set OS_SECURITY_KEY, give a securityKey or jwt,"
                    + " or say insecure(true)");
        }
    }

    /** Whether a caller sees only what is its user's. */
    boolean isolates() {
        return false;
    }

    /** @throws Problem 401 or 403 */
    Caller admit(Context http, boolean open, String method, String path) {
        if (mode().equals("none")) {
            refuseForeignHost(http);
            return Caller.ANYBODY;
        }
        if (open) {
            return Caller.ANYBODY;
        }
        var header = http.header("Authorization");
        if (header == null || !header.startsWith(BEARER)) {
            throw Problem.of(401, "Authorization header required");
        }
        return admit(header.substring(BEARER.length()).strip());
    }

    /** @throws Problem 401 if the token, or the key, is not right */
    Caller admit(String token) {
        checkKey(token);
        return Caller.ANYBODY;
    }

    /** @throws Problem 403 if a caller may not do what a route does, with this component; for what comes in by no route */
    void allow(Caller caller, String method, String path, String componentId) {}

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
    private void refuseForeignHost(Context http) {
        var name = Cors.hostName(http.header("Host"));
        if (isLoopback(settings.host())
                && name != null
                && !LOOPBACK.contains(name)
                && !name.endsWith(".localhost")
                && !name.equals(settings.host())) {
            throw Problem.of(
                    403, "Host \"" + name + "\" is not this server: use localhost, or set a security key for other names");
        }
    }

    static boolean isLoopback(String host) {
        return LOOPBACK.contains(host) || host.startsWith("127.");
    }
}
