package dev.rein.session;

import dev.rein.run.event.RunContent;
import dev.rein.run.event.RunEvent;

/** Which events of a run are stored. Those of the runs below it follow its policy. */
public enum EventPolicy {
    /** None. */
    NONE,
    /** All but the bits of text ({@link RunContent}): the whole text is stored with the run. */
    WITHOUT_CONTENT,
    /** All. */
    ALL;

    /** Whether it stores {@code event}. */
    public boolean stores(RunEvent event) {
        return switch (this) {
            case NONE -> false;
            case WITHOUT_CONTENT -> !(event instanceof RunContent);
            case ALL -> true;
        };
    }
}
