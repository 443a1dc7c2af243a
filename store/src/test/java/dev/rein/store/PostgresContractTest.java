package dev.rein.store;

import dev.rein.session.SharedStore;
import dev.rein.testkit.SharedStoreContract;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;

class PostgresContractTest extends SharedStoreContract {
    private final String url = Postgres.databaseWithTables();
    private SharedStore store;

    @BeforeEach
    void open() {
        store = Postgres.open(url);
    }

    @Override
    protected SharedStore store() {
        return store;
    }

    @Override
    protected SharedStore store(Duration lease) {
        return JdbcSessionStore.postgres(url, "postgres", "postgres", lease);
    }
}
