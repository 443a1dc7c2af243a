package dev.rein.session;

import dev.rein.run.Decision;
import dev.rein.run.Decision.Rejection;
import dev.rein.run.StepKind;
import dev.rein.run.StepOutput;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state of a step of a paused workflow, so that completed work is not repeated when the workflow is resumed.
 * Immutable. The names of the components are names in stored JSON.
 *
 * @param name the name of the step
 * @param stepId the id of the step in the process that stored it
 * @param kind the kind of the step
 * @param lap the pass through the enclosing step: the iteration of a loop, from 1; 1 in a condition that held; otherwise 0
 * @param place the position from 0 among the steps of that pass
 * @param stage the stage of the execution
 * @param output the output of a step that is ENDED, FAILED or IN_REVIEW; otherwise null
 * @param decision the decision before the start of the step; null for none so far
 * @param requirementId the id of the requirement that the step itself waits for; null for none
 * @param runId the id of the paused run that executes the step; null for none
 * @param choices the chosen names of a router; null for none so far
 * @param state the session state of a parallel branch; null for others
 * @param rejection the rejected output of the step that is made again; null for none
 * @param parts the nested steps, in the order of their start; empty if the step has ended or is IN_REVIEW
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
        @Nullable Rejection rejection,
        List<StoredStep> parts) {

    /** The stages of a step. */
    public enum Stage {
        /** The step waits for a decision before its start. */
        AWAITING_DECISION,
        /** The step has started. */
        STARTED,
        /** The step has failed and waits for a decision on how to continue. */
        FAILED,
        /** The step has an output and waits for its review. */
        IN_REVIEW,
        /** The step has ended. */
        ENDED
    }

    public StoredStep {
        choices = choices == null ? null : List.copyOf(choices);
        state = state == null ? null : Map.copyOf(state);
        parts = List.copyOf(parts);
    }
}
