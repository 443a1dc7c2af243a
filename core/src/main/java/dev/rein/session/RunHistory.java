package dev.rein.session;

import dev.rein.model.Usage;
import dev.rein.run.ComponentKind;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The history of runs, for statistics. A {@link SessionStore} may implement it, too. Implementations are thread-safe and may
 * block.
 */
public interface RunHistory {

    /**
     * Passes each root run of a period to a reader, in the order of their start, without the copies in forked sessions. The reader is called by one thread and
     * must not block.
     *
     * @param from the start of the period, inclusive; runs belong to it by the time at which they were accepted
     * @param until the end of the period, exclusive
     * @param userId only runs of this user; null for any
     */
    void forEachRun(Instant from, Instant until, @Nullable String userId, Consumer<Entry> reader);

    /**
     * The statistics of a run.
     *
     * @param source the kind of the component
     * @param componentId the id of the component
     * @param sessionId the id of the session; null for none
     * @param userId the id of the user; null when unknown
     * @param usage the tokens of the run and the runs below it; {@link Usage#NONE} until it ends
     * @param createdAt when the run was accepted
     */
    record Entry(
            ComponentKind source,
            String componentId,
            @Nullable String sessionId,
            @Nullable String userId,
            Usage usage,
            Instant createdAt) {

        public static Entry of(StoredRun run) {
            var metrics = run.metrics();
            return new Entry(
                    run.source(),
                    run.componentId(),
                    run.sessionId(),
                    run.userId(),
                    metrics == null ? Usage.NONE : metrics.totalUsage(),
                    run.createdAt());
        }
    }
}
