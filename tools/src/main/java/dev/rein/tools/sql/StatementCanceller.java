package dev.rein.tools.sql;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cancels a statement in the database. A cancel request that arrives before the database has started the statement has no effect, so it is
 * repeated until the statement has finished. None is sent after that, because it would cancel the connection's next statement.
 */
final class StatementCanceller {
    private static final Logger log = LoggerFactory.getLogger(StatementCanceller.class);
    private static final long REPEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(25);
    private static final long MAX_WAIT_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Statement statement;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean started;
    private boolean cancelled;
    private boolean finished;
    private boolean timedOut;

    StatementCanceller(Statement statement) {
        this.statement = statement;
    }

    /** To be called before the statement is executed. @return false if it must not be executed, because it is already cancelled */
    boolean start() {
        lock.lock();
        try {
            started = true;
            return !cancelled;
        } finally {
            lock.unlock();
        }
    }

    /** Cancels the statement, and waits up to 5 s until it has finished, if it has been started. */
    void cancelUntilFinished() throws SQLException, InterruptedException {
        var deadline = System.nanoTime() + MAX_WAIT_NANOS;
        lock.lock();
        try {
            cancelled = true;
            while (started && !finished && System.nanoTime() < deadline) {
                statement.cancel();
                changed.awaitNanos(REPEAT_NANOS);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Cancels the statement after this time unless it has finished; drivers implement query timeouts differently. */
    void cancelAfter(Duration timeout) {
        Thread.ofVirtual().name("rein-sql-timer").start(() -> {
            try {
                if (awaitTimeout(timeout.toNanos())) {
                    cancelUntilFinished();
                }
            } catch (SQLException | InterruptedException e) {
                log.warn("A statement that exceeded its timeout of {} could not be cancelled", timeout, e);
            }
        });
    }

    /** To be called when the statement has ended. */
    void finish() {
        lock.lock();
        try {
            finished = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isTimedOut() {
        lock.lock();
        try {
            return timedOut;
        } finally {
            lock.unlock();
        }
    }

    private boolean awaitTimeout(long nanos) throws InterruptedException {
        var remaining = nanos;
        lock.lock();
        try {
            while (!finished && remaining > 0) {
                remaining = changed.awaitNanos(remaining);
            }
            timedOut = !finished;
            return timedOut;
        } finally {
            lock.unlock();
        }
    }
}
