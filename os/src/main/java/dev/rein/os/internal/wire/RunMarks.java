package dev.rein.os.internal.wire;

import dev.rein.run.RunData;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What AgentOS remembers of the request that started a run. It is kept in the run's metadata, so that it is stored with the run and
 * every process that shares the store knows it, under names that clients can neither set nor see. Runs below have the metadata of
 * the run at the top; the marks count for that one only.
 */
public final class RunMarks {
    /** The beginning of the names. */
    public static final String PREFIX = "rein.";

    private static final String STREAM_EVENTS = PREFIX + "stream_events";
    private static final String FOLLOWS = PREFIX + "follows";

    private static final String DURABLE = PREFIX + "durable";
    private static final String STREAM = "stream";
    private static final String KEY = "key";

    private RunMarks() {}

    /**
     * Adds the marks of a request for a durable run.
     *
     * @param stream whether the request asks for the stream of events
     * @param key the idempotency key as the client has sent it; null for none
     */
    public static Map<String, Object> addDurable(Map<String, Object> metadata, boolean stream, @Nullable String key) {
        var marked = new LinkedHashMap<>(metadata);
        marked.put(DURABLE, key == null ? Map.of(STREAM, stream) : Map.of(STREAM, stream, KEY, key));
        return marked;
    }

    /** Whether a request has started the run as a durable one. */
    public static boolean isDurable(RunData run) {
        return run.parentRunId() == null && run.metadata().get(DURABLE) instanceof Map;
    }

    /** Whether the request that has started the durable run asked for the stream of events. */
    public static boolean isStreamed(RunData run) {
        return run.metadata().get(DURABLE) instanceof Map<?, ?> marks && Boolean.TRUE.equals(marks.get(STREAM));
    }

    /** The idempotency key of the request that has started the durable run; null for none. */
    public static @Nullable String key(RunData run) {
        return run.metadata().get(DURABLE) instanceof Map<?, ?> marks && marks.get(KEY) instanceof String key
                ? key
                : null;
    }

    /**
     * Adds the marks of a request to the metadata of its run.
     *
     * @param streamEvents whether the streams of the run have all events
     * @param follows the id of the ended run that it follows up; null for none
     */
    public static Map<String, Object> add(
            Map<String, Object> metadata, boolean streamEvents, @Nullable String follows) {
        if (streamEvents && follows == null) {
            return metadata;
        }
        var marked = new LinkedHashMap<>(metadata);
        if (!streamEvents) {
            marked.put(STREAM_EVENTS, false);
        }
        if (follows != null) {
            marked.put(FOLLOWS, follows);
        }
        return marked;
    }

    /** Whether the streams of a run have all events; otherwise little more than the text. */
    static boolean streamEvents(RunData run) {
        return run.parentRunId() != null || !Boolean.FALSE.equals(run.metadata().get(STREAM_EVENTS));
    }

    /** The id of the run that a run follows up; null if it follows up none. */
    static @Nullable String follows(RunData run) {
        return run.parentRunId() == null && run.metadata().get(FOLLOWS) instanceof String id ? id : null;
    }

    /** The metadata without the marks. */
    static Map<String, Object> without(Map<String, Object> metadata) {
        return metadata.keySet().stream().noneMatch(RunMarks::isMark)
                ? metadata
                : metadata.entrySet().stream()
                        .filter(entry -> !isMark(entry.getKey()))
                        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Whether a name of the metadata is one of a mark. */
    public static boolean isMark(String name) {
        return name.startsWith(PREFIX);
    }
}
