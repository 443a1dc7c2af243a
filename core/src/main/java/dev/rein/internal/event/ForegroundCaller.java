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

/** The caller that waits for a run in {@code run()} or reads its stream, and may disconnect. Thread-safe. */
public final class ForegroundCaller {
    private static final long SPIN_NANOS = 50_000;

    private final ObservedRun run;
    private final Scope scope;
    private final RunOptions options;
    private final @Nullable Scope caller;

    /**
     * @param scope the run's scope
     * @param options the run's options, including its disconnect policy
     * @param caller the parent's scope that waits for the run; null for a root
     */
    public ForegroundCaller(ObservedRun run, Scope scope, RunOptions options, @Nullable Scope caller) {
        this.run = run;
        this.scope = scope;
        this.options = options;
        this.caller = caller;
    }

    /** Waits until the run is ended or paused. An interrupt of the waiting thread counts as a disconnect. */
    public RunOutput await() {
        if (caller == null) {
            return await(run::rests);
        }
        // A child run: its parent continues once the decisions that this run waits for are made.
        caller.beginJoin(run::isEnded);
        try {
            return await(run::isEnded);
        } finally {
            caller.endJoin();
        }
    }

    private RunOutput await(BooleanSupplier condition) {
        try {
            spin(run);
            while (true) {
                scope.awaitInterruptibly(condition, Long.MAX_VALUE);
                var output = run.outputAtRest();
                if (output != null) {
                    return output;
                }
            }
        } catch (InterruptedException e) {
            if (scope.isCancelled() || disconnected("the thread that waited in run() was interrupted")) {
                run.awaitEnd();
            }
            Thread.currentThread().interrupt();
            return run.output();
        }
    }

    /** Spins briefly on a platform thread, which wakes up slower than a short run ends. A virtual thread would pin its carrier. */
    public static void spin(ObservedRun run) {
        if (!Thread.currentThread().isVirtual()) {
            var end = System.nanoTime() + SPIN_NANOS;
            while (!run.isEnded() && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
        }
    }

    /**
     * Applies the disconnect policy.
     *
     * @return whether an immediate stop was requested
     */
    boolean disconnected(String reason) {
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

    /** Stops the run after a delay. The earliest of several delayed stops applies. */
    void cancelAfter(Duration delay) {
        var millis = Durations.nanos(delay) / 1_000_000;
        scope.requestAfter(
                delay, CancelRequest.now().kind(CancelKind.USER).reason("cancelled after " + millis + " ms"));
    }

    /** A stream of the run's events in a log from {@code index} on. The run waits for its reader. */
    public ForegroundStream stream(EventLog events, long index) {
        var stall = Durations.nanos(options.consumerStall()) / 1_000_000;
        return new ForegroundStream(
                run,
                events.reader(run.id(), index, () -> disconnected("its consumer did not read for " + stall + " ms")),
                this);
    }
}
