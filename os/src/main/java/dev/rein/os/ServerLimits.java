package dev.rein.os;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Limits on what clients may use. A request beyond a limit is refused with a status of 400 to 499, or with 429 or 503 and a
 * {@code Retry-After} header if it may succeed later; the response names the limit. Immutable and thread-safe; each
 * method with a parameter returns a changed copy and throws {@link IllegalArgumentException} if the value is not positive:
 *
 * {@snippet :
 * AgentOS.builder().limits(ServerLimits.standard().connections(2_000).bodyBytes(1 << 20));
 * }
 */
public final class ServerLimits {
    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;

    /** Each limit with its default and its minimum. Durations are in milliseconds. */
    private enum Limit {
        CONNECTIONS(10_000, 1),
        UNAUTHENTICATED_CONNECTIONS(5_000, 1),
        UNAUTHENTICATED_CONNECTIONS_PER_ADDRESS(2_500, 1),
        HEAD_TIMEOUT(Duration.ofSeconds(10).toMillis(), 1),
        BODY_BYTES_PER_SECOND(KIB, 1),
        CLIENT_STALL(Duration.ofSeconds(30).toMillis(), 1),
        SOCKET_IDLE(Duration.ofMinutes(10).toMillis(), 1),
        BODY_BYTES(32 * MIB, 1),
        INPUT_BYTES(Math.clamp(Runtime.getRuntime().maxMemory() / 8, 32 * MIB, Integer.MAX_VALUE), 1),
        FIELDS(1_000, 1),
        LIST_ENTRIES(10_000, 1),
        MESSAGE_CHARACTERS(4 * MIB, 1),
        REASON_CHARACTERS(1_000, 1),
        PAGE_BYTES(8 * MIB, 1),
        KEPT_RUN_BYTES(64 * MIB, 1),
        STREAMS(5_000, 1),
        STREAMS_PER_CONNECTION(32, 1),
        BACKGROUND_RUNS(32, 1),
        QUEUED_RUNS(1_000, 0);

        private final long standard;
        private final long least;

        Limit(long standard, long least) {
            this.standard = standard;
            this.least = least;
        }

        /** The name of its method. */
        String method() {
            var words = name().split("_", -1);
            var method = new StringBuilder(words[0].toLowerCase(Locale.ROOT));
            for (var i = 1; i < words.length; i++) {
                method.append(words[i].charAt(0)).append(words[i].substring(1).toLowerCase(Locale.ROOT));
            }
            return method.toString();
        }
    }

    private static final ServerLimits STANDARD = new ServerLimits(new EnumMap<>(Limit.class));

    /** The changed limits. */
    private final Map<Limit, Long> values;

    private ServerLimits(Map<Limit, Long> values) {
        this.values = values;
    }

    /** The defaults, which are given at each method. */
    public static ServerLimits standard() {
        return STANDARD;
    }

    private ServerLimits with(Limit limit, long value) {
        if (value < limit.least) {
            throw new IllegalArgumentException(
                    limit.method() + " is " + value + ": it must be at least " + limit.least);
        }
        var changed = new EnumMap<Limit, Long>(Limit.class);
        changed.putAll(values);
        changed.put(limit, value);
        return new ServerLimits(changed);
    }

    private ServerLimits with(Limit limit, Duration value) {
        if (value.isNegative() || value.toMillis() == 0) {
            throw new IllegalArgumentException(
                    limit.method() + " is " + value + ": it must be at least one millisecond");
        }
        return with(limit, value.toMillis());
    }

    private long value(Limit limit) {
        return values.getOrDefault(limit, limit.standard);
    }

    private int number(Limit limit) {
        return Math.toIntExact(value(limit));
    }

    private Duration duration(Limit limit) {
        return Duration.ofMillis(value(limit));
    }

    // ---- connections

    /**
     * Open connections. Requests on further connections are answered with 503, and these are closed within 2 s. Default:
     * 10,000.
     */
    public ServerLimits connections(int value) {
        return with(Limit.CONNECTIONS, value);
    }

    public int connections() {
        return number(Limit.CONNECTIONS);
    }

    /**
     * Open connections that have not authenticated yet; on a server without authentication, those that have not sent a
     * request yet. Further ones may authenticate within 2 s, or are closed. Default: 5,000.
     */
    public ServerLimits unauthenticatedConnections(int value) {
        return with(Limit.UNAUTHENTICATED_CONNECTIONS, value);
    }

    public int unauthenticatedConnections() {
        return number(Limit.UNAUTHENTICATED_CONNECTIONS);
    }

    /** As {@link #unauthenticatedConnections(int)}, but of one address of a client. Default: 2,500. */
    public ServerLimits unauthenticatedConnectionsPerAddress(int value) {
        return with(Limit.UNAUTHENTICATED_CONNECTIONS_PER_ADDRESS, value);
    }

    public int unauthenticatedConnectionsPerAddress() {
        return number(Limit.UNAUTHENTICATED_CONNECTIONS_PER_ADDRESS);
    }

    /**
     * The time from the opening of a connection to the end of its first request head, from the first byte of a later
     * request to the end of its head, and from the opening of a WebSocket to its authentication. Then the connection is
     * closed, a request with 408. Default: 10 s.
     */
    public ServerLimits headTimeout(Duration value) {
        return with(Limit.HEAD_TIMEOUT, value);
    }

    public Duration headTimeout() {
        return duration(Limit.HEAD_TIMEOUT);
    }

    /**
     * The rate at which a client must send the body of its request, on average over each {@link #headTimeout()}. A slower
     * request is answered with 408. Default: 1,024.
     */
    public ServerLimits bodyBytesPerSecond(int value) {
        return with(Limit.BODY_BYTES_PER_SECOND, value);
    }

    public int bodyBytesPerSecond() {
        return number(Limit.BODY_BYTES_PER_SECOND);
    }

    /**
     * The time after which a client that neither reads the response nor sends its request counts as disconnected.
     * Default: 30 s.
     */
    public ServerLimits clientStall(Duration value) {
        return with(Limit.CLIENT_STALL, value);
    }

    public Duration clientStall() {
        return duration(Limit.CLIENT_STALL);
    }

    /** The time after which a WebSocket is closed that sends no message and follows no run. Default: 10 min. */
    public ServerLimits socketIdle(Duration value) {
        return with(Limit.SOCKET_IDLE, value);
    }

    public Duration socketIdle() {
        return duration(Limit.SOCKET_IDLE);
    }

    // ---- requests

    /** The size of a request body in bytes, uploads included. Beyond: 413. Default: 32 MiB. */
    public ServerLimits bodyBytes(int value) {
        return with(Limit.BODY_BYTES, value);
    }

    public int bodyBytes() {
        return number(Limit.BODY_BYTES);
    }

    /**
     * The size of all request bodies being handled and of the inputs of live runs together, in bytes. Beyond: 503. Below
     * {@link #bodyBytes()} it is that. Default: an eighth of the maximum heap, at least 32 MiB.
     */
    public ServerLimits inputBytes(int value) {
        return with(Limit.INPUT_BYTES, value);
    }

    public int inputBytes() {
        return number(Limit.INPUT_BYTES);
    }

    /** The fields of a form, files included. Beyond: 413. Default: 1,000. */
    public ServerLimits fields(int value) {
        return with(Limit.FIELDS, value);
    }

    public int fields() {
        return number(Limit.FIELDS);
    }

    /** The entries of a list in a request. Beyond: 422. Default: 10,000. */
    public ServerLimits listEntries(int value) {
        return with(Limit.LIST_ENTRIES, value);
    }

    public int listEntries() {
        return number(Limit.LIST_ENTRIES);
    }

    /** The length of the message of a run, without attachments. Beyond: 422. Default: 4,194,304. */
    public ServerLimits messageCharacters(int value) {
        return with(Limit.MESSAGE_CHARACTERS, value);
    }

    public int messageCharacters() {
        return number(Limit.MESSAGE_CHARACTERS);
    }

    /** The length of the reason of a cancel request. Beyond: 422. Default: 1,000. */
    public ServerLimits reasonCharacters(int value) {
        return with(Limit.REASON_CHARACTERS, value);
    }

    public int reasonCharacters() {
        return number(Limit.REASON_CHARACTERS);
    }

    // ---- responses and runs

    /**
     * The size of a page of a list of runs, in bytes. A page ends before the entry that would exceed it, but has at least
     * one. Default: 8 MiB.
     */
    public ServerLimits pageBytes(int value) {
        return with(Limit.PAGE_BYTES, value);
    }

    public int pageBytes() {
        return number(Limit.PAGE_BYTES);
    }

    /**
     * The approximate memory of the ended background runs whose events clients may resume, with their inputs, messages
     * and events. The runs that ended first are removed first; their events are read from the store. Default: 64 MiB.
     */
    public ServerLimits keptRunBytes(int value) {
        return with(Limit.KEPT_RUN_BYTES, value);
    }

    public int keptRunBytes() {
        return number(Limit.KEPT_RUN_BYTES);
    }

    /** Open event streams, of responses and WebSockets together. Beyond: 503. Default: 5,000. */
    public ServerLimits streams(int value) {
        return with(Limit.STREAMS, value);
    }

    public int streams() {
        return number(Limit.STREAMS);
    }

    /** Runs that one WebSocket follows at once. Beyond: the error says so. Default: 32. */
    public ServerLimits streamsPerConnection(int value) {
        return with(Limit.STREAMS_PER_CONNECTION, value);
    }

    public int streamsPerConnection() {
        return number(Limit.STREAMS_PER_CONNECTION);
    }

    /** Background runs executing at once in this process; further ones are queued. Default: 32. */
    public ServerLimits backgroundRuns(int value) {
        return with(Limit.BACKGROUND_RUNS, value);
    }

    public int backgroundRuns() {
        return number(Limit.BACKGROUND_RUNS);
    }

    /** Background runs waiting to execute; may be 0. Beyond: 429. Default: 1,000. */
    public ServerLimits queuedRuns(int value) {
        return with(Limit.QUEUED_RUNS, value);
    }

    public int queuedRuns() {
        return number(Limit.QUEUED_RUNS);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ServerLimits limits
                && Arrays.stream(Limit.values()).allMatch(each -> value(each) == limits.value(each));
    }

    @Override
    public int hashCode() {
        return Arrays.stream(Limit.values()).map(this::value).toList().hashCode();
    }

    @Override
    public String toString() {
        return Arrays.stream(Limit.values())
                .map(each -> each.method() + "=" + value(each))
                .collect(Collectors.joining(", ", "ServerLimits[", "]"));
    }
}
