/**
 * Sessions: conversations that outlive a run. Give an agent a {@link dev.rein.session.SessionStore} and a session id, and
 * it remembers; {@link dev.rein.session.InMemorySessionStore} is the store that needs nothing. A
 * {@link dev.rein.session.SharedStore} is one that several processes share.
 */
@NullMarked
package dev.rein.session;

import org.jspecify.annotations.NullMarked;
