package dev.rein.internal.event;

import dev.rein.cancel.CancelCause;
import dev.rein.internal.PrintableExceptions;
import dev.rein.run.RunInfo;
import dev.rein.run.RunListener;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notifies a listener in order, on a dedicated thread that exists only while there are notifications. A listener that throws or
 * blocks affects no run.
 *
 * <p>Notifications are enqueued under the tree's lock if need be, so that they are in the order of the events. {@link #wake()}
 * ensures that they are delivered; it may start a thread and must be called without the lock.
 */
public final class ListenerChannel implements RunListener {
    static final int MAX_PENDING = 10_000;

    private static final Logger log = LoggerFactory.getLogger(ListenerChannel.class);

    private final RunListener listener;
    private final SerialQueue pending = new SerialQueue("rein-listener", MAX_PENDING, this::failed);
    private final AtomicLong dropped = new AtomicLong();

    private ListenerChannel(RunListener listener) {
        this.listener = listener;
    }

    /** A channel to a listener, or the listener itself if it is a channel. */
    public static RunListener of(RunListener listener) {
        return listener instanceof ListenerChannel ? listener : new ListenerChannel(listener);
    }

    /** Whether both are the same listener, or channels to the same listener. */
    @SuppressWarnings("ReferenceEquality") // equals would be user code
    public static boolean isSameListener(RunListener one, RunListener other) {
        return one == other
                || (one instanceof ListenerChannel a && other instanceof ListenerChannel b && a.listener == b.listener);
    }

    @Override
    public void runStarted(RunInfo run) {
        enqueue(() -> listener.runStarted(run));
    }

    @Override
    public void runEnded(RunInfo run, RunOutput output) {
        enqueue(() -> listener.runEnded(run, output));
    }

    @Override
    public void runPaused(RunInfo run, Instant at) {
        enqueue(() -> listener.runPaused(run, at));
    }

    @Override
    public void lostRunEnded(RunInfo run, RunStatus status, @Nullable CancelCause cause) {
        enqueue(() -> listener.lostRunEnded(run, status, cause));
    }

    @Override
    public void modelRequestEnded(RunInfo run, ModelRequest request) {
        enqueue(() -> listener.modelRequestEnded(run, request));
    }

    @Override
    public void toolCallEnded(RunInfo run, ToolCall call) {
        enqueue(() -> listener.toolCallEnded(run, call));
    }

    @Override
    public void guardrailChecked(RunInfo run, GuardrailCheck check) {
        enqueue(() -> listener.guardrailChecked(run, check));
    }

    private void enqueue(Runnable notification) {
        if (pending.offer(notification)) {
            return;
        }
        var all = dropped.incrementAndGet();
        if (all == 1 || all % MAX_PENDING == 0) {
            log.error(
                    "the run listener {} blocks or is too slow: {} notifications are pending, and {} were dropped",
                    listener.getClass().getName(),
                    MAX_PENDING,
                    all);
        }
    }

    private void failed(Throwable failure) {
        log.error("a run listener failed: {}", listener.getClass().getName(), PrintableExceptions.of(failure));
    }

    /** Ensures that pending notifications are delivered. */
    public void wake() {
        pending.wake();
    }

    /** Waits, for a bounded time, until the pending notifications of some listeners are delivered. */
    public static void flush(Collection<ListenerChannel> channels, Duration atMost) throws InterruptedException {
        var end = System.nanoTime() + atMost.toNanos();
        for (var channel : channels) {
            if (channel.pending.isIdle()) {
                continue;
            }
            var passed = new CountDownLatch(1);
            channel.enqueue(passed::countDown);
            channel.wake();
            if (!passed.await(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                log.warn(
                        "the run listener {} has not received all notifications in time",
                        channel.listener.getClass().getName());
            }
        }
    }
}
