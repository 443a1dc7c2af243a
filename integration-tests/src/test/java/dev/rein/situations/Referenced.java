package dev.rein.situations;

import dev.rein.runtime.Component;
import dev.rein.session.SessionStore;

/** Something that does everything its kind can do, and passes a point wherever code that is not the kernel's runs. */
interface Referenced {
    Points points();

    /** Its store, without points. */
    SessionStore store();

    /** @param sequential whether tools are called one after the other */
    Component component(boolean sequential);

    /** Calls of any model, hook, tool or function that have begun. */
    default int begun() {
        return points().countAll("begin ");
    }

    default int modelCalls() {
        return points().countAll("begin model");
    }
}
