package dev.rein.internal.stop;

import dev.rein.cancel.CancelCause;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.cancel.CancelStage;
import dev.rein.run.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stop of a scope. The cause is that of the first effective request and stays; the mode may get stronger, and its bounds
 * tighter. Guarded by the tree's lock.
 */
public final class Stop {
    /** A client may repeat itself without end; the list of its requests may not grow without end. */
    private static final int MOST_REQUESTS = 100;

    public final CancelCause cause;
    public final long requestedNanos;
    private final List<CancelRequest> requests = new ArrayList<>(1);
    public CancelMode mode;

    /** The shortest of all requests that came before the stop took effect. */
    private Duration grace;

    /** The lowest index of the last event that somebody has seen; null if no request says. */
    private @Nullable Long seenUpTo;

    /** When what has not stopped is abandoned, as {@link System#nanoTime}; set once the stop is in effect. */
    private @Nullable Long deadline;

    private Stop(CancelCause cause, CancelMode mode, Duration grace, long requestedNanos) {
        this.cause = cause;
        this.mode = mode;
        this.grace = grace;
        this.requestedNanos = requestedNanos;
    }

    /** @param before the status of what is stopped */
    public static Stop of(CancelRequest request, RunStatus before) {
        var reason = request.reason();
        var cause = new CancelCause(
                request.kind(),
                reason != null ? reason : reasonOf(request.kind()),
                request.actor(),
                Instant.now(),
                stage(before));
        var stop = new Stop(cause, request.mode(), request.grace(), System.nanoTime());
        stop.add(request);
        return stop;
    }

    /** The stop of a piece of a stopped run: the same, because its code asks for the stop of the run. */
    static Stop ofPiece(Stop stop) {
        return new Stop(stop.cause, stop.mode, stop.grace, stop.requestedNanos);
    }

    /**
     * The stop of a run below a stopped scope.
     *
     * @param parent the stopped scope, for people; null if the run takes over the cause as it is
     * @param before the run's status
     */
    static Stop ofRunBelow(@Nullable String parent, Stop stop, RunStatus before) {
        var cause = stop.cause;
        // The reason is passed on as it is, so that it does not grow with the depth of the tree.
        var inherited = parent == null || cause.kind() == CancelKind.PARENT
                ? cause
                : new CancelCause(
                        CancelKind.PARENT,
                        parent + " was stopped: " + cause.reason(),
                        cause.actor(),
                        cause.requestedAt());
        return new Stop(inherited.stage(stage(before)), stop.mode, stop.grace, stop.requestedNanos);
    }

    private static CancelStage stage(RunStatus before) {
        return switch (before) {
            case PENDING -> CancelStage.PENDING;
            case PAUSED -> CancelStage.PAUSED;
            default -> CancelStage.EXECUTING;
        };
    }

    /** The stop of a run that another process has stopped. */
    public static Stop elsewhere(CancelCause cause, CancelMode mode, @Nullable Stop here) {
        var stop = new Stop(
                cause, mode, CancelRequest.DEFAULT_GRACE, here == null ? System.nanoTime() : here.requestedNanos);
        if (here != null) {
            stop.requests.addAll(here.requests);
            stop.seenUpTo = here.seenUpTo;
        }
        return stop;
    }

    void add(CancelRequest request) {
        seenUpTo = lower(seenUpTo, request.seenUpTo());
        if (requests.size() < MOST_REQUESTS) {
            requests.add(request);
        }
    }

    @Nullable
    Long seenUpTo() {
        return seenUpTo;
    }

    /** The lower of two indexes, of which either may be unknown. */
    static @Nullable Long lower(@Nullable Long one, @Nullable Long other) {
        return one == null || (other != null && other < one) ? other : one;
    }

    /**
     * Takes in a request that comes before the stop is in effect.
     *
     * @return whether it makes the mode stronger
     */
    boolean strengthen(CancelMode newMode, Duration newGrace) {
        if (newGrace.compareTo(grace) < 0) {
            grace = newGrace;
        }
        if (!newMode.strongerThan(mode)) {
            return false;
        }
        mode = newMode;
        return true;
    }

    /** The same for what the stop of a parent asks for. */
    boolean strengthen(Stop parents) {
        return strengthen(parents.mode, parents.grace);
    }

    /** The stop takes effect: the grace period begins. */
    void takesEffect(long now) {
        expiresBy(now + Durations.nanos(grace));
    }

    /**
     * Promises that what has not stopped is abandoned at an instant at the latest.
     *
     * @return whether that is earlier than what was promised before
     */
    boolean expiresBy(long instant) {
        if (deadline != null && instant - deadline >= 0) {
            return false;
        }
        deadline = instant;
        return true;
    }

    /** When what has not stopped is abandoned; null before the stop is in effect. */
    @Nullable
    Long deadline() {
        return deadline;
    }

    public List<CancelRequest> requests() {
        return List.copyOf(requests);
    }

    private static String reasonOf(CancelKind kind) {
        return switch (kind) {
            case USER -> "cancelled by request";
            case PARENT -> "its parent was stopped";
            case SIBLING -> "a parallel branch failed";
            case DEADLINE -> "a time limit was reached";
            case BUDGET -> "a budget was used up";
            case DISCONNECT -> "its consumer went away";
            case SHUTDOWN -> "the process is ending";
            case LEASE_LOST -> "another process took it over";
        };
    }
}
