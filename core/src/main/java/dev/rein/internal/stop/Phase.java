package dev.rein.internal.stop;

import dev.rein.cancel.CancelMode;

/** What a scope is in the middle of: it decides what a graceful stop lets finish. */
public enum Phase {
    /** Nothing that a graceful stop lets finish: not begun, in a hook before the work, in a back-off, in a queue. */
    WAITING,
    /** A model's response is being streamed. */
    MODEL,
    /** A batch of tools is running. */
    TOOLS,
    /** A step of a workflow is running. */
    STEP,
    /** The answer is there; nothing that could be left out remains. */
    FINISHING;

    /** Whether entering it starts new work, which a graceful stop does not allow. */
    boolean startsWork() {
        return this == WAITING || this == MODEL || this == STEP;
    }

    /** Whether a stop of this mode lets it finish. */
    boolean mayFinish(CancelMode mode) {
        return switch (this) {
            case WAITING -> false;
            case MODEL -> CancelMode.AFTER_TOOLS.strongerThan(mode);
            case STEP, TOOLS, FINISHING -> mode != CancelMode.NOW;
        };
    }
}
