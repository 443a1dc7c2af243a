package dev.rein.internal.event;

import dev.rein.internal.stop.Threads;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue of tasks that may block, and a thread of its own that performs them in order and exists only while there are
 * tasks. Thread-safe.
 *
 * <pre>
 *   IDLE --wake, queue not empty--> DRAINING --queue empty for two seconds--> IDLE
 * </pre>
 */
final class SerialQueue {
    private static final long LINGER_SECONDS = 2;

    private final ThreadFactory threads;
    private final Consumer<Throwable> onFailure;
    private final BlockingQueue<Runnable> pending;
    private final AtomicBoolean draining = new AtomicBoolean();

    /** @param onFailure told what a task throws, and if no thread can be started */
    SerialQueue(String threadName, int maxPending, Consumer<Throwable> onFailure) {
        this.threads = Threads.daemon(threadName);
        this.pending = new LinkedBlockingQueue<>(maxPending);
        this.onFailure = onFailure;
    }

    /**
     * Adds a task without starting a thread.
     *
     * @return false if the queue is full
     */
    boolean offer(Runnable task) {
        return pending.offer(task);
    }

    /** Ensures that pending tasks are performed. Not called under a lock: it may start a thread. */
    void wake() {
        if (pending.isEmpty() || !draining.compareAndSet(false, true)) {
            return;
        }
        try {
            threads.newThread(this::drain).start();
        } catch (OutOfMemoryError e) {
            // No thread available: an observer must not fail the run. The next call retries.
            draining.set(false);
            onFailure.accept(e);
        }
    }

    /** Whether there are no tasks, and no thread. */
    boolean isIdle() {
        return pending.isEmpty() && !draining.get();
    }

    private void drain() {
        for (var next = next(); next != null; next = next()) {
            try {
                next.run();
            } catch (Throwable e) {
                onFailure.accept(e);
            }
        }
        draining.set(false);
        // Perform tasks that were added while this thread was about to end.
        wake();
    }

    private @Nullable Runnable next() {
        try {
            return pending.poll(LINGER_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            // The task interrupted its own thread; nobody else uses it.
            return pending.poll();
        }
    }
}
