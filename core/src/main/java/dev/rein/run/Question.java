package dev.rein.run;

import java.util.List;

/**
 * A question to people before a tool call or step is executed, or in its place. Immutable.
 *
 * @param kind CONFIRMATION, USER_INPUT or EXTERNAL_EXECUTION
 * @param text the question, for people
 * @param fields the names of the values requested by a USER_INPUT
 */
public record Question(Requirement.Kind kind, String text, List<String> fields) {
    public Question {
        fields = List.copyOf(fields);
        if (kind == Requirement.Kind.USER_INPUT && fields.isEmpty()) {
            throw new IllegalArgumentException("the question \"" + text + "\" has no fields: name at least one");
        }
    }

    /** Asks whether to execute. */
    public static Question confirm(String text) {
        return new Question(Requirement.Kind.CONFIRMATION, text, List.of());
    }

    /** Asks for values; at least one field is required. */
    public static Question input(String text, String... fields) {
        return new Question(Requirement.Kind.USER_INPUT, text, List.of(fields));
    }

    /** Asks to execute elsewhere and to provide the result. */
    public static Question execute(String text) {
        return new Question(Requirement.Kind.EXTERNAL_EXECUTION, text, List.of());
    }
}
