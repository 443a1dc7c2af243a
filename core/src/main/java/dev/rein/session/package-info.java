/**
 * Sessions: conversations that outlive a run. Give an agent a {@link dev.rein.session.SessionStore} and a session id, and
 * it remembers; {@link dev.rein.session.InMemorySessionStore} is the store that needs nothing.
 */
@NullMarked
package dev.rein.session;

import org.jspecify.annotations.NullMarked;
