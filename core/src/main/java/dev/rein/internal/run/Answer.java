package dev.rein.internal.run;

import dev.rein.run.RunOutput;
import org.jspecify.annotations.Nullable;

/**
 * A run's output, and its value.
 *
 * @param value what the body of a COMPLETED run returned; null otherwise
 */
public record Answer(RunOutput output, @Nullable Object value) {

    /** Waits on the owner's behalf until the run has ended or is paused. */
    static Answer await(Run run) {
        return of(run, run.owner().await());
    }

    /** The state of the run now. */
    public static Answer soFar(Run run) {
        return of(run, run.output());
    }

    /** @param output an output of the run */
    public static Answer of(Run run, RunOutput output) {
        return new Answer(output, output.isCompleted() ? run.value() : null);
    }
}
