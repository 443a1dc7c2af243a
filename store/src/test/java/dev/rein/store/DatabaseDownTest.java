package dev.rein.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rein.session.SessionQuery;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A real PostgreSQL that can't be reached for a while, or does not answer some calls. */
class DatabaseDownTest {
    @Test
    void callsFailTogetherWhileTheDatabaseIsDownAndSucceedAfterwards() throws Exception {
        try (var proxy = new DatabaseProxy(Postgres.databaseWithTables());
                var store = Postgres.open(proxy.url());
                var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            store.insert(SampleRows.pending("a", "s"));
            proxy.down();
            var before = System.nanoTime();
            var calls = new ArrayList<Future<?>>();
            IntStream.range(0, 40).forEach(_ -> calls.add(callers.submit(() -> store.sessions(SessionQuery.all()))));
            for (var call : calls) {
                assertThatThrownBy(call::get).hasCauseInstanceOf(StoreException.class);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .as("one wait for a connection (5 s), not ten of them")
                    .isLessThan(Duration.ofSeconds(25));

            before = System.nanoTime();
            for (var i = 0; i < 40; i++) {
                assertThatThrownBy(() -> store.session("s"))
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining("can't be reached since");
                assertThatThrownBy(() -> store.insert(SampleRows.pending("b", "s")))
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining("nothing was done");
            }
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(4));

            proxy.up();
            await().atMost(Duration.ofMinutes(1))
                    .ignoreExceptions()
                    .until(() -> store.run("a").isPresent());
            assertThat(store.insert(SampleRows.pending("b", "s"))).isTrue();
        }
    }

    /** All threads for reads and writes wait for a lock. */
    @Test
    void leasesAndStopsHaveTheirTurnWhileOtherCallsWait() throws Exception {
        var url = Postgres.databaseWithTables();
        try (var store = Postgres.open(url);
                var other = DriverManager.getConnection(url, "postgres", "postgres");
                var statement = other.createStatement();
                var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            store.register("me");
            other.setAutoCommit(false);
            statement.execute("lock table rein_sessions in access exclusive mode");
            IntStream.range(0, 10).forEach(i -> {
                var _ = callers.submit(() -> store.session("s"));
                var _ = callers.submit(() -> store.insert(SampleRows.pending("r" + i, "s")));
            });
            await().until(() -> {
                try (var waiting = statement.executeQuery("select count(*) from pg_locks where not granted")) {
                    return waiting.next() && waiting.getInt(1) == 8;
                }
            });
            var before = System.nanoTime();
            assertThat(store.renew("me")).isTrue();
            assertThat(store.poll("me").deadOwners()).isEmpty();
            assertThat(store.isAcknowledged("unknown")).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
            other.rollback();
        }
    }
}
