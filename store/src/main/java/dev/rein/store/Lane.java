package dev.rein.store;

import java.net.UnknownHostException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A few platform threads that talk to the database. SQLite's native calls would hold the carrier of a virtual thread, and an
 * interrupt in PostgreSQL's driver kills the connection; so nobody else's thread gets there. Thread-safe.
 */
final class Lane implements AutoCloseable {
    private static final long CLOSE_SECONDS = 10;

    private final ThreadPoolExecutor threads;

    Lane(String name, int size) {
        var count = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                size,
                size,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                code -> Thread.ofPlatform()
                        .name(name + "-" + count.incrementAndGet())
                        .daemon()
                        .unstarted(code));
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Does something there and waits for it. An interrupt ends the wait; what had begun goes on to its end all the same.
     *
     * @throws StoreException if it failed, the wait was interrupted, or the store is closed
     */
    <T> T call(Callable<T> work) {
        var task = new FutureTask<>(work);
        try {
            threads.execute(task);
            return task.get();
        } catch (RejectedExecutionException e) {
            throw new StoreException("the store is closed: close it after the last run has ended", e);
        } catch (InterruptedException e) {
            task.cancel(false);
            Thread.currentThread().interrupt();
            throw new StoreException(
                    "interrupted while waiting for the database: a write may have been done or not", e);
        } catch (ExecutionException e) {
            throw failed(e.getCause() == null ? e : e.getCause());
        }
    }

    /** Does something there and does not wait for it. When the store is closed it is not done. */
    void execute(Runnable work) {
        try {
            threads.execute(work);
        } catch (RejectedExecutionException e) {
            // Nobody waits for it.
        }
    }

    private static RuntimeException failed(Throwable cause) {
        return switch (cause) {
            case IllegalArgumentException e -> new IllegalArgumentException(e.getMessage(), e);
            case StoreException e -> new StoreException(String.valueOf(e.getMessage()), e);
            case Error e -> throw e;
            default -> new StoreException("the database refused: " + rootMessage(cause), cause);
        };
    }

    /** What the database itself said. */
    static String rootMessage(Throwable thrown) {
        var root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root instanceof UnknownHostException
                ? "there is no host " + root.getMessage()
                : String.valueOf(root.getMessage());
    }

    boolean isClosed() {
        return threads.isShutdown();
    }

    /** Waits, for a while, until what was asked for is done. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
