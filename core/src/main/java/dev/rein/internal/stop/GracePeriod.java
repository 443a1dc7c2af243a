package dev.rein.internal.stop;

import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a stop of a scope gets stricter as time passes. The earliest instant that was ever promised holds: a later request may
 * bring it forward and never puts it off. Guarded by the tree's lock.
 *
 * <pre>
 *   NONE --graceful request--> REQUESTED --atMost is over, or nothing is left to finish--> ABORTING --backstop--> INTERRUPTED
 *     \_______________________________ mode NOW ___________________________________________^           |
 *                                                                                                grace is over
 *                                                                                                      v
 *                                                                            EXPIRED --the last child has ended--> EXPIRED
 * </pre>
 *
 * ABORTING: aborters are at work. INTERRUPTED: the threads that have not come back by then were interrupted. EXPIRED: what
 * is still there was abandoned; a thread that waited for its children gets a moment to come back when the last has ended.
 */
final class GracePeriod {
    /** How long a thread that registered aborters has to come back by them before it is interrupted too. */
    private static final Duration BACKSTOP = Duration.ofMillis(50);

    /** How long a thread whose grace is over has to come back once the children that it waited for have ended. */
    private static final Duration AFTER_CHILDREN = Duration.ofMillis(250);

    private enum Stage {
        NONE,
        REQUESTED,
        ABORTING,
        INTERRUPTED,
        EXPIRED
    }

    private final Scope scope;
    private final Alarm alarm;
    private Stage stage = Stage.NONE;
    private @Nullable CancelRequest bound;
    private long boundAt;
    private long deadline;
    private long completedAborters;

    GracePeriod(Scope scope) {
        this.scope = scope;
        this.alarm = new Alarm(scope, this::due);
    }

    /** A graceful request promises that the stop takes effect at an instant at the latest. */
    void takesEffectBy(CancelRequest request, long instant) {
        if (stage == Stage.NONE || (stage == Stage.REQUESTED && instant - boundAt < 0)) {
            stage = Stage.REQUESTED;
            bound = request.mode(CancelMode.NOW);
            boundAt = instant;
            alarm.set(instant);
        }
    }

    /** The stop is in effect: what has not stopped at {@code newDeadline} is abandoned, or earlier if that was promised. */
    void expiresAt(long newDeadline) {
        switch (stage) {
            case NONE, REQUESTED -> {
                stage = Stage.ABORTING;
                deadline = newDeadline;
                completedAborters = scope.environment().aborts().completed();
                alarm.set(System.nanoTime() + BACKSTOP.toNanos());
            }
            case ABORTING, INTERRUPTED -> {
                if (newDeadline - deadline < 0) {
                    deadline = newDeadline;
                    if (stage == Stage.INTERRUPTED) {
                        alarm.set(deadline);
                    }
                }
            }
            case EXPIRED -> {}
        }
    }

    /** The last child of a scope that has expired has ended, or it waited for one of the aborters that were abandoned. */
    void allowMoment() {
        stage = Stage.EXPIRED;
        alarm.set(System.nanoTime() + AFTER_CHILDREN.toNanos());
    }

    /** Nothing is left to watch over. */
    void end() {
        alarm.clear();
    }

    private void due() {
        switch (stage) {
            case REQUESTED -> scope.request(java.util.Objects.requireNonNull(bound));
            case ABORTING -> interrupt();
            case INTERRUPTED -> {
                stage = Stage.EXPIRED;
                scope.expire();
            }
            case EXPIRED -> scope.expire();
            case NONE -> {}
        }
    }

    private void interrupt() {
        // Of many stops at once some have aborters that wait their turn: interrupts would only be more work.
        var completed = scope.environment().aborts().completed();
        var now = System.nanoTime();
        if (completed != completedAborters && deadline - now > BACKSTOP.toNanos() && scope.hasAbortersToBegin()) {
            completedAborters = completed;
            alarm.set(now + BACKSTOP.toNanos());
            return;
        }
        scope.interruptAll();
        stage = Stage.INTERRUPTED;
        alarm.set(deadline);
    }
}
