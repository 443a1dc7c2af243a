package dev.rein.internal.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the values that do not match a schema, and describes them so that a model can correct them. */
public final class SchemaCheck {
    private static final int MAX_VALUE_LENGTH = 200;
    private static final int MAX_PROBLEMS = 10;

    private final List<String> problems = new ArrayList<>();

    private SchemaCheck() {}

    /**
     * Describes what is wrong with arguments.
     *
     * @param schema a schema of type object
     * @return a phrase for each wrong value, which names the value and what to give; empty if there is none
     */
    public static List<String> problems(ObjectNode arguments, JsonNode schema) {
        var check = new SchemaCheck();
        check.check("", arguments, SchemaView.of(schema));
        return check.problems;
    }

    static boolean matches(JsonNode value, SchemaView schema) {
        var check = new SchemaCheck();
        check.check("", value, schema);
        return check.problems.isEmpty();
    }

    private void check(String path, JsonNode value, SchemaView schema) {
        if (problems.size() >= MAX_PROBLEMS || !schema.node().isObject()) {
            return;
        }
        var alternatives = schema.alternatives();
        if (!alternatives.isEmpty() && alternatives.stream().noneMatch(each -> matches(value, each))) {
            add(path, value, schema);
            return;
        }
        var types = schema.types();
        var allowed = schema.node().path("enum");
        var constant = schema.node().path("const");
        if ((!types.isEmpty() && types.stream().noneMatch(type -> is(value, type)))
                || (allowed.isArray() && allowed.valueStream().noneMatch(each -> isSame(each, value)))
                || (!constant.isMissingNode() && !isSame(constant, value))
                || !isInRange(value, schema.node())) {
            add(path, value, schema);
        } else if (value.isObject()) {
            checkProperties(path, value, schema);
        } else if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                check(path + "[" + i + "]", value.get(i), schema.items());
            }
        }
        schema.node().path("allOf").forEach(each -> check(path, value, schema.at(each)));
    }

    private void checkProperties(String path, JsonNode value, SchemaView schema) {
        schema.node().path("required").forEach(name -> {
            if (!value.has(name.asText())) {
                problems.add('"' + join(path, name.asText()) + "\" is missing: give "
                        + expected(schema.property(name.asText())));
            }
        });
        value.propertyStream().forEach(property -> {
            if (schema.isClosed() && !schema.node().path("properties").has(property.getKey())) {
                problems.add('"' + join(path, property.getKey()) + "\" is unknown: known are "
                        + names(schema.node().path("properties")));
            } else {
                check(join(path, property.getKey()), property.getValue(), schema.property(property.getKey()));
            }
        });
    }

    private void add(String path, JsonNode value, SchemaView schema) {
        var text = value.toString();
        problems.add((path.isEmpty() ? "the value" : "\"" + path + "\"") + " is "
                + (text.length() <= MAX_VALUE_LENGTH ? text : text.substring(0, MAX_VALUE_LENGTH) + "...") + ": give "
                + expected(schema));
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    static boolean is(JsonNode value, String type) {
        return switch (type) {
            case "integer" -> value.isNumber() && isWhole(value);
            case "number" -> value.isNumber();
            case "string" -> value.isTextual();
            case "boolean" -> value.isBoolean();
            case "array" -> value.isArray();
            case "object" -> value.isObject();
            case "null" -> value.isNull();
            default -> true;
        };
    }

    private static boolean isWhole(JsonNode number) {
        // Without expanding numbers such as 1e999999999.
        return number.isIntegralNumber()
                || number.decimalValue().signum() == 0
                || number.decimalValue().stripTrailingZeros().scale() <= 0;
    }

    private static boolean isSame(JsonNode first, JsonNode second) {
        return (first.isNumber() && second.isNumber())
                ? first.decimalValue().compareTo(second.decimalValue()) == 0
                : first.equals(second);
    }

    private static boolean isInRange(JsonNode value, JsonNode schema) {
        if (!value.isNumber()) {
            return true;
        }
        var number = value.decimalValue();
        var minimum = bound(schema, "minimum");
        var maximum = bound(schema, "maximum");
        return (minimum == null || number.compareTo(minimum) >= 0)
                && (maximum == null || number.compareTo(maximum) <= 0);
    }

    private static @Nullable BigDecimal bound(JsonNode schema, String keyword) {
        return schema.path(keyword).isNumber() ? schema.get(keyword).decimalValue() : null;
    }

    private static String expected(SchemaView schema) {
        var allowed = schema.node().path("enum");
        if (allowed.isArray()) {
            return "one of " + allowed.valueStream().map(JsonNode::toString).collect(Collectors.joining(", "));
        }
        if (schema.node().has("const")) {
            return schema.node().get("const").toString();
        }
        var alternatives = schema.alternatives();
        if (!alternatives.isEmpty()) {
            return alternatives.stream().map(SchemaCheck::expected).distinct().collect(Collectors.joining(" or "));
        }
        var types = schema.types();
        return types.isEmpty()
                ? "a value"
                : types.stream()
                        .sorted()
                        .map(type -> expected(type, schema.node()))
                        .collect(Collectors.joining(" or "));
    }

    private static String expected(String type, JsonNode schema) {
        return switch (type) {
            case "integer" -> "a whole number" + range(schema);
            case "number" -> "a number" + range(schema);
            case "string" -> "a string";
            case "boolean" -> "true or false";
            case "array" -> "a list";
            case "object" ->
                "an object" + (schema.path("properties").isEmpty() ? "" : " with " + names(schema.path("properties")));
            default -> type;
        };
    }

    private static String range(JsonNode schema) {
        var minimum = schema.path("minimum");
        var maximum = schema.path("maximum");
        return (minimum.isNumber() ? " from " + minimum : "") + (maximum.isNumber() ? " up to " + maximum : "");
    }

    private static String names(JsonNode properties) {
        return properties.isEmpty()
                ? "none"
                : properties
                        .propertyStream()
                        .map(each -> '"' + each.getKey() + '"')
                        .collect(Collectors.joining(", "));
    }
}
