package dev.rein.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import dev.rein.session.JsonState;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Converts values to the text and numbers that columns hold, and back. */
final class JsonCodec {
    private static final Logger log = LoggerFactory.getLogger(JsonCodec.class);

    private static final long NANOS = 1_000_000_000L;

    private static final JsonMapper JSON = mapper().build();

    private JsonCodec() {}

    /** The mapper for all values. */
    static JsonMapper.Builder mapper() {
        return JsonMapper.builder(new JsonFactoryBuilder()
                        // Half a surrogate pair can't be written in UTF-8; its escape sequence can.
                        .highestNonEscapedChar(0xD7FF)
                        // A stored value must be readable, whatever its size.
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxStringLength(Integer.MAX_VALUE)
                                .maxNumberLength(Integer.MAX_VALUE)
                                .maxNameLength(Integer.MAX_VALUE)
                                .build())
                        .build())
                .defaultPropertyInclusion(
                        JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                // Only the components of a record are written, and no other methods that look like getters.
                .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
                .addHandler(new UnknownValues())
                .addModule(JsonState.exactNumbers())
                .addModule(new SimpleModule()
                        .addSerializer(new Text<>(Instant.class))
                        .addDeserializer(Instant.class, new Parsed<>(Instant.class, Instant::parse))
                        .addSerializer(new Text<>(Duration.class))
                        .addDeserializer(Duration.class, new Parsed<>(Duration.class, Duration::parse)));
    }

    /** @throws IllegalArgumentException if JSON can't represent the value */
    static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "a value can't be stored as JSON (use strings, numbers, booleans, lists and maps): "
                            + e.getOriginalMessage(),
                    e);
        }
    }

    static @Nullable String jsonOrNull(@Nullable Object value) {
        return value == null ? null : json(value);
    }

    /**
     * Reads a column of a row.
     *
     * @param row the row, for the log
     * @return null if the column has no value, or if the value can't be read, which is logged
     */
    static <T> @Nullable T readIfPossible(String row, String column, @Nullable String json, TypeReference<T> type) {
        try {
            return json == null ? null : JSON.readValue(json, type);
        } catch (JsonProcessingException | RuntimeException e) {
            log.warn("column {} of {} can't be read, and is left out: {}", column, row, e.getMessage());
            return null;
        }
    }

    /** A map of session state or metadata, in which null is as good as absent. */
    static Map<String, Object> withoutNulls(@Nullable Map<String, Object> map) {
        if (map == null) {
            return Map.of();
        }
        map.values().removeIf(Objects::isNull);
        return map;
    }

    static <T> T read(String json, TypeReference<T> type) {
        try {
            return JSON.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new StoreException("a stored value can't be read: " + e.getOriginalMessage(), e);
        }
    }

    static long nanos(Instant time) {
        try {
            return Math.addExact(Math.multiplyExact(time.getEpochSecond(), NANOS), time.getNano());
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(time + " can't be stored: give a time between 1678 and 2262", e);
        }
    }

    static @Nullable Long nanosOrNull(@Nullable Instant time) {
        return time == null ? null : nanos(time);
    }

    static Instant instant(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS));
    }

    private static final class Text<T> extends StdScalarSerializer<T> {
        private static final long serialVersionUID = 1L;

        Text(Class<T> type) {
            super(type);
        }

        @Override
        public void serialize(T value, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeString(value.toString());
        }
    }

    private static final class Parsed<T> extends StdScalarDeserializer<T> {
        private static final long serialVersionUID = 1L;
        private final transient Function<String, T> parse;

        Parsed(Class<T> type, Function<String, T> parse) {
            super(type);
            this.parse = parse;
        }

        @Override
        public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return parse.apply(parser.getText());
        }
    }
}
