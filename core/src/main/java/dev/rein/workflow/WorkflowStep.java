package dev.rein.workflow;

import java.util.List;

/** A step of a workflow: a single {@link Step}, or a composite of steps. */
public sealed interface WorkflowStep permits Step, Steps, Parallel, Loop, Condition, Router {

    /** The id, a UUID; the same in all runs. */
    String id();

    /** The name, unique in its workflow; {@link StepInput#output} finds results by it. */
    String name();

    /** The nested steps; empty for a {@link Step}. */
    List<WorkflowStep> parts();

    /** What the step asks people. */
    HumanReview humanReview();
}
