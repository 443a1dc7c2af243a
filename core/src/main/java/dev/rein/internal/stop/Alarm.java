package dev.rein.internal.stop;

import java.time.Duration;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * An action of a scope at an instant that may be moved or cleared. The instant is guarded by the tree's lock; the timer
 * follows it once the lock is left. Whoever makes the timer follow reads the latest instant, so it does not matter in which
 * order several threads do.
 *
 * <pre>
 *   CLEARED --set--> DUE AT AN INSTANT --the instant comes--> CLEARED (the action is performed under the lock)
 *      ^_________clear________/  \__set__/
 * </pre>
 */
final class Alarm {
    private static final long CLEARED = Long.MAX_VALUE;

    private final Scope scope;
    private final Runnable action;

    /** Written under the tree's lock. */
    private volatile long due = CLEARED;

    /** The instant that {@link #timer} is set to. Guarded by this. */
    private long timedFor = CLEARED;

    private @Nullable Future<?> timer;

    /** @param action called under the tree's lock, on a thread of the kernel's */
    Alarm(Scope scope, Runnable action) {
        this.scope = scope;
        this.action = action;
    }

    /** Has the action performed at an instant, as {@link System#nanoTime}, and at no other. Called under the lock. */
    void set(long instant) {
        due = instant;
        scope.lock().effects().timer(this);
    }

    /** Called under the lock. */
    void clear() {
        if (due != CLEARED) {
            set(CLEARED);
        }
    }

    boolean isSet() {
        return due != CLEARED;
    }

    /** Makes the timer follow the instant. Called without the lock. */
    synchronized void apply() {
        var wanted = due;
        if (wanted == timedFor) {
            return;
        }
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
        timedFor = CLEARED;
        if (wanted != CLEARED) {
            var delay = Duration.ofNanos(Math.max(0, wanted - System.nanoTime()));
            timer = scope.environment().timers().after(delay, () -> scope.guardedSoon(this::perform));
            timedFor = wanted;
        }
    }

    /** Under the lock: the instant may have been moved since the timer fired. */
    private void perform() {
        if (due != CLEARED && due - System.nanoTime() <= 0) {
            due = CLEARED;
            action.run();
        }
    }
}
