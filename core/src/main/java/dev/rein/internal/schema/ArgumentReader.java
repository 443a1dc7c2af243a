package dev.rein.internal.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads arguments that a model wrote in another form than that of the schema, if nothing is lost: numbers, booleans, lists and objects
 * within a text, whole numbers for a text, constants in another case, and an empty text or null for an optional value. Everything
 * else is unchanged. Thread-safe.
 */
public final class ArgumentReader {
    /** Bounded, so that no exponent leads to a number of millions of digits. */
    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d{1,60}(\\.\\d{1,60})?([eE][+-]?\\d{1,3})?");

    private static final List<String> NOT_TEXT = List.of("integer", "number", "boolean", "array", "object");

    private final ObjectMapper mapper;

    /** @param mapper parses JSON within texts, with its limits */
    public ArgumentReader(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /** The arguments in the form of the schema, as far as possible; the same object is changed and returned. */
    public ObjectNode read(ObjectNode arguments, JsonNode schema) {
        var view = SchemaView.of(schema);
        if (!view.hasProperties() && view.isClosed()) {
            // Some models write a placeholder when there is no parameter.
            arguments.removeAll();
            return arguments;
        }
        readProperties(arguments, view);
        return arguments;
    }

    private void readProperties(ObjectNode object, SchemaView schema) {
        for (var name : object.propertyStream().map(Map.Entry::getKey).toList()) {
            var property = schema.property(name);
            var read = read(object.get(name), property);
            if (isAbsent(read, property) && !schema.isRequired(name)) {
                object.remove(name);
            } else {
                object.set(name, read);
            }
        }
    }

    /** Whether a value stands for no value: null where it is not allowed, or an empty text that the type does not allow. */
    private static boolean isAbsent(JsonNode value, SchemaView schema) {
        if (!schema.node().isObject()) {
            return false;
        }
        if (value.isNull()) {
            return !SchemaCheck.matches(value, schema);
        }
        if (!value.isTextual()) {
            return false;
        }
        var text = value.textValue().strip();
        var formatted = schema.node().has("format") || schema.node().has("pattern");
        return (text.isEmpty() && formatted)
                || ((text.isEmpty() || text.equals("null")) && !SchemaCheck.matches(value, schema));
    }

    private JsonNode read(JsonNode value, SchemaView schema) {
        if (!schema.node().isObject()) {
            return value;
        }
        for (var each : schema.node().path("allOf")) {
            read(value, schema.at(each));
        }
        var alternatives = schema.alternatives();
        if (!alternatives.isEmpty() && !SchemaCheck.matches(value, schema)) {
            for (var alternative : alternatives) {
                var read = read(value.deepCopy(), alternative);
                if (SchemaCheck.matches(read, alternative)) {
                    return read;
                }
            }
            return value;
        }
        if (value instanceof ObjectNode object && hasType(schema, "object")) {
            readProperties(object, schema);
            return object;
        }
        if (value instanceof ArrayNode array && hasType(schema, "array")) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, read(array.get(i), schema.items()));
            }
            return array;
        }
        return (schema.types().isEmpty() && !schema.node().has("enum")) || SchemaCheck.matches(value, schema)
                ? value
                : readScalar(value, schema);
    }

    private static boolean hasType(SchemaView schema, String type) {
        var types = schema.types();
        return types.isEmpty() || types.contains(type);
    }

    private JsonNode readScalar(JsonNode value, SchemaView schema) {
        if (value.isIntegralNumber() && schema.types().contains("string")) {
            var text = TextNode.valueOf(value.asText());
            return SchemaCheck.matches(text, schema) ? text : value;
        }
        if (!value.isTextual()) {
            return value;
        }
        var text = value.textValue().strip();
        for (var constant : schema.node().path("enum")) {
            if (constant.isTextual() && constant.textValue().equalsIgnoreCase(text)) {
                return constant;
            }
        }
        for (var type : NOT_TEXT) {
            if (schema.types().contains(type)) {
                var read = read(text, type);
                if (read != null && SchemaCheck.is(read, type)) {
                    return read.isContainerNode() ? read(read, schema) : read;
                }
            }
        }
        return value;
    }

    private @Nullable JsonNode read(String text, String type) {
        return switch (type) {
            case "integer", "number" -> NUMBER.matcher(text).matches() ? number(new BigDecimal(text)) : null;
            case "boolean" ->
                switch (text.toLowerCase(Locale.ROOT)) {
                    case "true" -> BooleanNode.TRUE;
                    case "false" -> BooleanNode.FALSE;
                    default -> null;
                };
            default -> parse(text);
        };
    }

    private JsonNode number(BigDecimal number) {
        return number.scale() == 0
                ? mapper.getNodeFactory().numberNode(number.toBigInteger())
                : DecimalNode.valueOf(number);
    }

    private @Nullable JsonNode parse(String text) {
        try {
            var node = mapper.readTree(text);
            return node instanceof NullNode ? null : node;
        } catch (JsonProcessingException e) {
            return null;
        }
    }
}
