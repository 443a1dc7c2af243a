package dev.rein.internal.run;

import dev.rein.internal.event.EventLog;
import dev.rein.internal.pause.PendingRequirements;
import dev.rein.internal.stop.Scope;
import java.time.Duration;

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
}
