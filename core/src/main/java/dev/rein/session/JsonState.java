package dev.rein.session;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerationException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.TokenStreamFactory;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.TypeDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Session state and metadata as JSON, for stores: strings, numbers, booleans, lists and maps. Thread-safe.
 *
 * <p>A number is read as the smallest type that holds it exactly: {@code Integer}, {@code Long} or {@code BigInteger}, and
 * {@code Double} or {@code BigDecimal}.
 */
public final class JsonState {
    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

    private static final JsonMapper JSON = JsonMapper.builder(new JsonFactoryBuilder()
                    // Half a surrogate pair can't be written in UTF-8; its escape sequence can.
                    .highestNonEscapedChar(0xD7FF)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(Integer.MAX_VALUE)
                            .maxNumberLength(Integer.MAX_VALUE)
                            .maxNameLength(Integer.MAX_VALUE)
                            .build())
                    // Jackson writes NaN as a text, and has serializers of its own for arrays and properties.
                    .addDecorator(JsonState::finite)
                    .build())
            .addModule(exactNumbers())
            .addModule(new SimpleModule()
                    .addSerializer(Instant.class, ToStringSerializer.instance)
                    .addSerializer(Duration.class, ToStringSerializer.instance))
            .build();

    private JsonState() {}

    private static JsonGenerator finite(TokenStreamFactory factory, JsonGenerator generator) {
        return new FiniteNumbers(generator);
    }

    /** A Jackson module that reads values of unknown type as described above. */
    public static Module exactNumbers() {
        return new SimpleModule("rein-exact-numbers").addDeserializer(Object.class, new Exact());
    }

    /**
     * Writes values as JSON.
     *
     * @throws IllegalArgumentException if JSON can't represent one of the values
     */
    public static String write(Map<String, ?> values) {
        try {
            return JSON.writeValueAsString(values);
        } catch (JsonProcessingException | StackOverflowError e) {
            throw new IllegalArgumentException(
                    valueOf(keyOf(values))
                            + " can't be stored as JSON (use strings, finite numbers, booleans, lists and maps): "
                            + (e instanceof JsonProcessingException json
                                    ? json.getOriginalMessage()
                                    : "it contains itself"),
                    e);
        }
    }

    private static String valueOf(@Nullable String key) {
        return key == null ? "a value" : "the value of \"" + key + "\"";
    }

    /** The key of the first value that can't be written; null if it is not known. */
    private static @Nullable String keyOf(Map<String, ?> values) {
        for (var entry : values.entrySet()) {
            try {
                JSON.writeValueAsString(Collections.singletonMap(entry.getKey(), entry.getValue()));
            } catch (JsonProcessingException | StackOverflowError e) {
                return entry.getKey();
            }
        }
        return null;
    }

    /**
     * Reads what {@link #write} has written. A key whose value is null is as good as absent.
     *
     * @throws IllegalArgumentException if the text is not a JSON object
     */
    public static Map<String, Object> read(String json) {
        try {
            var map = JSON.readValue(json, MAP);
            map.values().removeIf(Objects::isNull);
            return map;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a JSON object: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * Returns values as they will be read after they were stored.
     *
     * @throws IllegalArgumentException if JSON can't represent one of the values
     */
    public static Map<String, Object> copy(Map<String, ?> values) {
        return values.isEmpty() ? Map.of() : read(write(values));
    }

    /** Refuses numbers that JSON does not have, wherever they are. */
    private static final class FiniteNumbers extends JsonGeneratorDelegate {
        FiniteNumbers(JsonGenerator generator) {
            super(generator);
        }

        @Override
        public void writeNumber(double value) throws IOException {
            super.writeNumber(finite(value));
        }

        @Override
        public void writeNumber(float value) throws IOException {
            finite(value);
            super.writeNumber(value);
        }

        @Override
        public void writeArray(double[] array, int offset, int length) throws IOException {
            for (var i = offset; i < offset + length; i++) {
                finite(array[i]);
            }
            super.writeArray(array, offset, length);
        }

        private double finite(double value) throws IOException {
            if (!Double.isFinite(value)) {
                throw new JsonGenerationException(value + " is not a number in JSON", this);
            }
            return value;
        }
    }

    private static final class Exact extends StdDeserializer<Object> {
        private static final long serialVersionUID = 1L;

        Exact() {
            super(Object.class);
        }

        @Override
        public @Nullable Object deserialize(JsonParser json, DeserializationContext context) throws IOException {
            return value(json);
        }

        @Override
        public @Nullable Object deserializeWithType(
                JsonParser json, DeserializationContext context, TypeDeserializer type) throws IOException {
            return value(json);
        }

        private static @Nullable Object value(JsonParser json) throws IOException {
            return switch (json.currentToken()) {
                case START_OBJECT -> map(json);
                case START_ARRAY -> list(json);
                case VALUE_NUMBER_INT -> json.getNumberValue();
                case VALUE_NUMBER_FLOAT -> decimal(json);
                case VALUE_TRUE -> true;
                case VALUE_FALSE -> false;
                case VALUE_NULL -> null;
                case VALUE_EMBEDDED_OBJECT -> json.getEmbeddedObject();
                default -> json.getText();
            };
        }

        private static Map<String, @Nullable Object> map(JsonParser json) throws IOException {
            var map = new LinkedHashMap<String, @Nullable Object>();
            for (var name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                json.nextToken();
                map.put(name, value(json));
            }
            return map;
        }

        private static List<@Nullable Object> list(JsonParser json) throws IOException {
            var list = new ArrayList<@Nullable Object>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                list.add(value(json));
            }
            return list;
        }

        /** A double if it stands for the same number. */
        private static Number decimal(JsonParser json) throws IOException {
            var exact = json.getDecimalValue();
            var nearest = exact.doubleValue();
            var isSame = Double.isFinite(nearest) && new BigDecimal(Double.toString(nearest)).compareTo(exact) == 0;
            return isSame ? nearest : exact;
        }
    }
}
