package dev.rein.internal.run;

import dev.rein.internal.event.DebugTrace;
import dev.rein.internal.event.EventEmitter;
import dev.rein.internal.event.EventLog;
import dev.rein.internal.event.EventVisibility;
import dev.rein.internal.pause.PendingRequirements;
import dev.rein.internal.stop.Scope;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What all runs of a tree share, beside the lock of their scopes.
 *
 * @param log the events of all of them
 * @param requirements what they wait for people to decide
 */
record Tree(EventLog log, PendingRequirements requirements) {
    /**
     * A tree of one run.
     *
     * @param root its scope
     * @param consumerStall how long the log waits for an owner that does not read
     * @param firstIndex the index of its first event
     */
    static Tree of(Scope root, Duration consumerStall, long firstIndex) {
        return new Tree(new EventLog(root.lock(), consumerStall, firstIndex), new PendingRequirements());
    }

    /**
     * How a run shows its events.
     *
     * @param calledBy the run it is part of, which may hide its events or show its text as its own; null for a root
     */
    EventEmitter emitter(Run run, @Nullable Context calledBy) {
        var own = run.plan().component().debug() ? new DebugTrace(System.err) : null;
        var parent = run.parent();
        var outer = parent == null ? null : parent.emitter();
        var visibility = outer == null || calledBy == null
                ? EventVisibility.OWN
                : calledBy.children().within(outer.visibility());
        var inherited = outer == null ? null : outer.trace();
        return new EventEmitter(log, run.origin(), visibility, outer, inherited == null ? own : inherited);
    }
}
