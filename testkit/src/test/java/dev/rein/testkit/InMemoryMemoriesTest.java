package dev.rein.testkit;

import dev.rein.session.InMemorySessionStore;

class InMemoryMemoriesTest extends MemoryStoreContract<InMemorySessionStore> {
    private final InMemorySessionStore store = new InMemorySessionStore();

    @Override
    protected InMemorySessionStore store() {
        return store;
    }
}
