package dev.rein.os;

/**
 * What clients may take at most. Whoever comes when there is no room is told so at once, with 429 or 503 and a
 * {@code Retry-After}. Immutable; each method returns a changed copy.
 *
 * @param connections open connections; 10,000 unless given. Further ones wait in the listen backlog
 * @param streams open event streams; 5,000 unless given
 * @param backgroundRuns background runs that work at once in this process; 32 unless given
 * @param queuedRuns background runs that wait for that; 1,000 unless given
 * @param bodyBytes size of a request's body, uploads included; 32 MiB unless given
 */
public record ServerLimits(int connections, int streams, int backgroundRuns, int queuedRuns, int bodyBytes) {
    private static final ServerLimits STANDARD = new ServerLimits(10_000, 5_000, 32, 1_000, 32 << 20);

    public ServerLimits {
        requirePositive("connections", connections);
        requirePositive("streams", streams);
        requirePositive("backgroundRuns", backgroundRuns);
        requirePositive("bodyBytes", bodyBytes);
        if (queuedRuns < 0) {
            throw new IllegalArgumentException("queuedRuns is " + queuedRuns + ": it must not be negative");
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
        return new ServerLimits(value, streams, backgroundRuns, queuedRuns, bodyBytes);
    }

    public ServerLimits streams(int value) {
        return new ServerLimits(connections, value, backgroundRuns, queuedRuns, bodyBytes);
    }

    public ServerLimits backgroundRuns(int value) {
        return new ServerLimits(connections, streams, value, queuedRuns, bodyBytes);
    }

    public ServerLimits queuedRuns(int value) {
        return new ServerLimits(connections, streams, backgroundRuns, value, bodyBytes);
    }

    public ServerLimits bodyBytes(int value) {
        return new ServerLimits(connections, streams, backgroundRuns, queuedRuns, value);
    }
}
