package dev.rein.os.internal.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.util.Instantiatable;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * JSON as AgentOS writes it: on one line, without characters that clients treat as line breaks. Some clients, httpx
 * among them, split lines at every Unicode line break, even inside strings.
 */
public final class WireJson {
    static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final int MAX_VALUE_DEPTH = 200;
    private static final int MAX_ANSWER_DEPTH = 100;

    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .characterEscapes(new LineBreaks())
            // Escapes everything from the surrogates on: a lone surrogate can't be encoded in UTF-8, its escape can.
            .highestNonEscapedChar(0xD7FF)
            // Not thread-local buffers, of which every waiting virtual thread would retain 16 KiB.
            .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
            .build();

    private static final JsonMapper MAPPER = JsonMapper.builder(FACTORY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    /** For values of users, which may contain themselves; the events around them are nested less than the rest. */
    private static final JsonMapper VALUES = JsonMapper.builder(new JsonFactoryBuilder()
                    .streamWriteConstraints(StreamWriteConstraints.builder()
                            .maxNestingDepth(MAX_VALUE_DEPTH)
                            .build())
                    .build())
            .build();

    /** For typed answers, which keep their digits and leave room for the frame around them. */
    private static final JsonMapper ANSWERS = JsonMapper.builder(new JsonFactoryBuilder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_ANSWER_DEPTH)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final ObjectWriter WRITER = MAPPER.writer();
    private static final ObjectWriter SPACED = MAPPER.writer(new Spaced());

    private WireJson() {}

    /** The mapper for parsing. */
    static JsonMapper mapper() {
        return MAPPER;
    }

    /** Compact UTF-8. */
    public static byte[] bytes(JsonNode node) {
        return bytes(WRITER, node);
    }

    /** UTF-8 with a space after each comma and colon, as in control frames and on sockets. */
    public static byte[] spacedBytes(JsonNode node) {
        return bytes(SPACED, node);
    }

    private static byte[] bytes(ObjectWriter writer, JsonNode node) {
        try {
            return writer.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("can't write JSON: " + e.getOriginalMessage(), e);
        }
    }

    public static ObjectNode object() {
        return NODES.objectNode();
    }

    public static ArrayNode array() {
        return NODES.arrayNode();
    }

    /** Converts any user value to JSON; falls back to its string form, or the name of its class. Never fails. */
    static JsonNode any(@Nullable Object value) {
        try {
            return VALUES.valueToTree(value);
        } catch (RuntimeException | StackOverflowError e) {
            return NODES.textNode(text(value));
        }
    }

    private static String text(@Nullable Object value) {
        try {
            return String.valueOf(value);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            // Its string form is no text, such as that of a value that contains itself.
            return "(unprintable " + (value == null ? "" : value.getClass().getName()) + ")";
        }
    }

    /** Parses the arguments of a tool call; invalid JSON is returned as text. */
    static JsonNode parsed(String json) {
        try {
            var node = MAPPER.readTree(json);
            return node == null || node.isMissingNode() ? object() : node;
        } catch (JsonProcessingException e) {
            return NODES.textNode(json);
        }
    }

    /** Parses a typed answer; null if it is no JSON, or nested too deeply to be shown as more than text. */
    static @Nullable JsonNode answer(String json) {
        try {
            return ANSWERS.readTree(json);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    /** Escapes characters that some clients treat as line breaks. Immutable. */
    private static final class LineBreaks extends CharacterEscapes {
        private static final long serialVersionUID = 1L;
        private static final char NEXT_LINE = '\u0085';
        private static final char LINE_SEPARATOR = '\u2028';
        private static final char PARAGRAPH_SEPARATOR = '\u2029';
        private static final int[] ASCII = CharacterEscapes.standardAsciiEscapesForJSON();

        @Override
        public int[] getEscapeCodesForAscii() {
            return ASCII;
        }

        @Override
        public @Nullable SerializableString getEscapeSequence(int character) {
            if (character == NEXT_LINE || character == LINE_SEPARATOR || character == PARAGRAPH_SEPARATOR) {
                return new SerializedString(String.format(Locale.ROOT, "\\u%04x", character));
            }
            return null;
        }
    }

    private static final class Spaced extends MinimalPrettyPrinter implements Instantiatable<Spaced> {
        private static final long serialVersionUID = 1L;

        @Override
        public Spaced createInstance() {
            return this;
        }

        @Override
        public void writeObjectFieldValueSeparator(JsonGenerator json) throws IOException {
            json.writeRaw(": ");
        }

        @Override
        public void writeObjectEntrySeparator(JsonGenerator json) throws IOException {
            json.writeRaw(", ");
        }

        @Override
        public void writeArrayValueSeparator(JsonGenerator json) throws IOException {
            json.writeRaw(", ");
        }
    }
}
