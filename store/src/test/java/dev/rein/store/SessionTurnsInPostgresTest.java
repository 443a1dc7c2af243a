package dev.rein.store;

import dev.rein.session.SharedStore;
import java.time.Duration;

class SessionTurnsInPostgresTest extends SessionTurnsContract {
    private final String url = Postgres.databaseWithTables();

    @Override
    SharedStore open(Duration lease) {
        return JdbcSessionStore.postgres(url, "postgres", "postgres", lease);
    }
}
