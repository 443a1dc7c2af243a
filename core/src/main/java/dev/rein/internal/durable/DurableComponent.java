package dev.rein.internal.durable;

import dev.rein.internal.run.RunPlan;
import dev.rein.queue.RunQueue.Claim;
import dev.rein.run.ComponentKind;
import dev.rein.session.SessionPolicy;
import dev.rein.session.SessionStore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A component, as far as its durable runs need to know it.
 *
 * @param store where its runs are stored; null for nowhere
 * @param plan creates the plan of a claimed run
 */
public record DurableComponent(
        ComponentKind kind,
        String id,
        @Nullable SessionStore store,
        SessionPolicy policy,
        Function<Claim, RunPlan> plan) {}
