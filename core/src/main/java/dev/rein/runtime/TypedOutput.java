package dev.rein.runtime;

import dev.rein.run.RunOutput;
import org.jspecify.annotations.Nullable;

/**
 * The output of a run that answers with a value.
 *
 * @param <T> the value's type
 */
public final class TypedOutput<T> {
    private final RunOutput output;
    private final @Nullable T value;

    TypedOutput(RunOutput output, @Nullable T value) {
        this.output = output;
        this.value = value;
    }

    /** @throws IllegalStateException unless the run COMPLETED; the message says how it ended */
    public T value() {
        if (value == null) {
            var failure = output.failure();
            var cause = output.cause();
            throw new IllegalStateException("run " + output.runId() + " has no value: it ended " + output.status()
                    + (failure != null ? ", " + failure.message() : "")
                    + (cause != null ? ", " + cause.reason() : ""));
        }
        return value;
    }

    public RunOutput output() {
        return output;
    }
}
