package dev.rein.cancel;

/** The source of a stop. All kinds of stops work alike. */
public enum CancelKind {
    /** A caller requested it. */
    USER,
    /** The parent run was cancelled or has failed. */
    PARENT,
    /** Another parallel branch of the workflow has failed. */
    SIBLING,
    /** A time limit was reached: for the run, its first token, a silent stream, the queue or a pause. */
    DEADLINE,
    /** A limit on tokens, tool calls or cost was reached. */
    BUDGET,
    /** The consumer of the run has disconnected. */
    DISCONNECT,
    /** The process shuts down. */
    SHUTDOWN,
    /** Another process has ended or adopted the run. */
    LEASE_LOST
}
