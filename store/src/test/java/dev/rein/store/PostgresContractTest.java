package dev.rein.store;

import dev.rein.session.SessionStore;
import dev.rein.testkit.SessionStoreContract;
import org.junit.jupiter.api.BeforeEach;

class PostgresContractTest extends SessionStoreContract {
    private SessionStore store;

    @BeforeEach
    void open() {
        store = Postgres.freshStore();
    }

    @Override
    protected SessionStore store() {
        return store;
    }
}
