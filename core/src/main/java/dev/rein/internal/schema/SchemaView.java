package dev.rein.internal.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the keywords of a JSON schema that say which values are allowed. Keywords that it does not know, or that have the wrong type, allow
 * everything. References are followed within the schema.
 *
 * @param root the schema that references refer to
 * @param node the schema, not a reference; missing if everything is allowed
 */
record SchemaView(JsonNode root, JsonNode node) {
    private static final int MAX_REFERENCES = 20;

    /** Keywords beside a reference that say nothing about values. */
    private static final Set<String> NOTES =
            Set.of("$ref", "title", "description", "default", "examples", "example", "deprecated", "$comment");

    static SchemaView of(JsonNode schema) {
        return new SchemaView(schema, schema).at(schema);
    }

    SchemaView at(JsonNode schema) {
        var resolved = schema;
        for (int i = 0; i < MAX_REFERENCES && resolved.path("$ref").isTextual(); i++) {
            if (resolved.propertyStream().map(Map.Entry::getKey).anyMatch(key -> !NOTES.contains(key))) {
                return new SchemaView(root, withReferenceBeside((ObjectNode) resolved));
            }
            resolved = target(resolved.get("$ref").textValue());
        }
        return new SchemaView(root, resolved.path("$ref").isTextual() ? MissingNode.getInstance() : resolved);
    }

    private JsonNode target(String reference) {
        try {
            return reference.startsWith("#/")
                    ? root.at(reference.substring(1))
                    : reference.equals("#") ? root : MissingNode.getInstance();
        } catch (IllegalArgumentException e) {
            return MissingNode.getInstance();
        }
    }

    /** A schema with keywords beside its reference, where both hold. */
    private static JsonNode withReferenceBeside(ObjectNode schema) {
        var both = schema.objectNode();
        both.setAll(schema);
        both.remove("$ref");
        var all = both.arrayNode();
        all.addObject().set("$ref", schema.get("$ref"));
        if (schema.path("allOf").isArray()) {
            schema.get("allOf").forEach(all::add);
        }
        return both.set("allOf", all);
    }

    /** Whether this schema says anything: otherwise it allows everything. */
    boolean isObject() {
        return node.isObject();
    }

    /** Whether no value is allowed. */
    boolean allowsNothing() {
        return node.isBoolean() && !node.booleanValue();
    }

    /** The schemas of a property: by its name, by the patterns that its name matches, or that of all others. */
    List<SchemaView> property(String name) {
        var schemas = new ArrayList<SchemaView>();
        if (node.path("properties").has(name)) {
            schemas.add(at(node.get("properties").get(name)));
        }
        if (node.path("patternProperties").isObject()) {
            node.get("patternProperties").propertyStream().forEach(each -> {
                if (NamePattern.matches(each.getKey(), name)) {
                    schemas.add(at(each.getValue()));
                }
            });
        }
        if (schemas.isEmpty() && !node.path("additionalProperties").isMissingNode()) {
            schemas.add(at(node.get("additionalProperties")));
        }
        return schemas;
    }

    /** Whether a property may not be there. */
    boolean isUnknown(String name) {
        return isClosed() && property(name).stream().allMatch(SchemaView::allowsNothing);
    }

    /** The schema of an element of a list. */
    SchemaView item(int index) {
        var items = node.path("items");
        var first = items.isArray() ? items : node.path("prefixItems");
        if (first.isArray() && index < first.size()) {
            return at(first.get(index));
        }
        return at(items.isArray() ? node.path("additionalItems") : items);
    }

    /** The schemas that all hold beside this one. */
    List<SchemaView> all() {
        return list("allOf");
    }

    /** Alternatives of which one must match, for each keyword that has some. */
    List<List<SchemaView>> alternatives() {
        var alternatives = new ArrayList<List<SchemaView>>();
        for (var keyword : List.of("anyOf", "oneOf")) {
            var views = list(keyword);
            if (!views.isEmpty()) {
                alternatives.add(views);
            }
        }
        return alternatives;
    }

    private List<SchemaView> list(String keyword) {
        return node.path(keyword).isArray()
                ? node.get(keyword).valueStream().map(this::at).toList()
                : List.of();
    }

    /** The names of the allowed types; empty if all are allowed. */
    Set<String> types() {
        var type = node.path("type");
        var types = new HashSet<String>();
        if (type.isTextual()) {
            types.add(type.textValue());
        } else if (type.isArray()) {
            type.forEach(each -> types.add(each.asText()));
        }
        if (!types.isEmpty() && isNullable()) {
            types.add("null");
        }
        return types;
    }

    /** Whether null is allowed whatever else is said, by the keyword of OpenAPI. */
    boolean isNullable() {
        return node.path("nullable").asBoolean();
    }

    /** The only values that are allowed; empty if there are others. */
    List<JsonNode> constants() {
        var constants = new ArrayList<JsonNode>();
        if (node.path("enum").isArray()) {
            node.get("enum").forEach(constants::add);
        }
        if (node.has("const")) {
            constants.add(node.get("const"));
        }
        return constants;
    }

    boolean isRequired(String name) {
        return node.path("required").isArray()
                && node.get("required")
                        .valueStream()
                        .anyMatch(each -> each.asText().equals(name));
    }

    boolean hasProperties() {
        return !node.path("properties").isEmpty()
                || !node.path("patternProperties").isEmpty();
    }

    boolean isClosed() {
        var additional = node.path("additionalProperties");
        return additional.isBoolean() && !additional.booleanValue();
    }
}
