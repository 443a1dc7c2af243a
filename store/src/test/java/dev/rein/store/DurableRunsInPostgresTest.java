package dev.rein.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.cancel.CancelRequest;
import dev.rein.queue.DurableOptions;
import dev.rein.queue.QueuedRun;
import dev.rein.queue.RunQueue;
import dev.rein.queue.RunQueue.Claimable;
import dev.rein.run.ComponentKind;
import dev.rein.run.RunFailure;
import dev.rein.run.RunStatus;
import dev.rein.session.SessionPolicy;
import dev.rein.session.StoredRun;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class DurableRunsInPostgresTest extends DurableRunsContract {
    private final String url = Postgres.databaseWithTables();

    @Override
    RunQueue open(Duration lease) {
        return JdbcSessionStore.postgres(url, "postgres", "postgres", lease);
    }

    private static boolean isWaiting(Connection connection, int count) throws SQLException {
        try (var rows = connection
                .createStatement()
                .executeQuery("select count(distinct pid) from pg_locks where not granted")) {
            return rows.next() && rows.getInt(1) == count;
        }
    }

    /** The failed execution has read that nobody asks to stop the run, and waits for its row behind the one who does. */
    @Test
    void aStopThatComesWhileAFailedExecutionIsPutBackEndsTheRun() throws Exception {
        var options = DurableOptions.defaults();
        try (var store = Postgres.open(url);
                var blocker = DriverManager.getConnection(url, "postgres", "postgres");
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            store.register("worker");
            store.enqueue(
                    StoredRun.builder("run", ComponentKind.AGENT, "agent")
                            .epoch(1)
                            .createdAt(Instant.EPOCH)
                            .build(),
                    new QueuedRun(
                            "run",
                            ComponentKind.AGENT,
                            "agent",
                            0,
                            null,
                            0,
                            options.attempts(),
                            options.backoff(),
                            false,
                            null,
                            Map.of(),
                            true,
                            null),
                    SessionPolicy.ALLOW,
                    10);
            var claim = store.claim("worker", List.of(new Claimable(ComponentKind.AGENT, "agent", 1)), 1)
                    .getFirst();
            blocker.setAutoCommit(false);
            blocker.createStatement().execute("select 1 from rein_runs where run_id = 'run' for update");
            var stop = executor.submit(() -> store.requestCancel("run", CancelRequest.now()));
            await().atMost(Duration.ofSeconds(30)).until(() -> isWaiting(blocker, 1));
            var failed = claim.run()
                    .ended(
                            RunStatus.ERROR,
                            null,
                            null,
                            new RunFailure("IllegalStateException", "broken", null),
                            Instant.EPOCH);
            var end = executor.submit(() -> store.finish(failed, List.of()));
            await().atMost(Duration.ofSeconds(30)).until(() -> isWaiting(blocker, 2));
            blocker.commit();

            assertThat(stop.get()).isPresent();
            assertThat(end.get().run().status()).isEqualTo(RunStatus.CANCELLED);
            assertThat(store.run("run").orElseThrow().status()).isEqualTo(RunStatus.CANCELLED);
        }
    }
}
