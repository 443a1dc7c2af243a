package dev.rein.workflow;

import dev.rein.internal.tool.AnswerType;
import dev.rein.internal.tool.TypedValues;
import dev.rein.run.StepOutput;
import dev.rein.run.TypeRef;
import java.util.Objects;

/**
 * Reads the outputs of steps as values, for those of agents, teams and workflows that answer with a type, such as in the condition
 * that ends a {@link Loop}.
 */
public final class StepValues {
    private StepValues() {}

    /**
     * Returns the output of a successful step with a value as its content, as JSON. The same types are read and written.
     *
     * @param value the value, not null
     * @throws IllegalArgumentException if the type of the value is not supported in JSON
     */
    public static StepOutput of(Object value) {
        return StepOutput.of(TypedValues.write(Objects.requireNonNull(value, "the value of a step's output is null")));
    }

    /**
     * Reads the content of an output.
     *
     * @throws IllegalArgumentException if it is not JSON of the type, or the type is not supported in JSON; the message says why
     */
    public static <T> T read(StepOutput output, Class<T> type) {
        return read(output, TypeRef.of(type));
    }

    /** Reads the content of an output as a value of a type with type arguments; see {@link #read(StepOutput, Class)}. */
    @SuppressWarnings("unchecked") // It is read as that type.
    public static <T> T read(StepOutput output, TypeRef<T> type) {
        var known = AnswerType.of(type);
        try {
            return (T) TypedValues.read(output.content(), known);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "the output of step \"" + output.stepName() + "\" is not a valid " + known + ": " + e.getMessage()
                            + "; an agent or a team answers with a type if it was built with answersWith(..)",
                    e);
        }
    }
}
