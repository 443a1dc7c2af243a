package dev.rein.os;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;

/** Generates valid and invalid values for the schemas of parameters and bodies. Deterministic. */
final class SchemaValues {
    private static final JsonMapper JSON = new JsonMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final List<String> TEXTS = List.of(
            "",
            "a",
            "s1",
            " ",
            "0",
            "null",
            "a b/c?d=e&f#g%h+i;j",
            "\"'\\<>{}[]",
            "../..",
            "line\r\nline\ttab",
            "äß漢字🐉👩‍👩‍👧",
            "\u0000\u0001\u001f\u007f",
            "\u2028\u0085\uFEFF",
            "x".repeat(400));

    private final Random random;

    SchemaValues(long seed) {
        this.random = new Random(seed);
    }

    private <T> T pick(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    private static List<String> types(JsonNode schema) {
        var types = new ArrayList<String>();
        if (schema.path("type").isArray()) {
            schema.path("type").forEach(each -> types.add(each.asText()));
        } else {
            types.add(schema.path("type").asText());
        }
        return types;
    }

    /** A valid value. */
    JsonNode fitting(JsonNode schema) {
        if (schema.has("enum")) {
            return schema.path("enum").get(random.nextInt(schema.path("enum").size()));
        }
        return switch (pick(types(schema))) {
            case "integer" -> integer(schema);
            case "number" -> NODES.numberNode(random.nextDouble());
            case "boolean" -> NODES.booleanNode(random.nextBoolean());
            case "null" -> NODES.nullNode();
            case "array" -> {
                var all = NODES.arrayNode();
                for (var i = schema.path("minItems").asInt(0) + random.nextInt(3); i > 0; i--) {
                    all.add(fitting(schema.path("items")));
                }
                yield all;
            }
            case "object" -> schema.has("properties") ? object(schema) : anyObject();
            default ->
                NODES.textNode(
                        schema.path("format").asText().equals("date")
                                ? "20" + (10 + random.nextInt(90)) + "-02-28"
                                : text(schema));
        };
    }

    private String text(JsonNode schema) {
        var text = pick(TEXTS);
        while (text.length() < schema.path("minLength").asInt(0)
                || text.length() > schema.path("maxLength").asInt(Integer.MAX_VALUE)
                || !isMatched(schema, text)) {
            text = pick(TEXTS);
        }
        return text;
    }

    private static boolean isMatched(JsonNode schema, String text) {
        return !schema.has("pattern")
                || Pattern.compile(schema.path("pattern").asText())
                        .matcher(text)
                        .find();
    }

    private JsonNode integer(JsonNode schema) {
        var least = schema.path("minimum").asLong(Long.MIN_VALUE);
        var most = schema.path("maximum").asLong(Long.MAX_VALUE);
        return switch (random.nextInt(4)) {
            case 0 -> NODES.numberNode(least);
            case 1 -> NODES.numberNode(most);
            case 2 -> schema.has("maximum") ? NODES.numberNode(most) : NODES.numberNode(BigInteger.TEN.pow(25));
            default -> NODES.numberNode(Math.clamp(random.nextInt(50), least, most));
        };
    }

    private ObjectNode object(JsonNode schema) {
        var object = NODES.objectNode();
        var required = new ArrayList<String>();
        schema.path("required").forEach(each -> required.add(each.asText()));
        schema.path("properties").properties().forEach(property -> {
            if (required.contains(property.getKey()) || random.nextInt(3) == 0) {
                object.set(property.getKey(), fitting(property.getValue()));
            }
        });
        return object;
    }

    private ObjectNode anyObject() {
        var object = NODES.objectNode();
        for (var i = random.nextInt(3); i > 0; i--) {
            object.set(
                    pick(TEXTS),
                    pick(List.of(
                            NODES.textNode(pick(TEXTS)),
                            NODES.nullNode(),
                            NODES.numberNode(1.5e300),
                            NODES.arrayNode().add(1).add(true).addNull(),
                            NODES.objectNode().putNull("deep"))));
        }
        return object;
    }

    /** Invalid values, one per kind of violation. */
    List<JsonNode> misfits(JsonNode schema) {
        var types = types(schema);
        var misfits = new ArrayList<JsonNode>();
        for (var each : List.<JsonNode>of(
                NODES.nullNode(),
                NODES.booleanNode(true),
                NODES.numberNode(-7.25),
                NODES.textNode("text"),
                NODES.arrayNode().add("x").addObject().arrayNode(),
                NODES.objectNode().put("odd", 1))) {
            if (types.stream().noneMatch(type -> isOf(type, each))) {
                misfits.add(each);
            }
        }
        ranges(schema).forEach(misfits::add);
        if (schema.has("enum")) {
            misfits.add(NODES.textNode("bogus"));
        }
        if (schema.has("items")) {
            misfits(schema.path("items"))
                    .forEach(each -> misfits.add(NODES.arrayNode().add(each)));
        }
        if (schema.path("minItems").asInt(0) > 0) {
            misfits.add(NODES.arrayNode());
        }
        if (schema.has("properties")) {
            misfitObjects(schema).forEach(misfits::add);
        }
        return misfits;
    }

    private static List<JsonNode> ranges(JsonNode schema) {
        var beyond = new ArrayList<JsonNode>();
        if (schema.has("minimum")) {
            beyond.add(NODES.numberNode(schema.path("minimum").asLong() - 1));
        }
        if (schema.has("maximum")) {
            beyond.add(NODES.numberNode(schema.path("maximum").asLong() + 1));
        }
        if (schema.has("pattern")) {
            for (var text : List.of("\u0000", "..")) {
                if (!isMatched(schema, text)) {
                    beyond.add(NODES.textNode(text));
                }
            }
        }
        if (schema.has("maxLength")) {
            beyond.add(NODES.textNode("y".repeat(schema.path("maxLength").asInt() + 1)));
        }
        return beyond;
    }

    private List<ObjectNode> misfitObjects(JsonNode schema) {
        var all = new ArrayList<ObjectNode>();
        schema.path("properties").properties().forEach(property -> {
            for (var misfit : misfits(property.getValue())) {
                all.add(object(schema).set(property.getKey(), misfit));
            }
        });
        schema.path("required").forEach(name -> {
            var without = object(schema);
            without.remove(name.asText());
            all.add(without);
        });
        return all;
    }

    private static boolean isOf(String type, JsonNode value) {
        return switch (type) {
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            case "null" -> value.isNull();
            case "array" -> value.isArray();
            case "object" -> value.isObject();
            default -> value.isTextual();
        };
    }

    // ---- texts of queries and forms

    /** Values of text parameters by name; several for a list. */
    static Map<String, List<String>> texts(ObjectNode values) {
        var texts = new LinkedHashMap<String, List<String>>();
        values.properties().forEach(property -> {
            var all = new ArrayList<String>();
            if (property.getValue().isArray()) {
                property.getValue().forEach(each -> all.add(plain(each)));
            } else {
                all.add(plain(property.getValue()));
            }
            texts.put(property.getKey(), all);
        });
        return texts;
    }

    private static String plain(JsonNode value) {
        return value.isValueNode() ? value.asText() : json(value);
    }

    static String json(JsonNode value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Texts that violate a schema; none if the schema accepts any text. */
    List<String> misfitTexts(JsonNode schema) {
        var misfits = new ArrayList<String>();
        if (schema.has("enum")
                || types(schema).contains("integer")
                || types(schema).contains("boolean")) {
            misfits.add("bogus");
            misfits.add("[]");
            misfits.add("\u0000");
        }
        ranges(schema).forEach(each -> misfits.add(each.asText()));
        if (schema.has("items")) {
            misfits.addAll(misfitTexts(schema.path("items")));
        }
        if (schema.path("format").asText().equals("date")) {
            misfits.add("bogus");
        }
        return misfits;
    }
}
