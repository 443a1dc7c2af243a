package dev.rein.internal.stop;

import dev.rein.internal.PrintableExceptions;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Calls users' code that may never return where the kernel can't wait for ever: on a platform thread of its own, because every
 * carrier may be held, and for a bounded time.
 */
public final class BoundedCall {
    private static final ThreadFactory THREADS = Threads.daemon("rein-bounded-call");

    private BoundedCall() {}

    /**
     * Calls and waits. An interrupt of the waiting thread does not end the wait, and is not lost.
     *
     * @return what the call returned
     * @throws ExecutionException if it threw
     * @throws TimeoutException if it has not returned in time; its thread is interrupted, and goes on for as long as it likes
     */
    public static <T extends @Nullable Object> T call(Duration atMost, Callable<T> code)
            throws ExecutionException, TimeoutException {
        var task = new FutureTask<T>(() -> PrintableExceptions.call(code));
        THREADS.newThread(task).start();
        var end = System.nanoTime() + atMost.toNanos();
        var interrupted = false;
        try {
            while (true) {
                try {
                    return task.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (TimeoutException e) {
                    task.cancel(true);
                    throw e;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
