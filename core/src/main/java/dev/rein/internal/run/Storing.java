package dev.rein.internal.run;

import dev.rein.session.SessionPolicy;
import dev.rein.session.SessionStore;
import java.time.Duration;

/**
 * How a component's runs are stored.
 *
 * @param store where
 * @param optional whether a run starts also while the store does not answer
 * @param endWait how long the end of a run waits for the store before it is shown
 * @param policy what happens when the session runs already
 */
public record Storing(SessionStore store, boolean optional, Duration endWait, SessionPolicy policy) {}
