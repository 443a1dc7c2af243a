package dev.rein.store;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves SQLite's write-ahead log into the database file, on a thread of its own. By default the writer does that, every thousand
 * pages, and waits for the disk meanwhile; and the end of each run waits for the writer. Thread-safe.
 */
final class SqliteCheckpoints implements AutoCloseable {
    private static final Duration BETWEEN = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(SqliteCheckpoints.class);

    private final Jdbi jdbi;
    private final DatabaseThreads lane = new DatabaseThreads("rein-database-checkpoint", 1, () -> {});
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile long lastNanos = System.nanoTime();

    SqliteCheckpoints(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** Called after each write. The last writes of a process may stay in the log, where SQLite reads them as well. */
    void written() {
        if (System.nanoTime() - lastNanos >= BETWEEN.toNanos() && busy.compareAndSet(false, true)) {
            lane.execute(this::checkpoint);
        }
    }

    private void checkpoint() {
        try {
            // Passive: it waits for no reader or writer, and leaves what they use to the next checkpoint.
            jdbi.useHandle(handle -> handle.createQuery("pragma wal_checkpoint(passive)")
                    .mapToMap()
                    .list());
        } catch (RuntimeException e) {
            log.debug("SQLite's write-ahead log could not be moved into the database file; trying again", e);
        } finally {
            lastNanos = System.nanoTime();
            busy.set(false);
        }
    }

    @Override
    public void close() {
        lane.close();
    }
}
