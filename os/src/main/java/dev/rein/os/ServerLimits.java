package dev.rein.os;

import java.time.Duration;

/**
 * What clients may take at most. Whoever comes when there is no room is told so at once, with 429 or 503 and a
 * {@code Retry-After}. Immutable; each method returns a changed copy.
 *
 * @param connections open connections; 10,000 unless given. On further ones every request gets 503, and they are closed
 *     after 2 s at most
 * @param streams open event streams; 5,000 unless given
 * @param backgroundRuns background runs that work at once in this process; 32 unless given
 * @param queuedRuns background runs that wait for that; 1,000 unless given
 * @param clientStall how long a client may take nothing of what is sent to it, or send nothing of its request, before it
 *     counts as gone; 30 s unless given
 * @param bodyBytes size of a request's body, uploads included; 32 MiB unless given
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
