package dev.rein.internal.storing;

import dev.rein.runtime.ComponentSettings;
import dev.rein.runtime.RunOptions;
import dev.rein.session.EventPolicy;
import dev.rein.session.SessionPolicy;
import dev.rein.session.SessionStore;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a component's runs are stored.
 *
 * @param store the store
 * @param optional whether runs start even if the store does not answer
 * @param endWait how long the end of a run waits for the store before it is shown
 * @param policy how runs of the same session at the same time are treated
 * @param events which events are stored
 */
public record StoragePolicy(
        SessionStore store, boolean optional, Duration endWait, SessionPolicy policy, EventPolicy events) {
    /**
     * Returns the policy of a run; null if the run has no store.
     *
     * @param above the policy of the parent run; null if there is none
     */
    public static @Nullable StoragePolicy of(
            ComponentSettings component, RunOptions options, @Nullable StoragePolicy above) {
        var store = component.store() != null ? component.store() : options.store();
        return store == null
                ? above
                : new StoragePolicy(
                        store,
                        component.storeOptional(),
                        component.storeWait(),
                        component.sessionPolicy(),
                        Objects.requireNonNullElse(options.storeEvents(), component.storeEvents()));
    }
}
