package dev.rein.store;

import dev.rein.queue.RunQueue;
import dev.rein.session.SharedStore;
import dev.rein.testkit.RunQueueContract;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;

class PostgresContractTest extends RunQueueContract {
    private final String url = Postgres.databaseWithTables();
    private RunQueue store;

    @BeforeEach
    void open() {
        store = Postgres.open(url);
    }

    @Override
    protected RunQueue store() {
        return store;
    }

    @Override
    protected SharedStore store(Duration lease) {
        return JdbcSessionStore.postgres(url, "postgres", "postgres", lease);
    }
}
