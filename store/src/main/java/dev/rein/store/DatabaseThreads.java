package dev.rein.store;

import dev.rein.text.PlainText;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A small pool of platform threads that call the database driver. SQLite's native calls would pin the carrier of a virtual thread,
 * and an interrupt in PostgreSQL's driver closes the connection; so callers never enter the driver themselves. The number of
 * queued calls and the wait of each caller are bounded. Thread-safe.
 */
final class DatabaseThreads implements AutoCloseable {
    /** The maximum number of calls that wait for a thread. */
    static final int MOST_QUEUED = 1_000;

    /** Room for urgent calls, of which there are few. */
    private static final int MOST_URGENT = 100;

    private static final Duration CLOSE_WAIT = Duration.ofSeconds(10);

    private final ThreadPoolExecutor threads;

    /** The calls whose callers wait. */
    private final Set<Future<?>> calls = ConcurrentHashMap.newKeySet();

    private final Duration closeWait;
    private final Runnable onLate;

    /** @param onLate called when a caller has waited too long */
    DatabaseThreads(String name, int size, Runnable onLate) {
        this(name, size, onLate, CLOSE_WAIT);
    }

    /** @param closeWait how long {@link #close} waits for work that is not done */
    DatabaseThreads(String name, int size, Runnable onLate, Duration closeWait) {
        this.closeWait = closeWait;
        this.onLate = onLate;
        var count = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                size,
                size,
                10,
                TimeUnit.SECONDS,
                new Queue(),
                code -> Thread.ofPlatform()
                        .name(name + "-" + count.incrementAndGet())
                        .daemon()
                        .unstarted(code));
        threads.allowCoreThreadTimeOut(true);
    }

    /** Puts urgent calls before the others. */
    private static final class Queue extends LinkedBlockingDeque<Runnable> {
        private static final long serialVersionUID = 1L;

        Queue() {
            super(MOST_QUEUED + MOST_URGENT);
        }

        @Override
        public boolean offer(Runnable call) {
            return (call instanceof Call<?> known && known.urgent)
                    ? offerFirst(call)
                    : (size() < MOST_QUEUED && offerLast(call));
        }
    }

    private static final class Call<T> extends FutureTask<T> {
        private final boolean urgent;

        Call(Callable<T> work, boolean urgent) {
            super(work);
            this.urgent = urgent;
        }
    }

    /**
     * Runs work on one of the threads and waits for its result. An interrupt ends the wait; work that had begun is completed all the
     * same.
     *
     * @param atMost how long to wait
     * @param urgent whether the work comes before other work that waits for a thread
     * @throws StoreException if it failed, the wait was interrupted or too long, too many calls wait, or the store is closed
     */
    @SuppressWarnings("CollectionUndefinedEquality") // a task is equal to itself and nothing else
    <T> T call(Callable<T> work, Duration atMost, boolean urgent) {
        var task = new Call<>(work, urgent);
        calls.add(task);
        try {
            threads.execute(task);
            return task.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            throw rejected(e);
        } catch (TimeoutException e) {
            throw late(task, atMost, e);
        } catch (CancellationException e) {
            throw new StoreException(
                    "the store was closed before the database had answered: a write may have been done or not", e);
        } catch (InterruptedException e) {
            task.cancel(false);
            Thread.currentThread().interrupt();
            throw new StoreException(
                    "interrupted while waiting for the database: a write may have been done or not", e);
        } catch (ExecutionException e) {
            throw failed(e.getCause() == null ? e : e.getCause());
        } finally {
            calls.remove(task);
        }
    }

    private StoreException rejected(RejectedExecutionException e) {
        return threads.isShutdown()
                ? new StoreException("the store is closed: close it after the last run has ended", e)
                : new StoreException(
                        "the database is too slow: " + MOST_QUEUED + " calls wait for it already; nothing was done", e);
    }

    private StoreException late(Call<?> task, Duration atMost, TimeoutException e) {
        var began = !threads.remove(task);
        task.cancel(false);
        onLate.run();
        var wait = "within " + atMost.toMillis() + " ms";
        return new StoreException(
                began
                        ? "the database did not answer " + wait + ": a write may have been done or not"
                        : "the database is too slow: it did not begin with a call " + wait + "; nothing was done",
                e);
    }

    /** Runs work on one of the threads without waiting for it. Does nothing once this is closed. */
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

    /** The message of the innermost cause, which is the database's own. */
    static String rootMessage(Throwable thrown) {
        var root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root instanceof UnknownHostException
                ? "there is no host " + PlainText.message(root)
                : PlainText.message(root);
    }

    /** How many calls wait for a thread. */
    int queued() {
        return threads.getQueue().size();
    }

    boolean isClosed() {
        return threads.isShutdown();
    }

    /** Waits for some seconds until the work is done. Callers whose work is not done by then are told that the store is closed. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (threads.awaitTermination(closeWait.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
        // Also those whose work has begun: a database that hangs may never answer.
        calls.forEach(call -> call.cancel(false));
    }
}
