package dev.rein.internal.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads arguments that a model wrote in another form than that of the schema, if nothing is lost: numbers, booleans, lists and objects
 * within a text, whole numbers for a text, constants in another case, and an empty text or null for an optional value. Everything
 * else is unchanged. Thread-safe.
 */
public final class ArgumentReader {
    private static final int MAX_ENCODINGS = 3;
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
        var read = read(arguments, view, new Effort(arguments));
        return read instanceof ObjectNode object ? object : arguments;
    }

    private void readProperties(ObjectNode object, SchemaView schema, Effort effort) {
        for (var name : object.propertyStream().map(Map.Entry::getKey).toList()) {
            for (var property : schema.property(name)) {
                var read = read(object.get(name), property, effort);
                var absent = isAbsent(read, property, effort);
                if (absent && !schema.isRequired(name)) {
                    object.remove(name);
                    break;
                }
                var none = NullNode.getInstance();
                object.set(name, absent && SchemaCheck.matches(none, property, effort) ? none : read);
            }
        }
    }

    /** Whether a value stands for no value: null where it is not allowed, or an empty text that the type does not allow. */
    private static boolean isAbsent(JsonNode value, SchemaView schema, Effort effort) {
        if (!schema.isObject()) {
            return false;
        }
        if (value.isNull()) {
            return !SchemaCheck.matches(value, schema, effort);
        }
        if (!value.isTextual()) {
            return false;
        }
        var text = value.textValue().strip();
        var formatted = schema.node().has("format") || schema.node().has("pattern");
        return (text.isEmpty() && formatted) || (isNothing(text) && !SchemaCheck.matches(value, schema, effort));
    }

    private static boolean isNothing(String text) {
        return text.isEmpty() || text.equals("null");
    }

    private JsonNode read(JsonNode value, SchemaView schema, Effort effort) {
        if (!schema.isObject() || !effort.enter()) {
            return value;
        }
        try {
            var read = value;
            for (var each : schema.all()) {
                read = read(read, each, effort);
            }
            read = readOwn(read, schema, effort);
            for (var alternatives : schema.alternatives()) {
                read = readAlternative(read, alternatives, effort);
            }
            return read;
        } finally {
            effort.leave();
        }
    }

    private JsonNode readAlternative(JsonNode value, List<SchemaView> alternatives, Effort effort) {
        for (var alternative : alternatives) {
            if (SchemaCheck.matches(value, alternative, effort)) {
                return read(value, alternative, effort);
            }
        }
        for (var alternative : alternatives) {
            var read = read(value.deepCopy(), alternative, effort);
            if (SchemaCheck.matches(read, alternative, effort)) {
                return read;
            }
        }
        return value;
    }

    private JsonNode readOwn(JsonNode value, SchemaView schema, Effort effort) {
        if (value instanceof ObjectNode object && hasType(schema, "object")) {
            readProperties(object, schema, effort);
            return object;
        }
        if (value instanceof ArrayNode array && hasType(schema, "array")) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, read(array.get(i), schema.item(i), effort));
            }
            return array;
        }
        if (value.isFloatingPointNumber()) {
            return schema.types().contains("integer") && !schema.types().contains("number") && Numbers.isWhole(value)
                    ? Numbers.whole(value.decimalValue())
                    : value;
        }
        return isUnsaid(schema) || matchesOwn(value, schema) ? value : readScalar(value, schema, effort);
    }

    private static boolean isUnsaid(SchemaView schema) {
        return schema.types().isEmpty() && schema.constants().isEmpty();
    }

    private static boolean matchesOwn(JsonNode value, SchemaView schema) {
        var types = schema.types();
        var constants = schema.constants();
        return (types.isEmpty() || types.stream().anyMatch(type -> SchemaCheck.is(value, type)))
                && (constants.isEmpty() || constants.stream().anyMatch(each -> Numbers.isSame(each, value)));
    }

    private static boolean hasType(SchemaView schema, String type) {
        var types = schema.types();
        return types.isEmpty() || types.contains(type);
    }

    private JsonNode readScalar(JsonNode value, SchemaView schema, Effort effort) {
        if (value.isIntegralNumber() && hasType(schema, "string")) {
            var text = TextNode.valueOf(value.asText());
            return matchesOwn(text, schema) ? text : value;
        }
        if (!value.isTextual()) {
            return value;
        }
        var text = value.textValue().strip();
        var constants = schema.constants();
        if (!constants.isEmpty()) {
            var meant = constants.stream()
                    .filter(each -> isMeant(each, text) && hasType(schema, each))
                    .toList();
            return meant.size() == 1 ? meant.getFirst() : value;
        }
        for (var type : NOT_TEXT) {
            if (schema.types().contains(type)) {
                var read = read(text, type);
                if (read != null && SchemaCheck.is(read, type)) {
                    return read(read, schema, effort);
                }
            }
        }
        return value;
    }

    private static boolean hasType(SchemaView schema, JsonNode constant) {
        var types = schema.types();
        return types.isEmpty() || types.stream().anyMatch(type -> SchemaCheck.is(constant, type));
    }

    private static boolean isMeant(JsonNode constant, String text) {
        if (constant.isNumber()) {
            var number = Numbers.parse(text);
            return number != null && Numbers.isSame(constant, number);
        }
        return constant.isNull()
                ? isNothing(text)
                : constant.isValueNode() && constant.asText().equalsIgnoreCase(text);
    }

    private @Nullable JsonNode read(String text, String type) {
        return switch (type) {
            case "integer", "number" -> Numbers.parse(text);
            case "boolean" ->
                switch (text.toLowerCase(Locale.ROOT)) {
                    case "true" -> BooleanNode.TRUE;
                    case "false" -> BooleanNode.FALSE;
                    default -> null;
                };
            default -> parse(text);
        };
    }

    /** The list or object that a text is, also if it was encoded several times. */
    private @Nullable JsonNode parse(String text) {
        try {
            var node = mapper.readTree(text);
            for (int i = 1; i < MAX_ENCODINGS && node != null && node.isTextual(); i++) {
                node = mapper.readTree(node.textValue());
            }
            return node != null && node.isContainerNode() ? node : null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }
}
