package dev.rein.team;

/** How the leader of a team works with its members. */
public enum TeamMode {
    /** The leader delegates to members of its choice, possibly to several at once, and answers from their results. */
    COORDINATE,
    /** The leader chooses one member, whose answer is the answer of the team. */
    ROUTE,
    /** The leader gives one task to all members at once and answers from their results. */
    BROADCAST,
    /** The leader keeps a list of tasks with dependencies, which the members execute in iterations. */
    TASKS
}
