package dev.rein.internal.agent;

import dev.rein.internal.tool.Schemas;
import dev.rein.internal.tool.Values;
import dev.rein.model.OutputSchema;
import org.jspecify.annotations.Nullable;

/** Holds a model to a type: its schema goes with the request, and its answer is read and checked. */
final class TypedAnswer<T> {
    private final Class<T> type;
    private final OutputSchema schema;
    private @Nullable T value;
    private String problem = "it was not asked yet";

    TypedAnswer(Class<T> type) {
        this.type = type;
        this.schema = new OutputSchema(type.getSimpleName(), Schemas.of(type));
    }

    OutputSchema schema() {
        return schema;
    }

    boolean accepts(String text) {
        try {
            value = Values.read(text, type);
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
