package dev.rein.internal.stop;

import java.time.Duration;

/**
 * A time limit that stands still while its run is paused. Guarded by the tree's lock.
 *
 * <pre>
 *   STANDING STILL --resume--> RUNNING --the time is up--> OVER
 *        |    ^________pause______/ |
 *        \___________ end __________\--------------------> OVER
 * </pre>
 */
public final class PausableTimer {
    private final Alarm alarm;
    private long leftNanos;
    private long sinceNanos;
    private boolean running;
    private boolean over;

    /**
     * @param scope whose lock guards this
     * @param onTimeUp called once, under the lock, when the time is up
     */
    public PausableTimer(Scope scope, Duration limit, Runnable onTimeUp) {
        this.leftNanos = Durations.nanos(limit);
        this.alarm = new Alarm(scope, () -> {
            over = true;
            onTimeUp.run();
        });
    }

    public void resume() {
        if (!running && !over) {
            running = true;
            sinceNanos = System.nanoTime();
            alarm.set(sinceNanos + leftNanos);
        }
    }

    public void pause() {
        if (running) {
            running = false;
            alarm.clear();
            leftNanos = Math.max(0, leftNanos - (System.nanoTime() - sinceNanos));
        }
    }

    /** The limit applies no longer. */
    public void end() {
        pause();
        over = true;
    }
}
