package dev.rein.store;

import dev.rein.session.SharedStore;
import dev.rein.testkit.SharedStoreContract;
import org.junit.jupiter.api.BeforeEach;

class PostgresContractTest extends SharedStoreContract {
    private SharedStore store;

    @BeforeEach
    void open() {
        store = Postgres.freshStore();
    }

    @Override
    protected SharedStore store() {
        return store;
    }
}
