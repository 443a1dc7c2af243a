package dev.rein.team;

/** How the leader of a team works with its members. */
public enum TeamMode {
    /** It gives tasks to members of its choice, several at once if it likes, and writes the answer from theirs. */
    COORDINATE,
    /** It chooses one member, whose answer is the team's; the leader is not asked again. */
    ROUTE,
    /** It gives one task to all members at once, and writes the answer from theirs. */
    BROADCAST,
    /** It makes a list of tasks that may depend on each other, and has members work them off, round by round. */
    TASKS
}
