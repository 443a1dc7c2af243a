package dev.rein.session;

import dev.rein.model.Usage;
import dev.rein.run.ComponentKind;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What has run over time, for figures. A {@link SessionStore} may be one as well. Implementations are thread-safe and may
 * block.
 */
public interface RunHistory {

    /**
     * Has {@code reader} told of each root run of a span of time, in the order of their start. It is called by any one thread,
     * and must not block.
     *
     * @param from only those accepted at this time or later
     * @param until only those accepted before this time
     * @param userId only those of this user; null for any
     */
    void forEachRun(Instant from, Instant until, @Nullable String userId, Consumer<Entry> reader);

    /**
     * A run, in figures.
     *
     * @param source what kind of component ran
     * @param componentId the component
     * @param sessionId its session; null for none
     * @param userId its user; null when unknown
     * @param usage its tokens and those of the runs below it; none until it ends
     * @param createdAt when it was accepted
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
