package dev.rein.store;

import dev.rein.queue.RunQueue;
import java.time.Duration;

class DurableCheckpointsInPostgresTest extends DurableCheckpointsContract {
    private final String url = Postgres.databaseWithTables();

    @Override
    RunQueue open(Duration lease) {
        return JdbcSessionStore.postgres(url, "postgres", "postgres", lease);
    }
}
