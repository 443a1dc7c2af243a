package dev.rein.store;

import dev.rein.session.SessionStore;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import org.junit.jupiter.api.io.TempDir;

class StoredRunsInSqliteTest extends StoredRunsContract {
    @TempDir
    private Path folder;

    @Override
    SessionStore open() {
        return JdbcSessionStore.sqlite(folder.resolve("rein.db"));
    }

    @Override
    Connection locked() throws Exception {
        var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("rein.db"));
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
            statement.executeUpdate("delete from rein_runs where run_id = 'nobody'");
        }
        return connection;
    }
}
