package dev.rein.internal.run;

import dev.rein.run.RunOutput;
import org.jspecify.annotations.Nullable;

/**
 * What somebody who waited for a run gets: its state when it had ended or was paused.
 *
 * @param value what the body of a COMPLETED run returned; null otherwise
 */
public record Answer(RunOutput output, @Nullable Object value) {
    static Answer of(Run run) {
        var output = run.owner().await();
        return new Answer(output, output.isCompleted() ? run.value() : null);
    }
}
