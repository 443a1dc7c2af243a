package dev.rein.internal.stop;

import dev.rein.internal.PrintableExceptions;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Actions at a later time, on one platform thread that is there from the beginning, so that they never wait for a free
 * carrier or a new thread. Actions are short and do not block. A cancelled action leaves nothing behind.
 */
public final class Timers {
    private static final Logger log = LoggerFactory.getLogger(Timers.class);

    private final ScheduledThreadPoolExecutor executor;

    public Timers() {
        executor = new ScheduledThreadPoolExecutor(1, Threads.daemon("rein-timer"));
        executor.setRemoveOnCancelPolicy(true);
        executor.prestartCoreThread();
    }

    /** How many actions are to be run later. */
    int pending() {
        return executor.getQueue().size();
    }

    /** Runs {@code action} after {@code delay}. */
    public Future<?> after(Duration delay, Runnable action) {
        assert TreeLock.noneIsHeld() : "a timer is set under the lock of a tree";
        return executor.schedule(
                () -> {
                    try {
                        action.run();
                    } catch (Throwable e) {
                        log.error("a timer's action failed", PrintableExceptions.of(e));
                    }
                },
                Durations.nanos(delay),
                TimeUnit.NANOSECONDS);
    }
}
