package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.run.RunStatus;
import dev.rein.store.JdbcSessionStore;
import dev.rein.testkit.ScriptedModel;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Situation46SuspendedProcessTest {
    private static final Duration LEASE = Duration.ofSeconds(2);

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

            other.signal("STOP");
            Thread.sleep(LEASE.plusMillis(500)); // the lease has to pass
            other.signal("CONT");

            assertThat(other.awaitSaid("ended")).contains("LEASE_LOST", "it did not renew its lease for");
        }
    }
}
