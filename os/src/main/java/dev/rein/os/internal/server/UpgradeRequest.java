package dev.rein.os.internal.server;

import dev.rein.os.internal.route.Problem;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Checks requests to open a WebSocket as RFC 6455, section 4.2.1, requires. */
final class UpgradeRequest {
    private static final int KEY_BYTES = 16;
    private static final String VERSION = "13";

    private UpgradeRequest() {}

    /** @throws Problem 400 if the request is malformed, 426 if it asks for another version */
    static void check(Context http) {
        if (!http.method().equals(HandlerType.GET)) {
            throw Problem.badRequest("A WebSocket is opened with GET, not " + http.method());
        }
        if (!http.protocol().equals("HTTP/1.1")) {
            throw Problem.badRequest("A WebSocket is opened with HTTP/1.1, not " + http.protocol());
        }
        require(http, "Upgrade", "websocket");
        require(http, "Connection", "Upgrade");
        if (!VERSION.equals(http.header("Sec-WebSocket-Version"))) {
            http.header("Sec-WebSocket-Version", VERSION);
            throw Problem.of(426, "Sec-WebSocket-Version must be " + VERSION);
        }
        if (!isKey(http.header("Sec-WebSocket-Key"))) {
            throw Problem.badRequest("Sec-WebSocket-Key must be " + KEY_BYTES + " bytes in Base64");
        }
    }

    private static void require(Context http, String name, String value) {
        var given = http.header(name);
        if (given == null
                || Arrays.stream(given.split(",", -1))
                        .noneMatch(each -> each.strip().equalsIgnoreCase(value))) {
            throw Problem.badRequest("A WebSocket is opened with the header " + name + ": " + value);
        }
    }

    private static boolean isKey(@Nullable String key) {
        try {
            return key != null && Base64.getDecoder().decode(key.strip()).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
