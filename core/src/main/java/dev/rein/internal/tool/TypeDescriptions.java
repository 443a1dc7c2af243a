package dev.rein.internal.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Describes the expected values of a Java type for a model, such as "a whole number". */
final class TypeDescriptions {
    private static final Set<Class<?>> WHOLE_NUMBERS =
            Set.of(byte.class, Byte.class, short.class, Short.class, int.class, Integer.class, long.class, Long.class);
    private static final Set<Class<?>> NUMBERS =
            Set.of(float.class, Float.class, double.class, Double.class, BigDecimal.class);

    private TypeDescriptions() {}

    static String of(Class<?> type, JsonNode actual) {
        var text = TextType.of(type);
        if (text != null) {
            return text.example();
        }
        if (type == BigInteger.class) {
            return "a whole number";
        }
        if (WHOLE_NUMBERS.contains(type)) {
            return "a whole number" + (actual.isNumber() ? " " + range(type) : "");
        }
        if (NUMBERS.contains(type)) {
            return "a number" + (actual.isNumber() && type != BigDecimal.class ? " up to " + largest(type) : "");
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type.isEnum()) {
            return "one of " + constants(type);
        }
        var subtypes = Subtypes.of(type);
        if (subtypes != null) {
            return "an object whose \"" + subtypes.property() + "\" is one of "
                    + subtypes.names().values().stream()
                            .map(name -> '"' + name + '"')
                            .collect(Collectors.joining(", "));
        }
        if (type.isArray() || Collection.class.isAssignableFrom(type)) {
            return "a list";
        }
        if (type.isRecord() || Beans.isBean(type)) {
            return "an object with "
                    + names(type).stream().map(name -> '"' + name + '"').collect(Collectors.joining(", "));
        }
        if (Map.class.isAssignableFrom(type) || type == ObjectNode.class) {
            return "an object";
        }
        return type == char.class || type == Character.class
                ? "one character"
                : type == Object.class ? "a value" : "a string";
    }

    /** The JSON names of a record's components, in order. */
    static List<String> names(Class<?> type) {
        var config = ToolJson.MAPPER.getDeserializationConfig();
        return config.introspect(config.constructType(type)).findProperties().stream()
                .map(BeanPropertyDefinition::getName)
                .toList();
    }

    private static String range(Class<?> type) {
        if (type == byte.class || type == Byte.class) {
            return "from " + Byte.MIN_VALUE + " to " + Byte.MAX_VALUE;
        }
        if (type == short.class || type == Short.class) {
            return "from " + Short.MIN_VALUE + " to " + Short.MAX_VALUE;
        }
        return type == int.class || type == Integer.class
                ? "from " + Integer.MIN_VALUE + " to " + Integer.MAX_VALUE
                : "from " + Long.MIN_VALUE + " to " + Long.MAX_VALUE;
    }

    private static String largest(Class<?> type) {
        return type == float.class || type == Float.class ? "" + Float.MAX_VALUE : "" + Double.MAX_VALUE;
    }

    private static String constants(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> ToolJson.MAPPER.valueToTree(constant).toString())
                .collect(Collectors.joining(", "));
    }
}
