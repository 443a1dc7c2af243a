package dev.rein.store;

import dev.rein.session.SharedStore;
import java.time.Duration;

class SharedRunsInPostgresTest extends SharedRunsContract {
    private final String url = Postgres.databaseWithTables();

    @Override
    SharedStore open(Duration lease) {
        return JdbcSessionStore.postgres(url, "postgres", "postgres", lease);
    }
}
