package dev.rein.internal.event;

import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.internal.stop.Durations;
import dev.rein.internal.stop.Scope;
import dev.rein.run.RunOutput;
import dev.rein.runtime.DisconnectPolicy;
import dev.rein.runtime.RunOptions;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The one whom a run is for: it waits in {@code run()} or reads a stream, and may go away. Thread-safe. */
public final class ForegroundCaller {
    private static final long SPIN_NANOS = 50_000;

    private final ObservedRun run;
    private final Scope scope;
    private final EventLog events;
    private final RunOptions options;
    private final @Nullable Scope caller;

    /**
     * @param scope the run's own
     * @param options what the run was started with: its disconnect policy counts
     * @param caller whose code waits for the run, which is part of its own; null for a root
     */
    public ForegroundCaller(ObservedRun run, Scope scope, EventLog events, RunOptions options, @Nullable Scope caller) {
        this.run = run;
        this.scope = scope;
        this.events = events;
        this.options = options;
        this.caller = caller;
    }

    /** Waits until the run rests. When the waiting thread is interrupted, the owner has gone away. */
    public RunOutput await() {
        if (caller == null) {
            return await(run::rests);
        }
        // Part of a run that goes on when it has been decided what this one waits for.
        caller.joins(run::isEnded);
        try {
            return await(run::isEnded);
        } finally {
            caller.joinsNoLonger();
        }
    }

    private RunOutput await(BooleanSupplier condition) {
        try {
            spin(run);
            scope.awaitInterruptibly(condition, Long.MAX_VALUE);
            return run.output();
        } catch (InterruptedException e) {
            if (scope.isCancelled() || left("the thread that waited in run() was interrupted")) {
                run.awaitEnd();
            }
            Thread.currentThread().interrupt();
            return run.output();
        }
    }

    /** A parked platform thread takes longer to wake than a short run takes; a virtual thread does not, and would hold a carrier. */
    public static void spin(ObservedRun run) {
        if (!Thread.currentThread().isVirtual()) {
            var end = System.nanoTime() + SPIN_NANOS;
            while (!run.isEnded() && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
        }
    }

    /**
     * It has gone away: applies the disconnect policy.
     *
     * @return whether the run was told to stop at once
     */
    boolean left(String reason) {
        var policy = Objects.requireNonNullElse(options.onDisconnect(), DisconnectPolicy.CANCEL);
        if (!(policy instanceof DisconnectPolicy.CancelAfter after)) {
            return false;
        }
        var request = CancelRequest.now().kind(CancelKind.DISCONNECT).reason(reason);
        if (after.delay().isZero()) {
            scope.request(request);
            return true;
        }
        scope.requestAfter(after.delay(), request);
        return false;
    }

    /** Stops the run after {@code delay}; of several such stops the earliest counts. */
    void cancelAfter(Duration delay) {
        var millis = Durations.nanos(delay) / 1_000_000;
        scope.requestAfter(
                delay, CancelRequest.now().kind(CancelKind.USER).reason("cancelled after " + millis + " ms"));
    }

    /** A stream of the run's events from {@code index} on, which the run waits for. */
    public ForegroundStream stream(long index) {
        var stall = Durations.nanos(options.consumerStall()) / 1_000_000;
        return new ForegroundStream(
                run,
                events.reader(run.id(), index, () -> left("its consumer did not read for " + stall + " ms")),
                this);
    }
}
