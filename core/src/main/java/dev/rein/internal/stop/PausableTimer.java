package dev.rein.internal.stop;

import java.time.Duration;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A time limit that can stand still. Guarded by the tree's lock. */
public final class PausableTimer {
    private final Timers timers;
    private final Runnable onZero;
    private long leftNanos;
    private long sinceNanos;
    private @Nullable Future<?> timer;
    private boolean over;

    public PausableTimer(Timers timers, Duration limit, Runnable onZero) {
        this.timers = timers;
        this.leftNanos = Durations.nanos(limit);
        this.onZero = onZero;
    }

    public void goOn() {
        if (timer == null && !over) {
            sinceNanos = System.nanoTime();
            timer = timers.after(Duration.ofNanos(leftNanos), onZero);
        }
    }

    public void standStill() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
            leftNanos = Math.max(0, leftNanos - (System.nanoTime() - sinceNanos));
        }
    }

    /** It is not needed any longer. */
    public void end() {
        standStill();
        over = true;
    }
}
