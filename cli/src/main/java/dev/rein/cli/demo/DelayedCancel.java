package dev.rein.cli.demo;

import dev.rein.cancel.CancelRequest;
import dev.rein.cli.Durations;
import dev.rein.run.CancelResult;
import dev.rein.runtime.Component;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Cancels a run by its id from another thread after a delay, unless the run has ended by then. */
final class DelayedCancel implements AutoCloseable {
    private final Component component;
    private final String runId;
    private final Duration after;
    private final CountDownLatch countFrom;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread = new Thread(this::stop, "stopper");

    private @Nullable CancelResult result;
    private @Nullable Instant returnedAt;

    private DelayedCancel(Component component, String runId, Duration after, CountDownLatch countFrom) {
        this.component = component;
        this.runId = runId;
        this.after = after;
        this.countFrom = countFrom;
    }

    /** @param countFrom the time counts once it is open */
    static DelayedCancel start(Component component, String runId, Duration after, CountDownLatch countFrom) {
        var canceller = new DelayedCancel(component, runId, after, countFrom);
        canceller.thread.start();
        return canceller;
    }

    private void stop() {
        try {
            countFrom.await();
            if (!ended.await(after.toNanos(), TimeUnit.NANOSECONDS)) {
                var request = CancelRequest.now()
                        .reason("stopped after " + Durations.format(after))
                        .actor("rein demo");
                result = component.cancel(runId, request);
                returnedAt = Instant.now();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for the other thread. Call once the run has ended. */
    @Override
    public void close() {
        ended.countDown();
        countFrom.countDown();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The result of the cancel; null if the run ended first. Valid after {@link #close()}. */
    @Nullable
    CancelResult result() {
        return result;
    }

    /** When {@code cancel} returned; null if it was not called. Valid after {@link #close()}. */
    @Nullable
    Instant returnedAt() {
        return returnedAt;
    }
}
