package dev.rein.runtime;

import dev.rein.internal.run.Answer;
import dev.rein.run.RunFailedException;
import dev.rein.run.RunOutput;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The output of a run that returns a value. Immutable and thread-safe.
 *
 * @param <T> the type of the value
 */
public final class TypedOutput<T> {
    private final RunOutput output;
    private final @Nullable T value;

    private TypedOutput(RunOutput output, @Nullable T value) {
        this.output = output;
        this.value = value;
    }

    @SuppressWarnings("unchecked") // The run was started with the type, so that its value is of it.
    static <T> TypedOutput<T> of(Answer answer) {
        return new TypedOutput<>(answer.output(), (T) answer.value());
    }

    /**
     * Returns the value that the run answered with.
     *
     * @throws RunFailedException if the run has not completed; the message says why
     */
    public T value() {
        output.orThrow();
        return Objects.requireNonNull(value, () -> "run " + output.runId() + " has completed without a value");
    }

    /** The output of the run. */
    public RunOutput output() {
        return output;
    }
}
