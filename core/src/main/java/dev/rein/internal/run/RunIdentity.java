package dev.rein.internal.run;

import dev.rein.run.RunInfo;
import dev.rein.run.event.Origin;
import dev.rein.runtime.RunSelector;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who a run is: what of it never changes.
 *
 * @param origin what each of its events says of it
 * @param userId its user; null when unknown
 * @param metadata what its caller has given with it; of a run without, that of the run that it is part of
 * @param createdAt when it was accepted; of a run that another process began, when that was
 */
record RunIdentity(Origin origin, @Nullable String userId, Map<String, Object> metadata, Instant createdAt) {
    /**
     * The identity of a new run. Session and user are those of its options, or of the run that it is part of.
     *
     * @param parent the run that it is part of, and where in it; null for a root
     */
    static RunIdentity of(RunPlan plan, String id, @Nullable Context parent) {
        var options = plan.options();
        var stored = plan.stored();
        var above = parent == null ? null : parent.run();
        var outer = above == null ? null : above.origin();
        var origin = new Origin(
                plan.kind().component(),
                plan.component().id(),
                plan.component().name(),
                id,
                above == null ? null : above.id(),
                outer == null ? id : outer.rootRunId(),
                options.sessionId() == null && above != null ? above.sessionId() : options.sessionId(),
                outer == null ? 0 : outer.depth() + 1,
                parent == null ? null : parent.step());
        return new RunIdentity(
                origin,
                options.userId() == null && above != null ? above.userId() : options.userId(),
                options.metadata().isEmpty() && above != null ? above.identity().metadata() : options.metadata(),
                stored == null ? Instant.now() : stored.createdAt());
    }

    boolean isSelectedBy(RunSelector selector) {
        return selector.selects(origin.source(), origin.componentId(), origin.sessionId(), userId);
    }

    /** The same for those who observe the run. */
    RunInfo info() {
        return new RunInfo(
                origin.runId(),
                origin.rootRunId(),
                origin.parentRunId(),
                origin.source(),
                origin.componentId(),
                origin.componentName(),
                origin.sessionId(),
                userId,
                origin.step(),
                metadata,
                createdAt);
    }
}
