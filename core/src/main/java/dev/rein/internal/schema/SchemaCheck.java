package dev.rein.internal.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the values that do not match a schema, and describes them so that a model can correct them. */
public final class SchemaCheck {
    private static final int MAX_VALUE_LENGTH = 200;
    private static final int MAX_PROBLEMS = 10;
    private static final int MAX_ALTERNATIVES = 16;

    private final List<String> problems = new ArrayList<>();
    private final Effort effort;

    private SchemaCheck(Effort effort) {
        this.effort = effort;
    }

    /**
     * Describes what is wrong with arguments, or another value.
     *
     * @param schema a schema; of type object for arguments
     * @return a phrase for each wrong value, which names the value and what to give; empty if there is none
     */
    public static List<String> problems(JsonNode value, JsonNode schema) {
        var check = new SchemaCheck(new Effort(value));
        check.check("", value, SchemaView.of(schema));
        return check.problems.stream().distinct().toList();
    }

    static boolean matches(JsonNode value, SchemaView schema, Effort effort) {
        var check = new SchemaCheck(effort);
        check.check("", value, schema);
        return check.problems.isEmpty();
    }

    private void check(String path, JsonNode value, SchemaView schema) {
        if (problems.size() < MAX_PROBLEMS && effort.enter()) {
            try {
                if (schema.allowsNothing()) {
                    problems.add(named(path) + " is not allowed: leave it out");
                } else if (schema.isObject() && !(value.isNull() && schema.isNullable())) {
                    checkKeywords(path, value, schema);
                }
            } finally {
                effort.leave();
            }
        }
    }

    private void checkKeywords(String path, JsonNode value, SchemaView schema) {
        for (var alternatives : schema.alternatives()) {
            if (alternatives.stream().noneMatch(each -> matches(value, each, effort))) {
                add(path, value, expected(alternatives));
                return;
            }
        }
        var types = schema.types();
        if ((!types.isEmpty() && types.stream().noneMatch(type -> is(value, type)))
                || !isConstant(value, schema.node())
                || !isInRange(value, schema.node())
                || !hasLength(value, schema.node())) {
            add(path, value, expected(schema, MAX_ALTERNATIVES));
        } else if (value.isObject()) {
            checkProperties(path, value, schema);
        } else if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                check(path + "[" + i + "]", value.get(i), schema.item(i));
            }
        }
        schema.all().forEach(each -> check(path, value, each));
    }

    private static boolean isConstant(JsonNode value, JsonNode schema) {
        return (!schema.path("enum").isArray()
                        || schema.get("enum").valueStream().anyMatch(each -> Numbers.isSame(each, value)))
                && (!schema.has("const") || Numbers.isSame(schema.get("const"), value));
    }

    private void checkProperties(String path, JsonNode value, SchemaView schema) {
        if (schema.node().path("required").isArray()) {
            schema.node().get("required").forEach(name -> {
                if (name.isTextual() && !value.has(name.textValue())) {
                    problems.add('"' + join(path, name.textValue()) + "\" is missing: give "
                            + expected(schema.property(name.textValue())));
                }
            });
        }
        value.propertyStream().forEach(property -> {
            var name = property.getKey();
            if (schema.isUnknown(name)) {
                problems.add('"' + join(path, name) + "\" is unknown: known are "
                        + names(schema.node().path("properties")));
            } else {
                schema.property(name).forEach(each -> check(join(path, name), property.getValue(), each));
            }
        });
    }

    private void add(String path, JsonNode value, String expected) {
        var text = value.toString();
        problems.add(named(path) + " is "
                + (text.length() <= MAX_VALUE_LENGTH ? text : text.substring(0, MAX_VALUE_LENGTH) + "...") + ": give "
                + expected
                + (value.isNumber() && !Numbers.isNumber(value) ? " up to " + Double.MAX_VALUE : ""));
    }

    private static String named(String path) {
        return path.isEmpty() ? "the value" : "\"" + path + "\"";
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    static boolean is(JsonNode value, String type) {
        return switch (type) {
            case "integer" -> Numbers.isWhole(value);
            case "number" -> Numbers.isNumber(value);
            case "string" -> value.isTextual();
            case "boolean" -> value.isBoolean();
            case "array" -> value.isArray();
            case "object" -> value.isObject();
            case "null" -> value.isNull();
            default -> true;
        };
    }

    private static boolean isInRange(JsonNode value, JsonNode schema) {
        if (!Numbers.isNumber(value)) {
            return true;
        }
        var number = value.decimalValue();
        var minimum = bound(schema, "minimum");
        var maximum = bound(schema, "maximum");
        var above = bound(schema, "exclusiveMinimum");
        var below = bound(schema, "exclusiveMaximum");
        return (minimum == null || number.compareTo(minimum) >= 0)
                && (maximum == null || number.compareTo(maximum) <= 0)
                && (above == null || number.compareTo(above) > 0)
                && (below == null || number.compareTo(below) < 0);
    }

    /** Whether a text has a length and form, and a list a length, that are allowed. */
    private static boolean hasLength(JsonNode value, JsonNode schema) {
        if (value.isArray()) {
            return isBetween(value.size(), schema, "minItems", "maxItems");
        }
        if (!value.isTextual()) {
            return true;
        }
        var text = value.textValue();
        var pattern = schema.path("pattern");
        return isBetween(text.codePointCount(0, text.length()), schema, "minLength", "maxLength")
                && (!pattern.isTextual() || NamePattern.matches(pattern.textValue(), text));
    }

    private static boolean isBetween(int length, JsonNode schema, String minimum, String maximum) {
        var number = BigDecimal.valueOf(length);
        var min = bound(schema, minimum);
        var max = bound(schema, maximum);
        return (min == null || number.compareTo(min) >= 0) && (max == null || number.compareTo(max) <= 0);
    }

    private static @Nullable BigDecimal bound(JsonNode schema, String keyword) {
        return Numbers.isNumber(schema.path(keyword)) ? schema.get(keyword).decimalValue() : null;
    }

    private static String expected(List<SchemaView> alternatives) {
        return alternatives.isEmpty()
                ? "a value"
                : alternatives.stream()
                        .limit(MAX_ALTERNATIVES)
                        .map(each -> expected(each, MAX_ALTERNATIVES / 2))
                        .distinct()
                        .collect(Collectors.joining(" or "));
    }

    /** @param most how many alternatives are named; fewer for each level, because a schema may contain itself */
    private static String expected(SchemaView schema, int most) {
        var allowed = schema.constants();
        if (!allowed.isEmpty()) {
            return (allowed.size() == 1 ? "" : "one of ")
                    + allowed.stream().map(JsonNode::toString).collect(Collectors.joining(", "));
        }
        var types = schema.types();
        if (!types.isEmpty()) {
            return types.stream()
                    .sorted()
                    .map(type -> expected(type, schema.node()))
                    .collect(Collectors.joining(" or "));
        }
        var more = schema.alternatives().isEmpty()
                ? schema.all()
                : schema.alternatives().getFirst();
        return more.isEmpty() || most == 0
                ? "a value"
                : more.stream()
                        .limit(most)
                        .map(each -> expected(each, most / 2))
                        .distinct()
                        .collect(Collectors.joining(" or "));
    }

    private static String expected(String type, JsonNode schema) {
        return switch (type) {
            case "integer" -> "a whole number" + range(schema);
            case "number" -> "a number" + range(schema);
            case "string" -> "a string" + length(schema, "minLength", "maxLength", "character") + pattern(schema);
            case "boolean" -> "true or false";
            case "array" -> "a list" + length(schema, "minItems", "maxItems", "element");
            case "object" ->
                "an object" + (schema.path("properties").isEmpty() ? "" : " with " + names(schema.path("properties")));
            default -> type;
        };
    }

    private static String range(JsonNode schema) {
        var minimum = schema.path("minimum");
        var maximum = schema.path("maximum");
        var above = schema.path("exclusiveMinimum");
        var below = schema.path("exclusiveMaximum");
        return (minimum.isNumber() ? " from " + minimum : "")
                + (maximum.isNumber() ? " up to " + maximum : "")
                + (above.isNumber() ? " greater than " + above : "")
                + (below.isNumber() ? " less than " + below : "");
    }

    private static String length(JsonNode schema, String minimum, String maximum, String unit) {
        var min = schema.path(minimum);
        var max = schema.path(maximum);
        return min.isNumber() || max.isNumber()
                ? " of " + (min.isNumber() ? "at least " + min : "")
                        + (min.isNumber() && max.isNumber() ? " and " : "")
                        + (max.isNumber() ? "at most " + max : "") + " " + unit + "s"
                : "";
    }

    private static String pattern(JsonNode schema) {
        var pattern = schema.path("pattern");
        return pattern.isTextual() ? " with a match of " + pattern.textValue() : "";
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
