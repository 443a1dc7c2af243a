package dev.rein.os;

import java.time.Duration;

/**
 * Limits on what clients may use. A request beyond a limit is refused at once with 429 or 503 and a {@code Retry-After}
 * header. Immutable; each method returns a changed copy.
 *
 * @param connections open connections; default 10,000. Requests on further connections get 503, and these are closed
 *     within 2 s
 * @param streams open event streams; default 5,000
 * @param backgroundRuns background runs executing at once in this process; default 32
 * @param queuedRuns background runs waiting to execute; default 1,000
 * @param clientStall how long a client may neither read the response nor send its request before it counts as
 *     disconnected; default 30 s
 * @param bodyBytes size of a request body, uploads included; default 32 MiB
 */
public record ServerLimits(
        int connections, int streams, int backgroundRuns, int queuedRuns, Duration clientStall, int bodyBytes) {
    private static final ServerLimits STANDARD =
            new ServerLimits(10_000, 5_000, 32, 1_000, Duration.ofSeconds(30), 32 << 20);

    public ServerLimits {
        requirePositive("connections", connections);
        requirePositive("streams", streams);
        requirePositive("backgroundRuns", backgroundRuns);
        requirePositive("bodyBytes", bodyBytes);
        if (queuedRuns < 0) {
            throw new IllegalArgumentException("queuedRuns is " + queuedRuns + ": it must not be negative");
        }
        if (clientStall.isNegative() || clientStall.isZero()) {
            throw new IllegalArgumentException("clientStall is " + clientStall + ": it must be positive");
        }
    }

    private static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + ": it must be at least 1");
        }
    }

    public static ServerLimits standard() {
        return STANDARD;
    }

    public ServerLimits connections(int value) {
        return new ServerLimits(value, streams, backgroundRuns, queuedRuns, clientStall, bodyBytes);
    }

    public ServerLimits streams(int value) {
        return new ServerLimits(connections, value, backgroundRuns, queuedRuns, clientStall, bodyBytes);
    }

    public ServerLimits backgroundRuns(int value) {
        return new ServerLimits(connections, streams, value, queuedRuns, clientStall, bodyBytes);
    }

    public ServerLimits queuedRuns(int value) {
        return new ServerLimits(connections, streams, backgroundRuns, value, clientStall, bodyBytes);
    }

    public ServerLimits clientStall(Duration value) {
        return new ServerLimits(connections, streams, backgroundRuns, queuedRuns, value, bodyBytes);
    }

    public ServerLimits bodyBytes(int value) {
        return new ServerLimits(connections, streams, backgroundRuns, queuedRuns, clientStall, value);
    }
}
