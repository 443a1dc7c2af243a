package dev.rein.internal.agent;

import dev.rein.internal.tool.AnswerType;
import dev.rein.internal.tool.TypedValues;
import dev.rein.model.OutputSchema;
import dev.rein.run.TypeRef;
import org.jspecify.annotations.Nullable;

/** The requested type of an answer: its schema for the request, and the validation of the answer. */
final class TypedAnswer {
    private final AnswerType type;
    private @Nullable Object value;
    private String problem = "no answer was given";

    TypedAnswer(TypeRef<?> type) {
        this.type = AnswerType.of(type);
    }

    OutputSchema schema() {
        return type.schema();
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

    /** Accepts an answer that was cut off only if its JSON is complete: the limit was reached behind it. */
    boolean acceptsWhole(String text) {
        var end = text.strip();
        // A number that was cut off is another number.
        if (!end.endsWith("}") && !end.endsWith("]") && !end.endsWith("\"")) {
            return false;
        }
        try {
            value = TypedValues.readWhole(text, type);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Why the latest text was not accepted. */
    String problem() {
        return problem;
    }

    String typeName() {
        return type.toString();
    }

    @Nullable
    Object value() {
        return value;
    }

    /** The message that asks the model for a valid answer. */
    String correction() {
        return "Your answer is not valid: " + problem + "\nAnswer again with nothing but JSON of this schema:\n"
                + type.schema().schema();
    }

    /** The error message of a run whose model gave no valid answer. */
    String failure() {
        return "the model's answer is not a valid " + type + ": " + problem;
    }
}
