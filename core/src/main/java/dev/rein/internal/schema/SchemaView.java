package dev.rein.internal.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads the keywords of a JSON schema that say which values are allowed. Keywords that it does not know allow everything. References are
 * followed within the schema.
 *
 * @param root the schema that references refer to
 * @param node the schema, not a reference
 */
record SchemaView(JsonNode root, JsonNode node) {
    private static final int MAX_REFERENCES = 20;

    static SchemaView of(JsonNode schema) {
        return new SchemaView(schema, schema).at(schema);
    }

    SchemaView at(JsonNode schema) {
        var resolved = schema;
        for (int i = 0; i < MAX_REFERENCES && resolved.path("$ref").isTextual(); i++) {
            var reference = resolved.get("$ref").textValue();
            resolved = reference.startsWith("#/")
                    ? root.at(reference.substring(1))
                    : reference.equals("#") ? root : MissingNode.getInstance();
        }
        return new SchemaView(root, resolved);
    }

    SchemaView property(String name) {
        var property = node.path("properties").path(name);
        return at(property.isMissingNode() ? node.path("additionalProperties") : property);
    }

    SchemaView items() {
        return at(node.path("items"));
    }

    /** The alternatives of this schema, of which one must match; empty if it has none. */
    List<SchemaView> alternatives() {
        var alternatives = new ArrayList<SchemaView>();
        for (var keyword : List.of("anyOf", "oneOf")) {
            node.path(keyword).forEach(each -> alternatives.add(at(each)));
        }
        return alternatives;
    }

    /** The names of the allowed types; empty if all are allowed. */
    Set<String> types() {
        var type = node.path("type");
        return type.isTextual()
                ? Set.of(type.textValue())
                : Set.copyOf(type.valueStream().map(JsonNode::asText).toList());
    }

    boolean isRequired(String name) {
        return node.path("required")
                .valueStream()
                .anyMatch(each -> each.asText().equals(name));
    }

    boolean hasProperties() {
        return !node.path("properties").isEmpty();
    }

    boolean isClosed() {
        var additional = node.path("additionalProperties");
        return additional.isBoolean() && !additional.booleanValue();
    }
}
