package dev.rein.run;

import java.util.List;

/**
 * What to ask people before something is done, or in its place.
 *
 * @param kind CONFIRMATION, USER_INPUT or EXTERNAL_EXECUTION
 * @param text the question, for people
 * @param fields the names of the values that a USER_INPUT gives
 */
public record Question(Requirement.Kind kind, String text, List<String> fields) {
    public Question {
        fields = List.copyOf(fields);
        if (kind == Requirement.Kind.USER_INPUT && fields.isEmpty()) {
            throw new IllegalArgumentException("the question \"" + text + "\" asks for no field: name at least one");
        }
    }

    public static Question confirm(String text) {
        return new Question(Requirement.Kind.CONFIRMATION, text, List.of());
    }

    public static Question input(String text, String... fields) {
        return new Question(Requirement.Kind.USER_INPUT, text, List.of(fields));
    }

    public static Question execute(String text) {
        return new Question(Requirement.Kind.EXTERNAL_EXECUTION, text, List.of());
    }
}
