package dev.rein.os.internal.system;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.os.internal.wire.WireJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The JSON schemas of responses by name, read from the compact notation in {@code schemas.txt}. Immutable. */
final class Schemas {
    private static final String REFERENCE = "#/components/schemas/";

    private final Map<String, String> lines = new LinkedHashMap<>();

    Schemas() {
        for (var line : text().replace("\n ", " ").lines().toList()) {
            if (!line.isBlank() && !line.startsWith("#")) {
                var end = Math.min(index(line, ':'), index(line, '='));
                lines.put(line.substring(0, end).strip(), line.substring(end));
            }
        }
    }

    private static int index(String line, char end) {
        var at = line.indexOf(end);
        return at < 0 ? Integer.MAX_VALUE : at;
    }

    private static String text() {
        try (var in = Objects.requireNonNull(Schemas.class.getResourceAsStream("schemas.txt"), "schemas.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All schemas by name. */
    ObjectNode all() {
        var all = WireJson.object();
        lines.forEach((name, line) -> {
            var rest = line.substring(1).strip();
            all.set(name, line.startsWith(":") ? object(rest) : type(rest));
        });
        return all;
    }

    /** @throws IllegalArgumentException if there is no schema of this name */
    ObjectNode reference(String name) {
        if (!lines.containsKey(name)) {
            throw new IllegalArgumentException("no schema is named \"" + name + "\": add it to schemas.txt");
        }
        return WireJson.object().put("$ref", REFERENCE + name);
    }

    private ObjectNode object(String fields) {
        var schema = WireJson.object().put("type", "object");
        var properties = WireJson.object();
        var required = WireJson.array();
        for (var field : fields.split(",")) {
            var at = field.indexOf(':');
            var name = field.substring(0, at).strip();
            if (name.endsWith("*")) {
                name = name.substring(0, name.length() - 1);
                required.add(name);
            }
            properties.set(name, type(field.substring(at + 1).strip()));
        }
        schema.set("properties", properties);
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        return schema;
    }

    private ObjectNode type(String type) {
        var isNullable = type.endsWith("?");
        var options = alternatives(isNullable ? type.substring(0, type.length() - 1) : type);
        if (isNullable) {
            options.add("null");
        }
        if (options.size() == 1) {
            return one(options.getFirst());
        }
        var schema = WireJson.object();
        var any = schema.putArray("anyOf");
        options.forEach(option -> any.add(one(option)));
        return schema;
    }

    /** Splits at bars outside of brackets. */
    private static List<String> alternatives(String type) {
        var all = new ArrayList<String>();
        var depth = 0;
        var from = 0;
        for (var i = 0; i < type.length(); i++) {
            var c = type.charAt(i);
            depth += c == '[' || c == '{' ? 1 : c == ']' || c == '}' ? -1 : 0;
            if (c == '|' && depth == 0) {
                all.add(type.substring(from, i));
                from = i + 1;
            }
        }
        all.add(type.substring(from));
        return all;
    }

    private ObjectNode one(String type) {
        if (type.startsWith("[")) {
            return WireJson.object().put("type", "array").set("items", type(type.substring(1, type.length() - 1)));
        }
        if (type.startsWith("{")) {
            var schema = WireJson.object().put("type", "string");
            var values = schema.putArray("enum");
            for (var each : type.substring(1, type.length() - 1).split("/")) {
                values.add(each);
            }
            return schema;
        }
        return switch (type) {
            case "any" -> WireJson.object();
            case "string", "integer", "number", "boolean", "object", "null" ->
                WireJson.object().put("type", type);
            default -> reference(type);
        };
    }
}
