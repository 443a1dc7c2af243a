package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.run.RunStatus;
import dev.rein.store.JdbcSessionStore;
import dev.rein.testkit.ScriptedModel;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class Situation46SuspendedProcessTest {
    private static final Duration LEASE = Duration.ofSeconds(5);

    @Test
    void onWakingItsRunsEndAsLeaseLostAndNoRowChangesTwice(@TempDir Path folder) throws Exception {
        var file = folder.resolve("rein.db");
        try (var store = JdbcSessionStore.sqlite(file, LEASE);
                var other = OtherProcess.start(file, LEASE)) {
            other.order("tell run");
            other.awaitSaid("telling");
            Waiting.until(
                    "its text is stored",
                    () -> store.run("run").orElseThrow().text().equals("Once upon"));
            other.signal("STOP");
            OtherProcess.teller(store, ScriptedModel.of("x"));
            Waiting.until(
                    "it is taken over",
                    () -> store.run("run").orElseThrow().status().isTerminal());
            var row = store.run("run").orElseThrow();
            assertThat(row.status()).isEqualTo(RunStatus.ERROR);
            var events = store.events("run", -1, 100);

            other.signal("CONT");

            assertThat(other.awaitSaid("ended")).startsWith("ended ERROR LEASE_LOST");
            assertThat(store.run("run")).contains(row);
            other.order("tell next");
            other.awaitSaid("telling");
            assertThat(store.run("next").orElseThrow().owner()).isNotNull().isNotEqualTo(row.owner());
            assertThat(store.run("run")).contains(row);
            assertThat(store.events("run", -1, 100)).isEqualTo(events);
        }
    }

    /** When the lease of the only process that has one ends, in milliseconds; 0 if there is none. */
    private static long leaseEnd(Path file) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select max(until) from rein_owners")) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    /** Nobody has noted it, but somebody may have: it can't know what its rows have become meanwhile. */
    @Test
    void aProcessThatSleptForLongerThanItsLeaseGivesUpItsRunsThoughNobodyTookThem(@TempDir Path folder)
            throws Exception {
        var file = folder.resolve("rein.db");
        try (var store = JdbcSessionStore.sqlite(file, LEASE);
                var other = OtherProcess.start(file, LEASE)) {
            other.order("tell run");
            other.awaitSaid("telling");
            Waiting.until(
                    "its text is stored",
                    () -> store.run("run").orElseThrow().text().equals("Once upon"));

            // A process that is suspended while it waits for its store can't tell that from a slow store: it renews its
            // lease.
            for (var attempt = 0; attempt < 10 && !other.hasSaidMore(); attempt++) {
                other.signal("STOP");
                var leaseEnd = leaseEnd(file);
                Thread.sleep(LEASE.plusMillis(500)); // the lease has to pass
                other.signal("CONT");
                Waiting.until("it gives up or goes on", () -> other.hasSaidMore() || leaseEnd(file) > leaseEnd);
            }

            assertThat(other.awaitSaid("ended")).contains("LEASE_LOST", "it did not renew its lease for");
        }
    }
}
