package dev.rein.internal.agent;

import dev.rein.internal.tool.Schemas;
import dev.rein.internal.tool.TypedValues;
import dev.rein.model.OutputSchema;
import org.jspecify.annotations.Nullable;

/** The requested type of an answer: its schema for the request, and the validation of the answer. */
final class TypedAnswer<T> {
    private static final int MAX_NAME_LENGTH = 64;

    private final Class<T> type;
    private final OutputSchema schema;
    private @Nullable T value;
    private String problem = "no answer was given";

    TypedAnswer(Class<T> type) {
        this.type = type;
        this.schema = new OutputSchema(name(type), Schemas.of(type));
    }

    /** A schema name that providers accept: a Java name may contain other letters, an array's name contains brackets. */
    private static String name(Class<?> type) {
        var name = type.getSimpleName().replaceAll("[^A-Za-z0-9_-]", "_");
        return name.length() <= MAX_NAME_LENGTH ? name : name.substring(0, MAX_NAME_LENGTH);
    }

    OutputSchema schema() {
        return schema;
    }

    boolean accepts(String text) {
        try {
            value = TypedValues.read(text, type);
            return true;
        } catch (IllegalArgumentException e) {
            problem = String.valueOf(e.getMessage());
            return false;
        }
    }

    @Nullable
    T value() {
        return value;
    }

    /** The message that asks the model for a valid answer. */
    String correction() {
        return "Your answer is not valid: " + problem + "\nAnswer again with nothing but JSON of this schema:\n"
                + schema.schema();
    }

    /** The error message of a run whose model gave no valid answer. */
    String failure() {
        return "the model's answer is not a valid " + type.getSimpleName() + ": " + problem;
    }
}
