package dev.rein.run;

/** The kinds of workflow steps. */
public enum StepKind {
    /** A single step executed by an agent. */
    AGENT,
    /** A single step executed by a team. */
    TEAM,
    /** A single step executed by another workflow. */
    WORKFLOW,
    /** A single step executed by a function. */
    FUNCTION,
    /** A single step executed elsewhere, whose result is provided by a decision. */
    EXTERNAL,
    STEPS,
    PARALLEL,
    LOOP,
    CONDITION,
    ROUTER;

    /** Whether this is a single step, not composed of others. */
    public boolean isLeaf() {
        return switch (this) {
            case AGENT, TEAM, WORKFLOW, FUNCTION, EXTERNAL -> true;
            case STEPS, PARALLEL, LOOP, CONDITION, ROUTER -> false;
        };
    }
}
