package dev.rein.bench.walk;

import org.jspecify.annotations.Nullable;

/**
 * How a piece of user code behaves, be it a tool, a hook, a step's function, a decision or a model.
 *
 * @param kind what it does
 * @param millis how long it takes, where that applies
 * @param child the component that it runs; null unless its kind starts a run
 */
record Act(Kind kind, int millis, @Nullable Node child) {
    static final Act NOTHING = new Act(Kind.RETURN, 0, null);

    /** What user code may do. */
    enum Kind {
        RETURN,
        RETURN_NULL,
        /** Returns a value whose {@code toString} returns null. */
        RETURN_WITHOUT_TEXT,
        RETURN_JSON,
        /** Sleeps, and can be interrupted. */
        SLEEP,
        /** Waits through interrupts. */
        DEAF,
        SPIN,
        THROW,
        THROW_CHECKED,
        THROW_ERROR,
        THROW_WITHOUT_MESSAGE,
        /** The exception's {@code getMessage} throws a RuntimeException. */
        THROW_BROKEN_MESSAGE,
        /** The exception's {@code getMessage} throws an Error. */
        THROW_FATAL_MESSAGE,
        LEAVE_INTERRUPT_SET,
        // From here on what needs a run to work for.
        /** Sleeps by the run's cancellation. */
        WAIT,
        /** Catches everything, the stop included, and returns normally. */
        SWALLOW,
        EMIT,
        /** Emits a map that takes a while to copy. */
        EMIT_SLOW,
        /** Emits a map that throws. */
        EMIT_BROKEN,
        /** Emits a synchronized map whose lock another thread holds. */
        EMIT_LOCKED,
        STATE,
        /** Puts a synchronized map into the session state, and sits on its lock. */
        STATE_LOCKED,
        RUN_CHILD,
        STREAM_CHILD,
        /** Leaves the stream of a child after its first events. */
        LEAVE_CHILD,
        /** Starts a child and returns without waiting for it. */
        START_CHILD,
        /** Runs a child on another thread, wrapped. */
        WRAP_CHILD,
        CANCEL_SELF,
        ABORTER,
        ABORTER_SLOW,
        ABORTER_THROWS,
        ABORTER_CLOSES_ITSELF,
        CLEANUP;

        boolean needsRun() {
            return compareTo(WAIT) >= 0;
        }

        boolean hasChild() {
            return switch (this) {
                case RUN_CHILD, STREAM_CHILD, LEAVE_CHILD, START_CHILD, WRAP_CHILD -> true;
                default -> false;
            };
        }
    }

    @Override
    public String toString() {
        return kind + (millis == 0 ? "" : " " + millis + " ms") + (child == null ? "" : " of " + child.name());
    }
}
