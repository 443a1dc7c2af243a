package dev.rein.os.internal.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An event on the wire. Immutable and thread-safe as long as its data is not modified. */
public final class EventFrame {
    private static final int NO_INDEX = -1;
    private static final byte[] EVENT = "event: ".getBytes(StandardCharsets.UTF_8);
    static final byte[] DATA = "\ndata: ".getBytes(StandardCharsets.UTF_8);
    static final byte[] END = "\n\n".getBytes(StandardCharsets.UTF_8);

    private final String event;
    private final Supplier<ObjectNode> data;
    private final long index;
    private final byte @Nullable [] written;

    /** @param data the data of the event, including its name */
    public EventFrame(String event, ObjectNode data) {
        this(event, () -> data, NO_INDEX, null);
    }

    /**
     * Creates a frame that is already serialized; its JSON tree is built on demand.
     *
     * @param index the index of the event
     * @param written the result of {@link #sse()}
     */
    EventFrame(String event, Supplier<ObjectNode> data, long index, byte @Nullable [] written) {
        this.event = event;
        this.data = data;
        this.index = index;
        this.written = written;
    }

    /**
     * @param data the data of the event, with its name as {@code event}
     * @param index the index of the event
     */
    static EventFrame of(ObjectNode data, long index) {
        return new EventFrame(data.path("event").asText(), () -> data, index, null);
    }

    /** The event's name. */
    public String event() {
        return event;
    }

    /** The index of the event; -1 if it has none. */
    public long index() {
        return index;
    }

    /** The event's data, including its name. */
    public ObjectNode data() {
        return data.get();
    }

    /**
     * The frame as a server-sent event: {@code event: <Name>\ndata: <JSON on one line>\n\n}, after the line {@code id:
     * <index>} if the event has an index. Must not be modified.
     */
    public byte[] sse() {
        return written != null ? written : sse(id(index), WireJson.bytes(data()));
    }

    /** The line from which a browser knows where to resume; empty without an index. */
    static byte[] id(long index) {
        return index < 0 ? new byte[0] : ("id: " + index + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** The server-sent event with a space after each comma and colon, as in control frames and on sockets. */
    public byte[] spacedSse() {
        return sse(id(NO_INDEX), WireJson.spacedBytes(data()));
    }

    /** The plain JSON with a space after each comma and colon, as sent to reconnected sockets. */
    public byte[] spacedJson() {
        return WireJson.spacedBytes(data());
    }

    private byte[] sse(byte[] id, byte[] json) {
        var name = event.getBytes(StandardCharsets.UTF_8);
        var all = new byte[id.length + EVENT.length + name.length + DATA.length + json.length + END.length];
        var at = put(id, all, 0);
        at = put(EVENT, all, at);
        at = put(name, all, at);
        at = put(DATA, all, at);
        at = put(json, all, at);
        put(END, all, at);
        return all;
    }

    private static int put(byte[] part, byte[] all, int at) {
        System.arraycopy(part, 0, all, at, part.length);
        return at + part.length;
    }

    @Override
    public String toString() {
        return event + " " + data();
    }
}
