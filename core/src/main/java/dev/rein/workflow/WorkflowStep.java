package dev.rein.workflow;

import java.util.List;

/** A part of a workflow: one {@link Step}, or several put together. */
public sealed interface WorkflowStep permits Step, Steps, Parallel, Loop, Condition, Router {

    /** A UUID, the same in all runs. */
    String id();

    /** Unique in its workflow; what {@link StepInput#output} finds its result by. */
    String name();

    /** What it is made of; empty for a {@link Step}. */
    List<WorkflowStep> parts();
}
