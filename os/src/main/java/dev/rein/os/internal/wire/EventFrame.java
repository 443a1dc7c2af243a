package dev.rein.os.internal.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An event on the wire. Immutable and thread-safe as long as its data is not modified. */
public final class EventFrame {
    private static final byte[] EVENT = "event: ".getBytes(StandardCharsets.UTF_8);
    static final byte[] DATA = "\ndata: ".getBytes(StandardCharsets.UTF_8);
    static final byte[] END = "\n\n".getBytes(StandardCharsets.UTF_8);

    private final String event;
    private final Supplier<ObjectNode> data;
    private final byte @Nullable [] written;

    /** @param data the data of the event, including its name */
    public EventFrame(String event, ObjectNode data) {
        this(event, () -> data, null);
    }

    /**
     * Creates a frame that is already serialized; its JSON tree is built on demand.
     *
     * @param written the result of {@link #sse()}
     */
    EventFrame(String event, Supplier<ObjectNode> data, byte @Nullable [] written) {
        this.event = event;
        this.data = data;
        this.written = written;
    }

    /** @param data the data of the event, with its name as {@code event} */
    static EventFrame of(ObjectNode data) {
        return new EventFrame(data.path("event").asText(), data);
    }

    /** The event's name. */
    public String event() {
        return event;
    }

    /** The event's data, including its name. */
    public ObjectNode data() {
        return data.get();
    }

    /** The frame as a server-sent event: {@code event: <Name>\ndata: <JSON on one line>\n\n}. Must not be modified. */
    public byte[] sse() {
        return written != null ? written : sse(WireJson.bytes(data()));
    }

    /** The server-sent event with a space after each comma and colon, as in control frames and on sockets. */
    public byte[] spacedSse() {
        return sse(WireJson.spacedBytes(data()));
    }

    /** The plain JSON with a space after each comma and colon, as sent to reconnected sockets. */
    public byte[] spacedJson() {
        return WireJson.spacedBytes(data());
    }

    private byte[] sse(byte[] json) {
        var name = event.getBytes(StandardCharsets.UTF_8);
        var all = new byte[EVENT.length + name.length + DATA.length + json.length + END.length];
        var at = put(EVENT, all, 0);
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
