package dev.rein.internal.run;

import dev.rein.internal.pause.ResumedRun;
import dev.rein.internal.storing.StoreWriter;
import dev.rein.run.RunInput;
import dev.rein.run.event.EventMeta;
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
 * @param kind what is particular to the runs of its kind of component
 * @param component what it was built with
 * @param input what it is given
 * @param options how this run differs
 * @param history which earlier runs of its session it needs
 * @param pieces what {@link Kernel} counts abandoned threads by: the names of its tools
 * @param started makes the run's first event; may return null for none
 * @param body what it does
 * @param answerType the type that it answers with; null for text
 * @param fit whether it can go on with a run that another process has left
 * @param resumed the run that it goes on with; null for a new one
 */
public record RunPlan(
        RunKind kind,
        ComponentSettings component,
        RunInput input,
        RunOptions options,
        StoreWriter.History history,
        List<String> pieces,
        Function<EventMeta, @Nullable RunEvent> started,
        Body body,
        @Nullable Class<?> answerType,
        Fit fit,
        @Nullable ResumedRun resumed) {

    /** For a component that has no use for earlier runs. */
    public RunPlan(
            RunKind kind,
            ComponentSettings component,
            RunInput input,
            RunOptions options,
            List<String> pieces,
            Function<EventMeta, @Nullable RunEvent> started,
            Body body) {
        this(
                kind,
                component,
                input,
                options,
                new StoreWriter.History(0, false),
                pieces,
                started,
                body,
                null,
                _ -> null,
                null);
    }

    /** The same for a run that another process has left. */
    RunPlan resuming(ResumedRun row) {
        return new RunPlan(
                kind,
                component,
                row.row().input(),
                options,
                history,
                pieces,
                kind::resumed,
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
