package dev.rein.internal.delivery;

import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.internal.stop.Durations;
import dev.rein.internal.stop.Scope;
import dev.rein.internal.stop.Timers;
import dev.rein.runtime.Limits;
import java.time.Duration;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The first-token and idle timeouts of one model call. Recording activity costs a single field write; the timer checks that
 * field when it fires and reschedules itself. Time does not count while delivery to the stream's owner blocks the call.
 */
public final class StreamTimeouts implements AutoCloseable {
    private final Timers timers;
    private final Scope scope;
    private final String model;
    private final @Nullable Duration first;
    private final @Nullable Duration idle;
    private volatile long lastActivity = System.nanoTime();
    private volatile boolean receivedAny;
    private volatile boolean delivering;
    private boolean closed;
    private @Nullable Future<?> timer;

    public StreamTimeouts(Timers timers, Scope scope, Limits limits, String model) {
        this.timers = timers;
        this.scope = scope;
        this.model = model;
        this.first = limits.firstToken();
        this.idle = limits.idle();
        check();
    }

    /** Records activity of the stream, and suspends the timeout until {@link #resume()}. */
    public void activity() {
        delivering = true;
        if (!receivedAny) {
            receivedAny = true;
            if (idle != null) {
                resume();
                restart();
            }
        }
    }

    /** Resumes the timeout after delivery. */
    public void resume() {
        lastActivity = System.nanoTime();
        delivering = false;
    }

    private synchronized void restart() {
        if (timer != null) {
            timer.cancel(false);
        }
        check();
    }

    private synchronized void check() {
        var limit = receivedAny ? idle : first;
        if (limit == null || closed) {
            return;
        }
        var nanos = Durations.nanos(limit);
        var remaining = delivering ? nanos : lastActivity + nanos - System.nanoTime();
        if (remaining <= 0) {
            var request = CancelRequest.now()
                    .kind(CancelKind.DEADLINE)
                    .reason(
                            receivedAny
                                    ? model + " was silent for " + limit.toMillis() + " ms in the middle of its answer"
                                    : model + " sent no first token within " + limit.toMillis() + " ms");
            scope.guardedSoon(() -> scope.request(request));
            return;
        }
        timer = timers.after(Duration.ofNanos(remaining), this::check);
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
