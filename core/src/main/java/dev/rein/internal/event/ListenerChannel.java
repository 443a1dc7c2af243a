package dev.rein.internal.event;

import dev.rein.internal.PrintableExceptions;
import dev.rein.internal.stop.Threads;
import dev.rein.run.RunInfo;
import dev.rein.run.RunListener;
import dev.rein.run.RunOutput;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notifies a listener in order, on a thread of its own that is there only while there is something to say: a listener that throws
 * or hangs holds up nobody.
 *
 * <p>Notifications are put into a queue, which may happen under a tree's lock, so that they are in the order of what they tell.
 * {@link #wake()} sees to it that somebody takes them out; it may start a thread, and is called without the lock.
 *
 * <pre>
 *   IDLE --wake, something waits--> DRAINING --nothing has waited for two seconds--> IDLE
 * </pre>
 */
public final class ListenerChannel implements RunListener {
    static final int MOST_WAITING = 10_000;

    private static final Logger log = LoggerFactory.getLogger(ListenerChannel.class);
    private static final ThreadFactory THREADS = Threads.daemon("rein-listener");
    private static final long LINGER_SECONDS = 2;

    /** Those whose thread is there. */
    private static final Set<ListenerChannel> BUSY = ConcurrentHashMap.newKeySet();

    private final RunListener listener;
    private final BlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
    private final AtomicBoolean draining = new AtomicBoolean();
    private final AtomicLong dropped = new AtomicLong();

    private ListenerChannel(RunListener listener) {
        this.listener = listener;
    }

    /** A channel to a listener; the listener itself if it is one. */
    public static RunListener of(RunListener listener) {
        return listener instanceof ListenerChannel ? listener : new ListenerChannel(listener);
    }

    /** Whether two are channels to one listener. */
    @SuppressWarnings("ReferenceEquality") // equals would be code of the user's
    public static boolean haveOneListener(RunListener one, RunListener other) {
        return one == other
                || (one instanceof ListenerChannel a && other instanceof ListenerChannel b && a.listener == b.listener);
    }

    @Override
    public void runStarted(RunInfo run) {
        put(() -> listener.runStarted(run));
    }

    @Override
    public void runEnded(RunInfo run, RunOutput output) {
        put(() -> listener.runEnded(run, output));
    }

    @Override
    public void modelRequestEnded(RunInfo run, ModelRequest request) {
        put(() -> listener.modelRequestEnded(run, request));
    }

    @Override
    public void toolCallEnded(RunInfo run, ToolCall call) {
        put(() -> listener.toolCallEnded(run, call));
    }

    private void put(Runnable notification) {
        if (waiting.offer(notification)) {
            return;
        }
        var all = dropped.incrementAndGet();
        if (all == 1 || all % MOST_WAITING == 0) {
            log.error(
                    "the run listener {} hangs or is too slow: {} notifications wait for it, and {} were dropped",
                    listener.getClass().getName(),
                    MOST_WAITING,
                    all);
        }
    }

    /** Sees to it that what has been put is told. */
    public void wake() {
        if (waiting.isEmpty() || !draining.compareAndSet(false, true)) {
            return;
        }
        BUSY.add(this);
        try {
            THREADS.newThread(this::drain).start();
        } catch (OutOfMemoryError e) {
            // No thread can be had: who observes must not fail what is observed. The next one tries again.
            BUSY.remove(this);
            draining.set(false);
            log.error(
                    "no thread can be started for the run listener {}",
                    listener.getClass().getName(),
                    e);
        }
    }

    private void drain() {
        for (var next = next(); next != null; next = next()) {
            try {
                next.run();
            } catch (Throwable e) {
                log.error("a run listener failed: {}", listener.getClass().getName(), PrintableExceptions.of(e));
            }
        }
        BUSY.remove(this);
        draining.set(false);
        // What was put in between has found a thread that was about to leave.
        wake();
    }

    private @Nullable Runnable next() {
        try {
            return waiting.poll(LINGER_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            // By the listener itself; it is of no use to anybody else.
            return waiting.poll();
        }
    }

    /** Waits until the listeners of this process have been notified of all that has happened, for a bounded time. */
    public static void flush(Duration atMost) throws InterruptedException {
        var end = System.nanoTime() + atMost.toNanos();
        for (var channel : BUSY) {
            var passed = new CountDownLatch(1);
            channel.put(passed::countDown);
            channel.wake();
            if (!passed.await(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                log.warn(
                        "the run listener {} has not been notified of everything",
                        channel.listener.getClass().getName());
            }
        }
    }
}
