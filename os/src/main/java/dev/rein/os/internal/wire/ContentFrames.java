package dev.rein.os.internal.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.run.event.Origin;
import dev.rein.run.event.RunContent;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Frames of text, by far the most frequent ones. They are written directly as bytes, from a template per origin. The
 * content equals that of {@link EventJson}; a test compares both. Not thread-safe.
 */
final class ContentFrames {
    /** A team of many members has as many origins; bounds the memory per reader. */
    private static final int MAX_ORIGINS = 16;

    private static final String TIME = "\"created_at\":";
    private static final String CONTENT = ",\"content\":";
    private static final String EMPTY = "\"\"";
    private static final byte[] NO_REASONING = EMPTY.getBytes(StandardCharsets.US_ASCII);
    private static final String INDEX = ",\"event_index\":";
    private static final String CLOSED = "}\n\n";
    private static final byte[] CLOSE = CLOSED.getBytes(StandardCharsets.US_ASCII);

    private final EventJson json;
    private final IdentityHashMap<Origin, Template> templates = new IdentityHashMap<>(2);

    /** The constant parts of an origin's frames, around time and text. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared, and the arrays do not escape.
    private record Template(String name, byte[] head, byte[] middle, byte[] tail) {}

    ContentFrames(EventJson json) {
        this.json = json;
    }

    /**
     * @param number the number of the frame
     * @param shown whether the data has it
     */
    EventFrame frame(RunContent event, long number, boolean shown) {
        var index = shown ? (Long) number : null;
        var parts = templates(event);
        var reasoning = event.reasoningContent();
        var written = joined(
                EventFrame.id(number),
                parts.head,
                bytes(Long.toString(event.meta().createdAt().getEpochSecond())),
                parts.middle,
                quoted(event.content()),
                parts.tail,
                reasoning == null ? NO_REASONING : quoted(reasoning),
                index == null ? CLOSE : bytes(INDEX + index + CLOSED));
        return new EventFrame(parts.name, () -> data(event, index), number, written);
    }

    private static byte[] joined(byte[]... parts) {
        var length = 0;
        for (var part : parts) {
            length += part.length;
        }
        var all = new byte[length];
        var at = 0;
        for (var part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    /** A text as a JSON string. Most texts need no escaping and so avoid the cost of a generator. */
    private static byte[] quoted(String text) {
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                return WireJson.bytes(WireJson.NODES.textNode(text));
            }
        }
        return bytes('"' + text + '"');
    }

    private ObjectNode data(RunContent event, @Nullable Long index) {
        return Objects.requireNonNull(json.of(event, index));
    }

    private Template templates(RunContent event) {
        var origin = event.meta().origin();
        var known = templates.get(origin);
        if (known == null) {
            if (templates.size() >= MAX_ORIGINS) {
                templates.clear();
            }
            known = made(event);
            templates.put(origin, known);
        }
        return known;
    }

    /**
     * Cuts the template out of a frame with empty text. The markers contain unescaped quotes, so they can't match
     * inside strings.
     */
    private Template made(RunContent event) {
        var time = event.meta().createdAt().getEpochSecond();
        var sample = new EventFrame(event.name(), data(new RunContent(event.meta(), "", null), null));
        var text = new String(sample.sse(), StandardCharsets.UTF_8);
        var head = text.indexOf(TIME) + TIME.length();
        var middle = head + Long.toString(time).length();
        var content = text.indexOf(CONTENT + EMPTY, middle) + CONTENT.length();
        return new Template(
                event.name(),
                bytes(text.substring(0, head)),
                bytes(text.substring(middle, content)),
                bytes(text.substring(content + EMPTY.length(), text.lastIndexOf(EMPTY))));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
