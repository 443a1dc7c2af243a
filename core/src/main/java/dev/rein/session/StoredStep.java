package dev.rein.session;

import dev.rein.run.Decision;
import dev.rein.run.StepKind;
import dev.rein.run.StepOutput;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a step of a paused workflow has come, so that another process need not do again what was done.
 *
 * @param name the step's name
 * @param stepId its id in the process that has left it
 * @param kind what kind of step
 * @param lap which time through the step that it is in: of a loop the iteration, from 1; of a condition 1 when it held; else 0
 * @param place its place from 0 among those that are executed in that lap
 * @param stage how far it is
 * @param output what it has come to, once it is OVER or FAILED; null until then
 * @param decision what people have decided before it began; null when they were not asked, or wait to be
 * @param requirementId what it waits for itself; null for nothing
 * @param runId the run that executes it, which waits; null for none
 * @param choices of a router the names that were chosen; null when none were yet
 * @param state of a parallel branch the session's state as it sees it; null for others
 * @param parts the steps in it, in the order of their start; empty when it is over
 */
public record StoredStep(
        String name,
        String stepId,
        StepKind kind,
        int lap,
        int place,
        Stage stage,
        @Nullable StepOutput output,
        @Nullable Decision decision,
        @Nullable String requirementId,
        @Nullable String runId,
        @Nullable List<String> choices,
        @Nullable Map<String, Object> state,
        List<StoredStep> parts) {

    /** How far a step is. */
    public enum Stage {
        /** It has not begun: people are asked first. */
        ASKS,
        /** It has begun. */
        BEGUN,
        /** It has failed, and people are asked what now. */
        FAILED,
        /** Nothing of it is left to be done. */
        OVER
    }

    public StoredStep {
        choices = choices == null ? null : List.copyOf(choices);
        state = state == null ? null : Map.copyOf(state);
        parts = List.copyOf(parts);
    }
}
