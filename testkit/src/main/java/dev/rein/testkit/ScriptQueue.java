package dev.rein.testkit;

import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The scripts for the next requests, and those for requests when none is enqueued. Thread-safe. */
final class ScriptQueue {
    private static final Script GREETING = Script.text("Hello from the fake provider.");

    private final ArrayDeque<Script> queue = new ArrayDeque<>();
    private @Nullable Function<ReceivedRequest, @Nullable Script> chooser;
    private Script fallback = GREETING;

    synchronized void enqueue(List<Script> scripts) {
        queue.addAll(scripts);
    }

    synchronized void byDefault(Script script) {
        fallback = script;
    }

    synchronized void answerBy(Function<ReceivedRequest, @Nullable Script> function) {
        chooser = function;
    }

    synchronized void clear() {
        queue.clear();
        chooser = null;
        fallback = GREETING;
    }

    /** Removes and returns the next script if it hangs {@link HangPoint#AT_ACCEPT}; null otherwise. */
    synchronized @Nullable Script takeIfHeldAtAccept() {
        var next = queue.isEmpty() && chooser == null ? fallback : queue.peek();
        if (next == null || !next.hangsAt(HangPoint.AT_ACCEPT)) {
            return null;
        }
        queue.poll();
        return next;
    }

    /** Removes and returns the next enqueued script; null if there is none. */
    synchronized @Nullable Script poll() {
        return queue.poll();
    }

    /** The script of a request for which none is enqueued. The test's function is called without holding a lock. */
    Script choose(ReceivedRequest request) {
        Function<ReceivedRequest, @Nullable Script> function;
        Script otherwise;
        synchronized (this) {
            function = chooser;
            otherwise = fallback;
        }
        var chosen = function == null ? null : function.apply(request);
        return chosen == null ? otherwise : chosen;
    }
}
