package dev.rein.store;

import dev.rein.session.SessionStore;
import java.sql.Connection;
import java.sql.DriverManager;

class StoredRunsInPostgresTest extends StoredRunsContract {
    private final String url = Postgres.databaseWithTables();

    @Override
    SessionStore open() {
        return Postgres.open(url);
    }

    @Override
    Connection locked() throws Exception {
        var connection = DriverManager.getConnection(url);
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
            statement.execute("lock table rein_runs in exclusive mode");
        }
        return connection;
    }
}
