package dev.rein.os.internal.route;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The values of a request, validated against the parameters of its route. All errors are collected and reported
 * together in the form that AgentOS clients expect: {@code {type, loc, msg, input}}. Not thread-safe.
 */
public final class RequestValues {
    private static final Set<String> TRUE = Set.of("true", "1", "on", "yes", "y", "t");
    private static final Set<String> FALSE = Set.of("false", "0", "off", "no", "n", "f");
    private static final int MAX_DEPTH = 100;

    /** Values, names and brackets of a JSON document: each takes much more memory than it has characters. */
    private static final int MAX_TOKENS = 250_000;

    /** The errors that are reported at most. */
    private static final int MAX_ERRORS = 100;

    private static final Pattern INTEGER = Pattern.compile("[+-]?\\d{1,4300}");

    /** The JSON Schema pattern of texts without NUL characters. */
    public static final String PLAIN = "^[^\\u0000]*$";

    /** How many characters of a value an error repeats. */
    private static final int MAX_ECHOED = 100;

    public static final ObjectMapper JSON = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxTokenCount(MAX_TOKENS)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final int maxEntries;
    private final Map<String, Object> values = new LinkedHashMap<>();
    private final List<ObjectNode> errors = new ArrayList<>();

    /** @param maxEntries how many entries a list may have */
    RequestValues(int maxEntries) {
        this.maxEntries = maxEntries;
    }

    /** Checks the parameters of a path. */
    void path(List<Param> params, Map<String, String> given) {
        for (var param : params) {
            text(param, given.getOrDefault(param.name(), ""));
        }
    }

    /** Reads the values of a query or a form. */
    void texts(List<Param> params, Map<String, List<String>> given) {
        for (var param : params) {
            var all = given.getOrDefault(param.name(), List.of());
            if (all.isEmpty() || isEmptyForm(param, all)) {
                missing(param);
            } else if (param.repeated()) {
                repeated(param, all);
            } else {
                text(param, all.getLast());
            }
        }
    }

    private void repeated(Param param, List<String> all) {
        if (all.size() > maxEntries) {
            tooManyEntries(param, all.size());
            return;
        }
        values.put(param.name(), List.copyOf(all));
        all.stream().filter(each -> isTooLong(param, each)).findFirst().ifPresent(each -> tooLong(param, each));
        all.stream().filter(each -> !matches(param, each)).findFirst().ifPresent(each -> doesNotMatch(param, each));
    }

    private void tooManyEntries(Param param, int count) {
        error(
                        param,
                        "too_long",
                        "List should have at most " + maxEntries + " items after validation, not " + count,
                        JsonNodeFactory.instance.nullNode())
                .putObject("ctx")
                .put("field_type", "List")
                .put("max_length", maxEntries)
                .put("actual_length", count);
    }

    /** An empty form field counts as missing, except for text parameters. */
    private static boolean isEmptyForm(Param param, List<String> all) {
        return param.place() == Param.Place.FORM && all.getLast().isEmpty() && param.type() != Param.Type.STRING;
    }

    private void text(Param param, String given) {
        var text = param.type() == Param.Type.NAME
                ? given.strip().toLowerCase(Locale.ROOT).replace('-', '_')
                : given;
        switch (param.type()) {
            case INTEGER -> {
                var trimmed = text.strip();
                if (INTEGER.matcher(trimmed).matches()) {
                    number(param, nearest(new BigInteger(trimmed)), JsonNodeFactory.instance.textNode(text));
                } else {
                    error(
                            param,
                            "int_parsing",
                            "Input should be a valid integer, unable to parse string as an integer",
                            text);
                }
            }
            case BOOLEAN -> {
                var lower = text.strip().toLowerCase(Locale.ROOT);
                if (TRUE.contains(lower) || FALSE.contains(lower)) {
                    values.put(param.name(), TRUE.contains(lower));
                } else {
                    error(param, "bool_parsing", "Input should be a valid boolean, unable to interpret input", text);
                }
            }
            default -> {
                if (isTooLong(param, text)) {
                    tooLong(param, text);
                } else if (!matches(param, text)) {
                    doesNotMatch(param, text);
                } else if (param.type() == Param.Type.DATE && text.isEmpty()) {
                    var message = "Input should be a valid date or datetime, input is too short";
                    error(param, "date_from_datetime_parsing", message, text);
                } else if (param.choices().isEmpty() || param.choices().contains(text)) {
                    values.put(param.name(), text);
                } else {
                    notAChoice(param, JsonNodeFactory.instance.textNode(given));
                }
            }
        }
    }

    /** Clamps to the range of {@code long}, which is wider than that of any bound. */
    private static long nearest(BigInteger number) {
        return number.bitLength() < Long.SIZE
                ? number.longValue()
                : number.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    private void number(Param param, long number, JsonNode input) {
        var min = param.min();
        var max = param.max();
        if (min != null && number < min) {
            error(param, "greater_than_equal", "Input should be greater than or equal to " + min, input)
                    .putObject("ctx")
                    .put("ge", min);
        } else if (max != null && number > max) {
            error(param, "less_than_equal", "Input should be less than or equal to " + max, input)
                    .putObject("ctx")
                    .put("le", max);
        } else {
            values.put(param.name(), number);
        }
    }

    private static boolean isTooLong(Param param, String text) {
        var longest = param.longest();
        return longest != null && text.length() > longest;
    }

    private void tooLong(Param param, String text) {
        error(param, "string_too_long", "String should have at most " + param.longest() + " characters", text)
                .putObject("ctx")
                .put("max_length", param.longest());
    }

    private static boolean matches(Param param, String text) {
        return param.type() == Param.Type.ID ? Ids.isPrintable(text) : param.pattern() == null || text.indexOf(0) < 0;
    }

    private void doesNotMatch(Param param, String text) {
        var rule = "String should match pattern '" + param.pattern() + "'";
        error(param, "string_pattern_mismatch", param.type() == Param.Type.ID ? rule + ": " + Ids.RULE : rule, text)
                .putObject("ctx")
                .put("pattern", param.pattern());
    }

    private void notAChoice(Param param, JsonNode input) {
        var expected = expected(param.choices());
        error(param, "enum", "Input should be " + expected, input)
                .putObject("ctx")
                .put("expected", expected);
    }

    private static String expected(List<String> choices) {
        var quoted = choices.stream().map(each -> "'" + each + "'").toList();
        return quoted.size() == 1
                ? quoted.getFirst()
                : String.join(", ", quoted.subList(0, quoted.size() - 1)) + " or " + quoted.getLast();
    }

    /** Reads the values of a JSON body. */
    void json(List<Param> params, String body) {
        if (body.isBlank()) {
            if (params.stream().anyMatch(Param::required)) {
                errors.add(entry("missing", "Field required", List.of("body"), JsonNodeFactory.instance.nullNode()));
            }
            params.forEach(this::defaultValue);
            return;
        }
        JsonNode tree;
        try {
            tree = JSON.readTree(body);
        } catch (JsonProcessingException e) {
            var at = e.getLocation() == null ? 0 : e.getLocation().getCharOffset();
            var entry = entry("json_invalid", "JSON decode error", List.of("body", at), JSON.createObjectNode());
            entry.putObject("ctx").put("error", e.getOriginalMessage());
            errors.add(entry);
            return;
        }
        if (!tree.isObject()) {
            errors.add(entry(
                    "model_attributes_type",
                    "Input should be a valid dictionary or object to extract fields from",
                    List.of("body"),
                    tree));
            return;
        }
        for (var param : params) {
            var value = tree.get(param.name());
            if (value == null || (value.isNull() && !param.required())) {
                missing(param);
            } else {
                json(param, value);
            }
        }
    }

    private void json(Param param, JsonNode value) {
        if (param.repeated()) {
            list(param, value);
            return;
        }
        switch (param.type()) {
            case INTEGER -> {
                if (value.isIntegralNumber()) {
                    number(param, nearest(value.bigIntegerValue()), value);
                } else if (value.isNumber() && value.doubleValue() == Math.rint(value.doubleValue())) {
                    number(param, (long) value.doubleValue(), value);
                } else if (value.isTextual()) {
                    text(param, value.textValue());
                } else {
                    error(param, "int_type", "Input should be a valid integer", value);
                }
            }
            case BOOLEAN -> {
                if (value.isBoolean()) {
                    values.put(param.name(), value.booleanValue());
                } else if (value.isTextual()) {
                    text(param, value.textValue());
                } else {
                    error(param, "bool_type", "Input should be a valid boolean", value);
                }
            }
            case OBJECT -> {
                if (value.isObject()) {
                    values.put(param.name(), value);
                } else {
                    error(param, "dict_type", "Input should be a valid dictionary", value);
                }
            }
            case ARRAY -> list(param, value);
            default -> {
                if (value.isTextual()) {
                    text(param, value.textValue());
                } else {
                    error(param, "string_type", "Input should be a valid string", value);
                }
            }
        }
    }

    private void list(Param param, JsonNode value) {
        if (!value.isArray()) {
            error(param, "list_type", "Input should be a valid list", value);
            return;
        }
        if (value.size() > maxEntries) {
            tooManyEntries(param, value.size());
            return;
        }
        if (param.type() == Param.Type.ARRAY) {
            values.put(param.name(), value);
            return;
        }
        if (value.isEmpty() && param.required()) {
            error(param, "too_short", "List should have at least 1 item after validation, not 0", value)
                    .putObject("ctx")
                    .put("field_type", "List")
                    .put("min_length", 1)
                    .put("actual_length", 0);
            return;
        }
        var texts = new ArrayList<String>();
        IntStream.range(0, value.size())
                .takeWhile(_ -> errors.size() < MAX_ERRORS)
                .forEach(i -> {
                    var each = value.get(i);
                    var location = List.<Object>of(param.place().location(), param.name(), i);
                    if (!each.isTextual()) {
                        errors.add(entry("string_type", "Input should be a valid string", location, each));
                    } else if (!param.choices().isEmpty() && !param.choices().contains(each.textValue())) {
                        var expected = expected(param.choices());
                        var entry = entry("enum", "Input should be " + expected, location, each);
                        entry.putObject("ctx").put("expected", expected);
                        errors.add(entry);
                    } else if (isTooLong(param, each.textValue())) {
                        tooLong(param, each.textValue());
                    } else if (!matches(param, each.textValue())) {
                        doesNotMatch(param, each.textValue());
                    } else {
                        texts.add(each.textValue());
                    }
                });
        values.put(param.name(), List.copyOf(texts));
    }

    private void missing(Param param) {
        if (param.required()) {
            error(param, "missing", "Field required", JsonNodeFactory.instance.nullNode());
        } else {
            defaultValue(param);
        }
    }

    private void defaultValue(Param param) {
        var defaultValue = param.defaultValue();
        if (defaultValue != null) {
            values.put(
                    param.name(), defaultValue instanceof Integer number ? (Object) number.longValue() : defaultValue);
        } else if (param.repeated() && param.type() == Param.Type.STRING) {
            values.put(param.name(), List.of());
        }
    }

    private ObjectNode error(Param param, String type, String message, String input) {
        return error(param, type, message, JsonNodeFactory.instance.textNode(input));
    }

    private ObjectNode error(Param param, String type, String message, JsonNode input) {
        var entry = entry(type, message, List.of(param.place().location(), param.name()), input);
        errors.add(entry);
        return entry;
    }

    private static ObjectNode entry(String type, String message, List<?> location, JsonNode input) {
        var entry = JsonNodeFactory.instance.objectNode().put("type", type);
        var loc = entry.putArray("loc");
        for (var each : location) {
            if (each instanceof Number number) {
                loc.add(number.longValue());
            } else {
                loc.add(String.valueOf(each));
            }
        }
        return entry.put("msg", message).set("input", brief(input));
    }

    /** Repeats only the start of a long value, so that the response stays small. */
    private static JsonNode brief(JsonNode input) {
        var text = input.isTextual() ? input.textValue() : input.isContainerNode() ? input.toString() : "";
        return text.length() <= MAX_ECHOED ? input : JsonNodeFactory.instance.textNode(text.substring(0, MAX_ECHOED));
    }

    /** The values by name. */
    Map<String, Object> checked() {
        if (!errors.isEmpty()) {
            throw Problem.invalid(errors);
        }
        return values;
    }

    /** The names of parameters. */
    static Set<String> names(List<Param> params) {
        return params.stream().map(Param::name).collect(Collectors.toSet());
    }

    /** The values of an object, exactly: a decimal that no double can hold is a {@link BigDecimal}. */
    public static Map<String, Object> map(JsonNode object) {
        return JSON.convertValue(object, new TypeReference<LinkedHashMap<String, Object>>() {}).entrySet().stream()
                .filter(entry -> entry.getValue() != null)
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> numbers(entry.getValue()), (a, _) -> a, LinkedHashMap::new));
    }

    /** Replaces decimals by doubles where that loses nothing; in place, as far as collections go. */
    @SuppressWarnings("unchecked") // Jackson's maps and lists hold any object.
    private static Object numbers(Object value) {
        switch (value) {
            case Map<?, ?> map -> ((Map<Object, @Nullable Object>) map).replaceAll((_, each) -> orNull(each));
            case List<?> list -> ((List<@Nullable Object>) list).replaceAll(RequestValues::orNull);
            case BigDecimal decimal -> {
                var number = decimal.doubleValue();
                if (Double.isFinite(number) && BigDecimal.valueOf(number).compareTo(decimal) == 0) {
                    return number;
                }
            }
            default -> {}
        }
        return value;
    }

    private static @Nullable Object orNull(@Nullable Object value) {
        return value == null ? null : numbers(value);
    }

    public static @Nullable JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            return null;
        }
    }
}
