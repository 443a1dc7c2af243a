package dev.rein.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.run.RunStatus;
import dev.rein.run.event.RunEvent;
import dev.rein.session.SharedStore;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class DeletedSessionInPostgresTest extends DeletedSessionContract {
    private final String url = Postgres.databaseWithTables();

    @Override
    SharedStore open() {
        return Postgres.open(url);
    }

    private Connection connect() throws SQLException {
        var connection = DriverManager.getConnection(url, "postgres", "postgres");
        connection.setAutoCommit(false);
        return connection;
    }

    private static boolean isWaiting(Connection connection, int count) throws SQLException {
        try (var rows = connection
                .createStatement()
                .executeQuery("select count(distinct pid) from pg_locks where not granted")) {
            return rows.next() && rows.getInt(1) == count;
        }
    }

    /** A transaction that is deleting the session, as another process would, has not ended yet. */
    @Test
    void eventsThatAreWrittenDuringADeletionAreNotLeftBehind() throws Exception {
        try (var store = open();
                var deleting = connect();
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            store.insert(SampleRows.pending("a", "s"));
            deleting.createStatement().execute("select 1 from rein_sessions where session_id = 's' for update");
            deleting.createStatement().execute("delete from rein_events where root_run_id = 'a'");
            deleting.createStatement().execute("delete from rein_sessions where session_id = 's'");
            var save = executor.submit(() -> store.append(List.<RunEvent>of(SampleRows.event("a", 0))));
            await().atMost(Duration.ofSeconds(30)).until(() -> isWaiting(deleting, 1));
            deleting.commit();
            save.get();
            assertThat(store.events("a", -1, 10)).isEmpty();
        }
    }

    @Test
    void aRunThatStartsDuringADeletionHasItsSession() throws Exception {
        try (var store = open();
                var deleting = connect();
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            store.insert(SampleRows.pending("a", "s"));
            deleting.createStatement().execute("delete from rein_sessions where session_id = 's'");
            var insert = executor.submit(() -> store.insert(SampleRows.row("b", "s", RunStatus.PENDING, "", Map.of())));
            await().atMost(Duration.ofSeconds(30)).until(() -> isWaiting(deleting, 1));
            deleting.commit();
            assertThat(insert.get()).isTrue();
            assertThat(store.session("s")).isPresent();
            assertThat(store.runs("s")).hasSize(1);
        }
    }
}
