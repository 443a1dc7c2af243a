package dev.rein.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A question to people before a tool call or step is executed, in its place, or during a call. Immutable.
 *
 * @param kind CONFIRMATION, USER_INPUT or EXTERNAL_EXECUTION
 * @param text the question, for people
 * @param fields the names of the values requested by a USER_INPUT
 * @param schema the JSON schema of the object with these values; null if they may have any type
 */
public record Question(
        Requirement.Kind kind,
        String text,
        List<String> fields,
        @Nullable JsonNode schema) {
    public Question {
        fields = List.copyOf(fields);
        // A stored null is read as a node.
        schema = schema == null || schema.isNull() ? null : schema;
        if (kind == Requirement.Kind.USER_INPUT && fields.isEmpty()) {
            throw new IllegalArgumentException("the question \"" + text + "\" has no fields: name at least one");
        }
    }

    /** Creates a question without a schema. */
    public Question(Requirement.Kind kind, String text, List<String> fields) {
        this(kind, text, fields, null);
    }

    /** Asks whether to execute. */
    public static Question confirm(String text) {
        return new Question(Requirement.Kind.CONFIRMATION, text, List.of());
    }

    /** Asks for values; at least one field is required. */
    public static Question input(String text, String... fields) {
        return new Question(Requirement.Kind.USER_INPUT, text, List.of(fields));
    }

    /**
     * Asks for values of given types. A decision whose values don't match the schema is refused.
     *
     * @param schema a JSON schema of type object, with at least one property; those that it requires must be given
     */
    public static Question input(String text, JsonNode schema) {
        var fields = new ArrayList<String>();
        schema.path("properties").fieldNames().forEachRemaining(fields::add);
        return new Question(Requirement.Kind.USER_INPUT, text, fields, schema.deepCopy());
    }

    /** Asks to execute elsewhere and to provide the result. */
    public static Question execute(String text) {
        return new Question(Requirement.Kind.EXTERNAL_EXECUTION, text, List.of());
    }
}
