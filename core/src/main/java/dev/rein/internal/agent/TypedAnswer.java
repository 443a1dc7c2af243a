package dev.rein.internal.agent;

import dev.rein.internal.tool.Schemas;
import dev.rein.internal.tool.TypedValues;
import dev.rein.model.OutputSchema;
import org.jspecify.annotations.Nullable;

/** Holds a model to a type: its schema goes with the request, and its answer is read and checked. */
final class TypedAnswer<T> {
    private static final int LONGEST_NAME = 64;

    private final Class<T> type;
    private final OutputSchema schema;
    private @Nullable T value;
    private String problem = "it was not asked yet";

    TypedAnswer(Class<T> type) {
        this.type = type;
        this.schema = new OutputSchema(name(type), Schemas.of(type));
    }

    /** As providers accept it: a Java name may have other letters, an array's has brackets. */
    private static String name(Class<?> type) {
        var name = type.getSimpleName().replaceAll("[^A-Za-z0-9_-]", "_");
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME);
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

    /** What the model is told. */
    String correction() {
        return "Your answer does not fit: " + problem + "\nAnswer again with nothing but JSON of this schema:\n"
                + schema.schema();
    }

    /** What the user is told. */
    String failure() {
        return "the model's answer is no " + type.getSimpleName() + ": " + problem;
    }
}
