package dev.rein.queue;

import dev.rein.run.ComponentKind;
import dev.rein.session.JsonState;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The place of a durable run in its store's queue, beside its row. Immutable.
 *
 * @param runId the id of the run
 * @param source the kind of its component
 * @param componentId the id of its component
 * @param priority the priority; higher ones are executed first, and of one priority the older ones
 * @param availableAt the time before which it is not executed, by the clock of the store; null for at once
 * @param attempt the number of executions that were begun so far
 * @param attempts the maximum number of executions
 * @param backoff see {@link DurableOptions#backoff}
 * @param inOrder whether it waits for the runs of its session that entered before
 * @param idempotencyKey see {@link DurableOptions#idempotencyKey}; null for none
 * @param options what the process that executes it needs of the options of the run; JSON values
 * @param isQueued whether it waits for a process
 * @param error why the last execution ended that was followed by another, or is to be; null for none
 */
public record QueuedRun(
        String runId,
        ComponentKind source,
        String componentId,
        int priority,
        @Nullable Instant availableAt,
        int attempt,
        int attempts,
        Duration backoff,
        boolean inOrder,
        @Nullable String idempotencyKey,
        Map<String, Object> options,
        boolean isQueued,
        @Nullable String error) {
    public QueuedRun {
        options = JsonState.copy(options);
    }

    /** From where it goes on when it is executed again. */
    public Checkpoints checkpoints() {
        var name = String.valueOf(options.get("checkpoints"));
        return Arrays.stream(Checkpoints.values())
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElse(Checkpoints.NONE);
    }

    /** Whether another execution may follow the current one. */
    public boolean hasAttemptsLeft() {
        return attempt < attempts;
    }

    /** The wait for the next execution, if the current one fails. */
    public Duration nextBackoff() {
        var factor = 1L << Math.clamp(attempt - 1L, 0, 30);
        return Duration.ofMillis(Math.min(DurableOptions.MAX_BACKOFF.toMillis(), backoff.toMillis() * factor));
    }
}
