package dev.rein.store;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what SQLite has logged into its file, beside the writer. Left to itself the writer does that, every thousand pages, and
 * waits for the disk meanwhile; and each end of a run waits for the writer.
 * Thread-safe.
 */
final class Checkpoints implements AutoCloseable {
    private static final Duration BETWEEN = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(Checkpoints.class);

    private final Jdbi jdbi;
    private final Lane lane = new Lane("rein-database-checkpoint", 1);
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile long lastNanos = System.nanoTime();

    Checkpoints(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** Something was written. What comes last, and is followed by nothing, stays in the log, which is as good. */
    void written() {
        if (System.nanoTime() - lastNanos >= BETWEEN.toNanos() && busy.compareAndSet(false, true)) {
            lane.execute(this::checkpoint);
        }
    }

    private void checkpoint() {
        try {
            // One that waits for nobody: what others still read or write is left for the next.
            jdbi.useHandle(handle -> handle.createQuery("pragma wal_checkpoint(passive)")
                    .mapToMap()
                    .list());
        } catch (RuntimeException e) {
            log.debug("SQLite's log could not be brought into its file; trying again", e);
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
