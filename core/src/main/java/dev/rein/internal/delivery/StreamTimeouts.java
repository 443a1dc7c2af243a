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
 * The first-token and idle limits of one model call. A sign of life costs one write to a field; the timer looks at it when
 * it fires and sets itself anew. While the stream's owner holds the call up, no time passes.
 */
public final class StreamTimeouts implements AutoCloseable {
    private final Timers timers;
    private final Scope scope;
    private final String model;
    private final @Nullable Duration first;
    private final @Nullable Duration idle;
    private volatile long lastSign = System.nanoTime();
    private volatile boolean alive;
    private volatile boolean heldUp;
    private boolean closed;
    private @Nullable Future<?> timer;

    public StreamTimeouts(Timers timers, Scope scope, Limits limits, String model) {
        this.timers = timers;
        this.scope = scope;
        this.model = model;
        this.first = limits.firstToken();
        this.idle = limits.idle();
        look();
    }

    /** Something came; the call is held up until {@link #goesOn()}. */
    public void sign() {
        heldUp = true;
        if (!alive) {
            alive = true;
            if (idle != null) {
                goesOn();
                restart();
            }
        }
    }

    /** The call is not held up any longer. */
    public void goesOn() {
        lastSign = System.nanoTime();
        heldUp = false;
    }

    private synchronized void restart() {
        if (timer != null) {
            timer.cancel(false);
        }
        look();
    }

    private synchronized void look() {
        var limit = alive ? idle : first;
        if (limit == null || closed) {
            return;
        }
        var nanos = Durations.nanos(limit);
        var left = heldUp ? nanos : lastSign + nanos - System.nanoTime();
        if (left <= 0) {
            var request = CancelRequest.now()
                    .kind(CancelKind.DEADLINE)
                    .reason(
                            alive
                                    ? model + " was silent for " + limit.toMillis() + " ms in mid-answer"
                                    : model + " sent no first token within " + limit.toMillis() + " ms");
            scope.guardedSoon(() -> scope.request(request));
            return;
        }
        timer = timers.after(Duration.ofNanos(left), this::look);
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
