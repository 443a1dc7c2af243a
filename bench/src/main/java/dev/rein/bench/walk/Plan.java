package dev.rein.bench.walk;

import dev.rein.cancel.CancelMode;
import dev.rein.runtime.Limits;
import dev.rein.session.EventPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one case of the walk does. Generated from its seed and nothing else. Immutable.
 *
 * @param seed what it was generated from
 * @param root the component that is run
 * @param store where its runs are kept
 * @param storeEvents which events are stored
 * @param form how it is run
 * @param reader how its stream is read
 * @param limits what the run may use up
 * @param stops how and when it is stopped
 * @param answers what people decide at each pause, over and over; see {@link Answer#LEAVE}
 * @param listener what a listener to its end does; null for none
 */
record Plan(
        long seed,
        Node root,
        Store store,
        EventPolicy storeEvents,
        Form form,
        Reader reader,
        Limits limits,
        List<StopPlan> stops,
        List<Answer> answers,
        @Nullable Act listener) {

    enum Store {
        NONE,
        MEMORY,
        SQLITE
    }

    enum Form {
        RUN,
        STREAM,
        START
    }

    /** What people decide when a run is paused. */
    enum Answer {
        ACCEPT,
        /** The same, and the rest is streamed. */
        ACCEPT_AND_STREAM,
        REJECT,
        /** Answers the first question only. */
        PARTLY,
        /** Nobody answers; the run is cancelled. */
        LEAVE
    }

    /**
     * How the owner reads a stream.
     *
     * @param millis how long it takes for each of the first events
     * @param leavesAfter after how many events it leaves; -1 to read to the end
     * @param goesOn what happens when it leaves
     * @param others further subscribers, each slow or leaving
     */
    record Reader(int millis, int leavesAfter, AfterLeaving goesOn, int others) {}

    enum AfterLeaving {
        CANCEL,
        CANCEL_LATER,
        CONTINUE
    }

    /** What a stop waits for. */
    enum Trigger {
        BEFORE_START,
        /** A number of microseconds. */
        TIME,
        /** The arrival of so many events. */
        EVENT,
        /** So many calls of user code. */
        CODE
    }

    /** The door by which a stop comes. */
    enum Way {
        RUN_ID,
        CANCEL_RUN,
        COMPONENT,
        HANDLE,
        SESSION,
        USER,
        CHILD,
        STREAM,
        STREAM_AFTER,
        INTERRUPT
    }

    /** The thread that stops. */
    enum By {
        PLATFORM_THREAD,
        VIRTUAL_THREAD,
        /** The very thread on which the event or the user code is. */
        SAME_THREAD
    }

    /**
     * One stop.
     *
     * @param trigger what it waits for
     * @param at microseconds, events or calls
     * @param way by which door it comes
     * @param by on which thread
     * @param mode what may still finish
     * @param graceMillis how long deaf code may take
     * @param atMostMillis when a graceful mode turns into NOW
     * @param pick which child, of those that are live
     */
    record StopPlan(
            Trigger trigger, int at, Way way, By by, CancelMode mode, int graceMillis, int atMostMillis, int pick) {}
}
