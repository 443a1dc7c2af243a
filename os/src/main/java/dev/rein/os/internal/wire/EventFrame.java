package dev.rein.os.internal.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One event as clients get it. Immutable as long as its data is not changed; thread-safe. */
public final class EventFrame {
    private static final byte[] EVENT = "event: ".getBytes(StandardCharsets.UTF_8);
    static final byte[] DATA = "\ndata: ".getBytes(StandardCharsets.UTF_8);
    static final byte[] END = "\n\n".getBytes(StandardCharsets.UTF_8);

    private final String event;
    private final Supplier<ObjectNode> data;
    private final byte @Nullable [] written;

    /** @param data what it carries, its name included */
    public EventFrame(String event, ObjectNode data) {
        this(event, () -> data, null);
    }

    /**
     * A frame that was written already; its tree is made only for those who ask.
     *
     * @param written what {@link #sse()} gives
     */
    EventFrame(String event, Supplier<ObjectNode> data, byte @Nullable [] written) {
        this.event = event;
        this.data = data;
        this.written = written;
    }

    /** @param data what it carries, with its name as {@code event} */
    static EventFrame of(ObjectNode data) {
        return new EventFrame(data.path("event").asText(), data);
    }

    /** Its name. */
    public String event() {
        return event;
    }

    /** What it carries, its name included. */
    public ObjectNode data() {
        return data.get();
    }

    /** As a server-sent event: {@code event: <Name>\ndata: <JSON on one line>\n\n}. Not to be changed. */
    public byte[] sse() {
        return written != null ? written : sse(WireJson.bytes(data()));
    }

    /** The same with a space after each comma and colon: what control frames and sockets have. */
    public byte[] spacedSse() {
        return sse(WireJson.spacedBytes(data()));
    }

    /** Only its JSON, with a space after each comma and colon: what sockets have for what is told again. */
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
