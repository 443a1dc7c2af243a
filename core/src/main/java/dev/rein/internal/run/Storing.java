package dev.rein.internal.run;

import dev.rein.run.ComponentSettings;
import dev.rein.session.SessionPolicy;
import dev.rein.session.SessionStore;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a component's runs are stored.
 *
 * @param store where
 * @param optional whether a run starts also while the store does not answer
 * @param endWait how long the end of a run waits for the store before it is shown
 * @param policy what happens when the session runs already
 */
record Storing(SessionStore store, boolean optional, Duration endWait, SessionPolicy policy) {
    /** Null when the component has no store. */
    static @Nullable Storing of(ComponentSettings component) {
        var store = component.store();
        return store == null
                ? null
                : new Storing(store, component.storeOptional(), component.storeWait(), component.sessionPolicy());
    }
}
