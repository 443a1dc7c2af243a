package dev.rein.store;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of something, which happens once, on a thread of its own, and for which everybody waits who asks for it. So an interrupt
 * of a caller does not cut it short. Thread-safe.
 */
final class SharedClose {
    static final Duration MOST_WAIT = Duration.ofSeconds(15);

    private static final Logger log = LoggerFactory.getLogger(SharedClose.class);

    private final Runnable action;
    private final AtomicReference<@Nullable Thread> thread = new AtomicReference<>();
    private final CountDownLatch done = new CountDownLatch(1);

    SharedClose(Runnable action) {
        this.action = action;
    }

    /** Begins it unless it has begun, and waits for it, for a bounded time. Code that it calls itself does not wait. */
    void close() {
        var closing = thread.get();
        if (closing == null) {
            var fresh = Thread.ofPlatform().daemon().name("rein-database-close").unstarted(this::run);
            if (thread.compareAndSet(null, fresh)) {
                fresh.start();
            }
        } else if (closing.equals(Thread.currentThread())) {
            return;
        }
        if (!await()) {
            log.warn("the store has not closed within {} s; it goes on closing", MOST_WAIT.toSeconds());
        }
    }

    private void run() {
        try {
            action.run();
        } catch (RuntimeException | Error e) {
            log.error("the store did not close as it should", e);
        } finally {
            done.countDown();
        }
    }

    /** An interrupt does not end the wait, and is not lost. */
    private boolean await() {
        var deadline = System.nanoTime() + MOST_WAIT.toNanos();
        var interrupted = false;
        try {
            while (true) {
                try {
                    return done.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
