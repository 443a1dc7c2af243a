package dev.rein.store;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the database is known to be down. While it is, calls fail at once instead of waiting for a connection one after the
 * other, and a probe on a thread of its own looks for a connection until it gets one. Thread-safe.
 *
 * <pre>
 *   UP --no connection within the pool's time-out--> DOWN --the probe gets a connection--> UP
 *   UP --a call got no answer in time: probe, which gets no connection--> DOWN
 * </pre>
 */
final class Outage implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Outage.class);
    private static final Duration BETWEEN_PROBES = Duration.ofMillis(200);
    private static final int VALID_SECONDS = 2;

    private record Down(long sinceNanos, Throwable cause) {}

    private final DataSource pool;
    private final DatabaseThreads prober = new DatabaseThreads("rein-database-probe", 1, () -> {}, Duration.ZERO);
    private final AtomicBoolean probing = new AtomicBoolean();
    private volatile @Nullable Down down;
    private volatile boolean closed;

    /** @param pool gives a connection within some seconds, or throws */
    Outage(DataSource pool) {
        this.pool = pool;
    }

    /** @throws StoreException if the database is known to be down */
    void check() {
        var now = down;
        if (now != null) {
            throw new StoreException(
                    "the database can't be reached since " + (System.nanoTime() - now.sinceNanos) / 1_000_000 + " ms ("
                            + DatabaseThreads.rootMessage(now.cause)
                            + "); nothing was done: try again when it is up",
                    now.cause);
        }
    }

    /** Looks at the failure of a call. */
    void failed(RuntimeException failure) {
        if (failure instanceof ConnectionException) {
            began(failure);
            probe();
        }
    }

    /** Looks whether the database is down, which has not answered a call in time. */
    void probe() {
        if (!closed && probing.compareAndSet(false, true)) {
            prober.execute(this::probeUntilUp);
        }
    }

    private void began(Throwable cause) {
        if (down == null) {
            down = new Down(System.nanoTime(), cause);
            log.warn(
                    "the database can't be reached: calls of the store fail at once until it is up again: {}",
                    DatabaseThreads.rootMessage(cause));
        }
    }

    private void probeUntilUp() {
        try {
            while (!closed) {
                try (var connection = pool.getConnection()) {
                    if (connection.isValid(VALID_SECONDS)) {
                        return;
                    }
                    began(new SQLException("it does not answer"));
                } catch (SQLException | RuntimeException e) {
                    began(e);
                }
                LockSupport.parkNanos(BETWEEN_PROBES.toNanos());
            }
        } finally {
            if (down != null && !closed) {
                log.info("the database can be reached again");
            }
            down = null;
            probing.set(false);
        }
    }

    @Override
    public void close() {
        closed = true;
        prober.close();
    }
}
