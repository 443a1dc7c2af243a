package dev.rein.testkit;

import dev.rein.session.InMemorySessionStore;
import dev.rein.session.SessionStore;

class InMemorySessionStoreTest extends SessionStoreContract {
    private final SessionStore store = new InMemorySessionStore();

    @Override
    protected SessionStore store() {
        return store;
    }
}
