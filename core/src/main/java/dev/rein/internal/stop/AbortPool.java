package dev.rein.internal.stop;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs aborters: on as many platform threads as there are cores, because closing a socket costs CPU and nothing else, and
 * on more when those make no progress, because some aborters block: a {@code Statement.cancel} connects, a process tree
 * takes its time, and one may hang.
 */
public final class AbortPool {
    private static final Duration LOOK = Duration.ofMillis(5);
    private static final int MOST_THREADS = 256;

    private final int normal = Math.max(2, Runtime.getRuntime().availableProcessors());
    private final ThreadPoolExecutor executor = new ThreadPoolExecutor(
            normal, MOST_THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Threads.daemon("rein-abort"));
    private final AtomicBoolean looking = new AtomicBoolean();
    private final Timers timers;

    public AbortPool(Timers timers) {
        this.timers = timers;
        executor.allowCoreThreadTimeOut(true);
    }

    public void execute(Runnable aborter) {
        executor.execute(aborter);
        lookLater(-1);
    }

    private void lookLater(long completedBefore) {
        if (looking.compareAndSet(false, true)) {
            var _ = timers.after(LOOK, () -> look(completedBefore));
        }
    }

    /** Adds a thread for as long as something waits and nothing was completed since the last look. */
    private void look(long completedBefore) {
        looking.set(false);
        var completed = executor.getCompletedTaskCount();
        if (executor.getQueue().isEmpty()) {
            if (executor.getCorePoolSize() > normal && executor.getActiveCount() == 0) {
                executor.setCorePoolSize(normal);
            }
            return;
        }
        if (completed == completedBefore && executor.getCorePoolSize() < MOST_THREADS) {
            executor.setCorePoolSize(executor.getCorePoolSize() + 1);
        }
        lookLater(completed);
    }
}
