package dev.rein.session;

import dev.rein.run.event.RunContent;
import dev.rein.run.event.RunEvent;

/** Which events of a tree of runs are stored; the policy of the root applies to all runs below it. */
public enum EventPolicy {
    /** No events. */
    NONE,
    /** All events except {@link RunContent}; the text is stored with the run. */
    WITHOUT_CONTENT,
    /** All events. */
    ALL;

    /** Whether this policy stores the given event. */
    public boolean stores(RunEvent event) {
        return switch (this) {
            case NONE -> false;
            case WITHOUT_CONTENT -> !(event instanceof RunContent);
            case ALL -> true;
        };
    }
}
