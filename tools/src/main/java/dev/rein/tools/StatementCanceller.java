package dev.rein.tools;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cancels a statement in the database. A cancel that comes before the database has begun does nothing, and the statement
 * would then run to its end: so it is repeated until the statement is over. And none is sent once it is over, because it
 * would hit the next statement of that connection.
 */
final class StatementCanceller {
    private static final Logger log = LoggerFactory.getLogger(StatementCanceller.class);
    private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(25);
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Statement statement;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean begun;
    private boolean cancelled;
    private boolean over;
    private boolean timedOut;

    StatementCanceller(Statement statement) {
        this.statement = statement;
    }

    /** The statement is about to be executed. @return false if it must not be, because it was cancelled before */
    boolean begin() {
        lock.lock();
        try {
            begun = true;
            return !cancelled;
        } finally {
            lock.unlock();
        }
    }

    /** Cancels, and returns when the statement is over or before it begins, after 5 s at the latest. */
    void cancelUntilOver() throws SQLException, InterruptedException {
        var deadline = System.nanoTime() + MOST_NANOS;
        lock.lock();
        try {
            cancelled = true;
            while (begun && !over && System.nanoTime() < deadline) {
                statement.cancel();
                changed.awaitNanos(AGAIN_NANOS);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Cancels after this time unless the statement is over; drivers differ in what they do with a query time-out. */
    void cancelAfter(Duration timeout) {
        Thread.ofVirtual().name("rein-sql-timer").start(() -> {
            try {
                if (awaitTimeout(timeout.toNanos())) {
                    cancelUntilOver();
                }
            } catch (SQLException | InterruptedException e) {
                log.warn("a statement that took longer than {} could not be cancelled", timeout, e);
            }
        });
    }

    /** The statement has ended. */
    void over() {
        lock.lock();
        try {
            over = true;
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
        var left = nanos;
        lock.lock();
        try {
            while (!over && left > 0) {
                left = changed.awaitNanos(left);
            }
            timedOut = !over;
            return timedOut;
        } finally {
            lock.unlock();
        }
    }
}
