package dev.rein.internal.run;

import dev.rein.guardrail.Guardrail;
import dev.rein.internal.pause.ResumedRun;
import dev.rein.internal.storing.StoreWriter;
import dev.rein.queue.RunQueue;
import dev.rein.run.RunInput;
import dev.rein.run.TypeRef;
import dev.rein.run.event.EventMeta;
import dev.rein.run.event.RunEvent;
import dev.rein.runtime.ComponentSettings;
import dev.rein.runtime.RunOptions;
import dev.rein.session.StoredRun;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Everything the kernel needs to execute one run of a component.
 *
 * @param kind the behaviour specific to the kind of component
 * @param component the component's settings
 * @param input the input
 * @param options the options of this run
 * @param history the earlier runs of the session that the run needs
 * @param subtasks the names of its subtasks, by which {@link Kernel} counts abandoned threads: its tools
 * @param started creates the run's first event; may return null for none
 * @param body the component's code
 * @param answerType the type of the answer; null for text
 * @param guardrails the guardrails of the component
 * @param compatibility checks whether a stored run can be resumed with this component
 * @param resumed the stored run that is resumed; null for a new run
 * @param claim the claim of a durable run that is executed; null for other runs
 */
public record RunPlan(
        RunKind kind,
        ComponentSettings component,
        RunInput input,
        RunOptions options,
        StoreWriter.History history,
        List<String> subtasks,
        Function<EventMeta, @Nullable RunEvent> started,
        Body body,
        @Nullable TypeRef<?> answerType,
        List<Guardrail> guardrails,
        Compatibility compatibility,
        @Nullable ResumedRun resumed,
        RunQueue.@Nullable Claim claim) {

    /** A plan for a component that uses no earlier runs. */
    public RunPlan(
            RunKind kind,
            ComponentSettings component,
            RunInput input,
            RunOptions options,
            List<String> subtasks,
            Function<EventMeta, @Nullable RunEvent> started,
            Body body) {
        this(
                kind,
                component,
                input,
                options,
                StoreWriter.History.NONE,
                subtasks,
                started,
                body,
                null,
                List.of(),
                _ -> null,
                null,
                null);
    }

    /** This plan for the resume of a stored run. */
    RunPlan resuming(ResumedRun run) {
        return new RunPlan(
                kind,
                component,
                run.row().input(),
                options,
                history,
                subtasks,
                kind::resumed,
                body,
                answerType,
                guardrails,
                compatibility,
                run,
                claim);
    }

    /** This plan for the execution of a durable run that this process has claimed. */
    public RunPlan claimed(RunQueue.Claim own) {
        return new RunPlan(
                kind,
                component,
                input,
                options,
                history,
                subtasks,
                started,
                body,
                answerType,
                guardrails,
                compatibility,
                resumed,
                own);
    }

    /** The row of a run that was stored before: one that is resumed, or durable; null for a new run. */
    @Nullable
    StoredRun stored() {
        return claim != null ? claim.run() : resumed != null ? resumed.row() : null;
    }

    /** The index of the first event. */
    long firstIndex() {
        return claim != null
                ? claim.nextIndex()
                : resumed != null ? resumed.pause().nextIndex() : 0;
    }

    /** Checks whether a stored run can be resumed with a component. */
    @FunctionalInterface
    public interface Compatibility {
        /** @return what is incompatible; null if nothing is */
        @Nullable
        String check(ResumedRun run);
    }

    /** Creates the plan for the resume of a stored run. */
    @FunctionalInterface
    public interface Again {
        /** @param row the stored run */
        RunPlan plan(StoredRun row);
    }

    /** A component's code for a run, executed on the run's thread. */
    @FunctionalInterface
    public interface Body {
        /**
         * @return the run's value for callers that requested one; null for none
         * @throws Exception to end the run as ERROR; anything thrown after a stop counts as the stop
         */
        @Nullable
        Object execute(Run run) throws Exception;
    }
}
