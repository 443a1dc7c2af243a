package dev.rein.testkit;

import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which script the next request gets. Thread-safe. */
final class ScriptBook {
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

    /** The script of a connection that is not to be read, if that is what comes next; null otherwise. */
    synchronized @Nullable Script takeIfHeldAtAccept() {
        var next = queue.isEmpty() && chooser == null ? fallback : queue.peek();
        if (next == null || !next.hangsAt(HangPoint.AT_ACCEPT)) {
            return null;
        }
        queue.poll();
        return next;
    }

    /** The next enqueued script; null if there is none. */
    synchronized @Nullable Script poll() {
        return queue.poll();
    }

    /** The script of a request that found nothing enqueued. The caller's function runs outside of any lock. */
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
