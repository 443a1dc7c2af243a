package dev.rein.cancel;

/** Who or what stopped a run. All of them take the same path. */
public enum CancelKind {
    /** Somebody asked for it. */
    USER,
    /** The run that this one is part of was cancelled, or failed. */
    PARENT,
    /** A parallel branch failed. */
    SIBLING,
    /** A time limit was reached: of the run, of the first token, or of a silent stream. */
    DEADLINE,
    /** A limit on tokens, tool calls or cost was reached. */
    BUDGET,
    /** The consumer of the run went away. */
    DISCONNECT,
    /** The process is ending. */
    SHUTDOWN,
    /** Another process took the run over. */
    LEASE_LOST
}
