package dev.rein.internal.tool;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The shared mapper of this package. It parses strictly, because a model can correct errors that it is told about. */
public final class ToolJson {
    /** The maximum length of parsed text, in characters. */
    static final int MAX_LENGTH = 1 << 20;

    /** The maximum nesting depth of objects and arrays. */
    static final int MAX_DEPTH = 100;

    static final JsonMapper MAPPER = mapper();

    private ToolJson() {}

    /** Describes a syntax error and its location. */
    static String describe(JsonProcessingException failure) {
        var at = failure.getLocation();
        return failure.getOriginalMessage()
                + (at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")");
    }

    /** Whether objects of a class have a text that is not only the name of the class and a number. */
    public static boolean hasText(Class<?> type) {
        try {
            return type.getMethod("toString").getDeclaringClass() != Object.class;
        } catch (NoSuchMethodException e) {
            return false;
        }
    }

    /** A new mapper of this kind. */
    public static JsonMapper mapper() {
        var factory = JsonFactory.builder()
                // The default pool is per thread, so each virtual thread would retain buffers while its run waits.
                .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .build();
        var builder = JsonMapper.builder(factory)
                .annotationIntrospector(new RequiredIntrospector())
                .addModule(module())
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS);
        for (var type : List.of(LogicalType.Textual, LogicalType.Boolean, LogicalType.Enum)) {
            builder.withCoercionConfig(type, config -> {
                for (var shape : CoercionInputShape.values()) {
                    config.setCoercion(shape, CoercionAction.Fail);
                }
            });
        }
        return builder.build();
    }

    private static SimpleModule module() {
        var module = new SimpleModule("rein-tools");
        module.addDeserializer(Optional.class, new OptionalDeserializer(null));
        module.addSerializer(Optional.class, new OptionalSerializer());
        number(module, Byte.class, byte.class, BigDecimal::byteValueExact);
        number(module, Short.class, short.class, BigDecimal::shortValueExact);
        number(module, Integer.class, int.class, BigDecimal::intValueExact);
        number(module, Long.class, long.class, BigDecimal::longValueExact);
        number(module, Float.class, float.class, number -> finite(number.floatValue()));
        number(module, Double.class, double.class, number -> finite(number.doubleValue()));
        number(module, BigInteger.class, BigInteger.class, BigDecimal::toBigIntegerExact);
        List.of(short[].class, int[].class, long[].class, float[].class, double[].class)
                .forEach(array -> array(module, array));
        TextType.ALL.forEach(type -> text(module, type));
        module.setDeserializerModifier(new RequiredFields());
        module.addSerializer(Path.class, ToStringSerializer.instance);
        return module;
    }

    private static <T> void number(
            SimpleModule module, Class<T> boxed, Class<T> primitive, NumberDeserializer.Exact<T> exact) {
        module.addDeserializer(boxed, new NumberDeserializer<>(boxed, exact));
        module.addDeserializer(primitive, new NumberDeserializer<>(primitive, exact));
    }

    private static <T extends Number> T finite(T number) {
        if (!Double.isFinite(number.doubleValue())) {
            throw new ArithmeticException("too large");
        }
        return number;
    }

    private static <A> void array(SimpleModule module, Class<A> type) {
        module.addDeserializer(type, new NumberArrayDeserializer<>(type));
    }

    private static <T> void text(SimpleModule module, TextType<T> type) {
        module.addDeserializer(type.type(), new TextDeserializer<>(type));
        module.addSerializer(type.type(), ToStringSerializer.instance);
    }
}
