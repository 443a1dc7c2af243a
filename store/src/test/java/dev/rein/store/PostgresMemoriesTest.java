package dev.rein.store;

import dev.rein.testkit.MemoryStoreContract;
import org.junit.jupiter.api.BeforeEach;

class PostgresMemoriesTest extends MemoryStoreContract<JdbcSessionStore> {
    private JdbcSessionStore store;

    @BeforeEach
    void open() {
        store = Postgres.freshStore();
    }

    @Override
    protected JdbcSessionStore store() {
        return store;
    }
}
