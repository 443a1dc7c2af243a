package dev.rein.run;

/** What a step of a workflow is. */
public enum StepKind {
    /** One step that an agent executes. */
    AGENT,
    /** One step that a team executes. */
    TEAM,
    /** One step that a workflow executes. */
    WORKFLOW,
    /** One step that a function executes. */
    FUNCTION,
    /** One step that is executed elsewhere, and its result given back. */
    EXTERNAL,
    STEPS,
    PARALLEL,
    LOOP,
    CONDITION,
    ROUTER;

    /** Whether it is one step, and not made of others. */
    public boolean isLeaf() {
        return switch (this) {
            case AGENT, TEAM, WORKFLOW, FUNCTION, EXTERNAL -> true;
            case STEPS, PARALLEL, LOOP, CONDITION, ROUTER -> false;
        };
    }
}
