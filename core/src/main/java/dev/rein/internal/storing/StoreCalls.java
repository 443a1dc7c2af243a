package dev.rein.internal.storing;

import dev.rein.internal.PrintableExceptions;
import dev.rein.internal.stop.Threads;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Calls a store on a few platform threads, for callers that wait for a bounded time. While the store hangs, those for whom no
 * thread is left are refused instead of taking further ones. Thread-safe.
 */
final class StoreCalls {
    static final int MOST_THREADS = 8;

    /** How long a call waits for a thread. */
    private static final Duration THREAD_WAIT = Duration.ofSeconds(1);

    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            MOST_THREADS,
            MOST_THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Threads.daemon("rein-store-call"));

    /** How many threads are in a call whose caller has stopped waiting. */
    private final AtomicInteger stuck = new AtomicInteger();

    StoreCalls() {
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Calls the store and waits. An interrupt does not end the wait, and is not lost.
     *
     * @throws IllegalStateException if the store fails or does not answer in time
     */
    <T> T call(Callable<T> query, Duration atMost) {
        if (stuck.get() >= MOST_THREADS) {
            throw noThread();
        }
        var call = new Call<>(query);
        threads.execute(call);
        return uninterruptibly(() -> {
            if (!call.begun.await(Math.min(atMost.toNanos(), THREAD_WAIT.toNanos()), TimeUnit.NANOSECONDS)
                    && threads.remove(call)) {
                throw noThread();
            }
            return result(call, atMost);
        });
    }

    private <T> T result(Call<T> call, Duration atMost) throws InterruptedException {
        try {
            return call.get(call.deadline(atMost) - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw failed(e);
        } catch (TimeoutException e) {
            call.giveUp();
            throw late(atMost, e);
        }
    }

    /** Waits for an answer that another thread gives, as {@link #call} does. */
    static <T> T await(Future<T> answer, Duration atMost) {
        var end = System.nanoTime() + atMost.toNanos();
        return uninterruptibly(() -> {
            try {
                return answer.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (ExecutionException e) {
                throw failed(e);
            } catch (TimeoutException e) {
                throw late(atMost, e);
            }
        });
    }

    private static IllegalStateException failed(ExecutionException e) {
        return new IllegalStateException("the store failed: " + e.getCause(), e);
    }

    private static IllegalStateException late(Duration atMost, TimeoutException e) {
        return new IllegalStateException("the store did not answer within " + atMost.toMillis() + " ms", e);
    }

    private static IllegalStateException noThread() {
        return new IllegalStateException(
                "the store does not answer: " + MOST_THREADS + " other calls wait for it already");
    }

    private interface Waiting<T> {
        T await() throws InterruptedException;
    }

    private static <T> T uninterruptibly(Waiting<T> waiting) {
        var interrupted = false;
        try {
            while (true) {
                try {
                    return waiting.await();
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

    private final class Call<T> extends FutureTask<T> {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final long madeNanos = System.nanoTime();
        private boolean isOver;
        private boolean isStuck;

        Call(Callable<T> query) {
            super(() -> PrintableExceptions.call(query));
        }

        long deadline(Duration atMost) {
            return madeNanos + atMost.toNanos();
        }

        @Override
        public void run() {
            begun.countDown();
            try {
                super.run();
            } finally {
                over();
            }
        }

        private synchronized void over() {
            isOver = true;
            if (isStuck) {
                stuck.decrementAndGet();
            }
        }

        synchronized void giveUp() {
            if (!isOver && !isStuck) {
                isStuck = true;
                stuck.incrementAndGet();
            }
        }
    }
}
