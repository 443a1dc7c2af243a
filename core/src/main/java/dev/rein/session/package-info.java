/**
 * Sessions: conversations that outlive a run, and the stores that keep them. Start with {@link
 * dev.rein.session.InMemorySessionStore}: give it to a component, and a session id to each run. Stores implement {@link
 * dev.rein.session.SessionStore}, or {@link dev.rein.session.SharedStore} if several processes share them.
 */
@NullMarked
package dev.rein.session;

import org.jspecify.annotations.NullMarked;
