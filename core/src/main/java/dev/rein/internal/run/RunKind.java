package dev.rein.internal.run;

import dev.rein.cancel.CancelCause;
import dev.rein.cancel.CancelMode;
import dev.rein.run.AbandonedThread;
import dev.rein.run.ComponentKind;
import dev.rein.run.Requirement;
import dev.rein.run.RunFailure;
import dev.rein.run.RunMetrics;
import dev.rein.run.StepOutput;
import dev.rein.run.StepRef;
import dev.rein.run.event.EventMeta;
import dev.rein.run.event.Origin;
import dev.rein.run.event.RunEvent;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is particular to the runs of one kind of component: the events that tell of their life, and a few rules. Stateless. */
public interface RunKind {
    ComponentKind component();

    /** Whether it is made of steps, so that AFTER_STEP may stop it between two of them. */
    boolean hasSteps();

    /** Whether its output lists those of the runs that it has started. */
    boolean collectsChildOutputs();

    RunEvent paused(EventMeta meta, List<Requirement> requirements);

    /** The event that it shows when it resumes; null for none. */
    @Nullable
    RunEvent resumed(EventMeta meta);

    /** The event that it shows when a run that executes one of its steps pauses; null for none. */
    default @Nullable RunEvent executorPaused(EventMeta meta, StepRef step, Origin executor) {
        return null;
    }

    /** The event that it shows when a run that executes one of its steps resumes; null for none. */
    default @Nullable RunEvent executorResumed(EventMeta meta, StepRef step, Origin executor) {
        return null;
    }

    RunEvent completed(EventMeta meta, Result result);

    RunEvent cancelled(EventMeta meta, Result result, Stopped stopped);

    RunEvent failed(EventMeta meta, Result result, RunFailure failure);

    /**
     * What a run has come to when it ends.
     *
     * @param text the answer, or what had been delivered
     * @param steps the results of its steps
     * @param metrics what it has used
     * @param stored whether its store has it
     */
    record Result(String text, List<StepOutput> steps, RunMetrics metrics, boolean stored) {}

    /**
     * How it was stopped.
     *
     * @param cause the first effective request
     * @param mode the strongest mode
     * @param took from the first request to the end
     * @param abandoned threads that would not stop
     */
    record Stopped(CancelCause cause, CancelMode mode, Duration took, List<AbandonedThread> abandoned) {}
}
