package dev.rein.internal.run;

import dev.rein.run.ComponentKind;
import dev.rein.run.RunInput;
import dev.rein.run.event.EventMeta;
import dev.rein.run.event.RunContinued;
import dev.rein.run.event.RunEvent;
import dev.rein.runtime.ComponentSettings;
import dev.rein.runtime.RunOptions;
import dev.rein.session.StoredRun;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How to run a component once: all that the kernel needs to know about it.
 *
 * @param source what kind of component it is
 * @param component what it was built with
 * @param input what it is given
 * @param options how this run differs
 * @param history which earlier runs of its session it needs
 * @param pieces what {@link Kernel} counts abandoned threads by: the names of its tools
 * @param started makes the run's first event; null for none
 * @param body what it does
 * @param answerType the type that it answers with; null for text
 * @param fit whether it can go on with a run that another process has left
 * @param resumed the run that it goes on with; null for a new one
 */
public record RunPlan(
        ComponentKind source,
        ComponentSettings component,
        RunInput input,
        RunOptions options,
        History history,
        List<String> pieces,
        @Nullable Function<EventMeta, RunEvent> started,
        Body body,
        @Nullable Class<?> answerType,
        Fit fit,
        @Nullable ResumedRun resumed) {

    /** For a component that has no use for earlier runs. */
    public RunPlan(
            ComponentKind source,
            ComponentSettings component,
            RunInput input,
            RunOptions options,
            List<String> pieces,
            Function<EventMeta, RunEvent> started,
            Body body) {
        this(source, component, input, options, new History(0, false), pieces, started, body, null, _ -> null, null);
    }

    /** The same for a run that another process has left. */
    RunPlan resuming(ResumedRun row) {
        return new RunPlan(
                source,
                component,
                row.row().input(),
                options,
                history,
                pieces,
                source == ComponentKind.WORKFLOW ? null : RunContinued::new,
                body,
                answerType,
                fit,
                row);
    }

    /** Whether a component is as it was where a run of it was left. */
    @FunctionalInterface
    public interface Fit {
        /** @return what does not fit; null when all does */
        @Nullable
        String misfit(ResumedRun left);
    }

    /** How to run a component again. */
    @FunctionalInterface
    public interface Again {
        /** @param row the run that it goes on with */
        RunPlan plan(StoredRun row);
    }

    /**
     * Which earlier runs of its session a run needs.
     *
     * @param runs how many, the latest
     * @param cancelled whether cancelled ones are among them; completed ones are
     */
    public record History(int runs, boolean cancelled) {}

    /** What a component does in a run, on the run's thread. */
    @FunctionalInterface
    public interface Body {
        /**
         * @return the run's value, for callers that asked for one; null for none
         * @throws Exception to end the run as ERROR; anything thrown after a stop counts as the stop
         */
        @Nullable
        Object execute(Run run) throws Exception;
    }
}
