package dev.rein.cli.demo;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelRequest;
import dev.rein.cli.Durations;
import dev.rein.run.CancelResult;
import dev.rein.run.RunStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The other thread: waits, and cancels the run by its id unless it has ended by then. */
final class Stopper implements AutoCloseable {
    private final Agent agent;
    private final RunStream stream;
    private final Duration after;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread = new Thread(this::stop, "stopper");

    private @Nullable CancelResult result;
    private int deliveredAtStop;

    private Stopper(Agent agent, RunStream stream, Duration after) {
        this.agent = agent;
        this.stream = stream;
        this.after = after;
    }

    static Stopper start(Agent agent, RunStream stream, Duration after) {
        var stopper = new Stopper(agent, stream, after);
        stopper.thread.start();
        return stopper;
    }

    private void stop() {
        try {
            if (!ended.await(after.toNanos(), TimeUnit.NANOSECONDS)) {
                var request = CancelRequest.now()
                        .reason("stopped after " + Durations.format(after))
                        .actor("rein demo");
                result = agent.cancel(stream.runId(), request);
                deliveredAtStop = stream.output().text().length();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Call once the run has ended: waits for the other thread. */
    @Override
    public void close() {
        ended.countDown();
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

    /** What the cancel came to; null when the run ended before. Valid after {@link #close()}. */
    @Nullable
    CancelResult result() {
        return result;
    }

    /** Characters that had been delivered when {@code cancel} returned. Valid after {@link #close()}. */
    int deliveredAtStop() {
        return deliveredAtStop;
    }
}
