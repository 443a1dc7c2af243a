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
 * The stop that a scope is under. The cause is that of the first effective request and stays; the mode may get stronger.
 * Guarded by the tree's lock.
 */
public final class Stop {
    /** A client may repeat itself without end; the list of its requests may not grow without end. */
    private static final int MOST_REQUESTS = 100;

    public final CancelCause cause;
    public final long requestedNanos;
    private final List<CancelRequest> requests = new ArrayList<>(1);
    public CancelMode mode;
    Duration grace;

    private Stop(CancelCause cause, CancelMode mode, Duration grace, long requestedNanos) {
        this.cause = cause;
        this.mode = mode;
        this.grace = grace;
        this.requestedNanos = requestedNanos;
    }

    /** @param before where what is stopped stood */
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

    /** What a piece of a stopped run is under: the same, because it is the run whose stop its code asks for. */
    static Stop ofPiece(Stop stop) {
        return new Stop(stop.cause, stop.mode, stop.grace, stop.requestedNanos);
    }

    /**
     * What a run below a stopped scope is under.
     *
     * @param parent what that is; null if the run takes its cause over as it is
     * @param before where the run stood
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

    /** What a run was stopped by elsewhere. */
    public static Stop elsewhere(CancelCause cause, CancelMode mode, @Nullable Stop here) {
        var stop = new Stop(
                cause, mode, CancelRequest.DEFAULT_GRACE, here == null ? System.nanoTime() : here.requestedNanos);
        if (here != null) {
            stop.requests.addAll(here.requests);
        }
        return stop;
    }

    void add(CancelRequest request) {
        if (requests.size() < MOST_REQUESTS) {
            requests.add(request);
        }
    }

    void strengthen(CancelMode newMode, Duration newGrace) {
        mode = newMode;
        grace = newGrace;
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
