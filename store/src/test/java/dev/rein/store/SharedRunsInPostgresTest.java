package dev.rein.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.cancel.CancelRequest;
import dev.rein.session.SharedStore;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SharedRunsInPostgresTest extends SharedRunsContract {
    private final String url = Postgres.databaseWithTables();

    @Override
    SharedStore open(Duration lease) {
        return JdbcSessionStore.postgres(url, "postgres", "postgres", lease);
    }

    /** The test of a stop would pass without: its process polls in any case. */
    @Test
    void aStopNotifiesTheOwner() throws Exception {
        var notified = ConcurrentHashMap.<String>newKeySet();
        try (var store = open(JdbcSessionStore.DEFAULT_LEASE);
                var other = open(JdbcSessionStore.DEFAULT_LEASE);
                var _ = store.listen(notified::add)) {
            store.register("owner");
            var runs = new AtomicInteger();
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                // Again and again, because it takes a moment until the store listens.
                var id = "run " + runs.incrementAndGet();
                store.insert(SampleRows.pending(id, "s").ownedBy("owner", 1));
                other.requestCancel(id, CancelRequest.now());
                return notified.contains("owner");
            });
            assertThat(notified).containsExactly("owner");
        }
    }
}
