package dev.rein.cancel;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request to stop a run. Immutable; each method returns a changed copy.
 *
 * {@snippet :
 * agent.cancel(runId, CancelRequest.afterTurn().reason("budget review").actor("ops").atMost(Duration.ofSeconds(10)));
 * }
 *
 * @param mode the work that may still finish
 * @param kind the source of the request; {@link CancelKind#USER} by default
 * @param reason a sentence for people; null for the default sentence of the kind
 * @param actor the name of the requester; null when unknown
 * @param grace the time after which a thread that does not respond to the stop is abandoned; of several requests the
 *     earliest instant holds
 * @param atMost the time after which a graceful mode becomes {@link CancelMode#NOW}; of several requests the earliest
 *     instant holds
 * @param seenUpTo the index of the last event that a person has seen or heard; null when unknown. Text of later events is left
 *     out of the stopped run's output and messages; of several requests the lowest index holds
 */
public record CancelRequest(
        CancelMode mode,
        CancelKind kind,
        @Nullable String reason,
        @Nullable String actor,
        Duration grace,
        Duration atMost,
        @Nullable Long seenUpTo) {

    /** The default grace period, 2 s. */
    public static final Duration DEFAULT_GRACE = Duration.ofSeconds(2);

    /** The default time after which a graceful mode becomes NOW, 60 s. */
    public static final Duration DEFAULT_AT_MOST = Duration.ofSeconds(60);

    private static final Duration MAX_DURATION = Duration.ofDays(1);

    public CancelRequest {
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(kind, "kind");
        requireInRange("grace", grace);
        requireInRange("atMost", atMost);
        if (seenUpTo != null && seenUpTo < -1) {
            throw new IllegalArgumentException(
                    "seenUpTo is " + seenUpTo + ": give the index of an event, or -1 if none was seen");
        }
    }

    /** Returns a request that stops everything at once. */
    public static CancelRequest now() {
        return of(CancelMode.NOW);
    }

    /** Returns a request that lets the running batch of tool calls finish. */
    public static CancelRequest afterTools() {
        return of(CancelMode.AFTER_TOOLS);
    }

    /** Returns a request that lets the current response and its tool calls finish. */
    public static CancelRequest afterTurn() {
        return of(CancelMode.AFTER_TURN);
    }

    /** Returns a request that lets the running steps of a workflow finish. */
    public static CancelRequest afterStep() {
        return of(CancelMode.AFTER_STEP);
    }

    /** Returns a request of kind {@link CancelKind#USER} with the given mode. */
    public static CancelRequest of(CancelMode mode) {
        return new CancelRequest(mode, CancelKind.USER, null, null, DEFAULT_GRACE, DEFAULT_AT_MOST, null);
    }

    /** Returns a copy with another mode. */
    public CancelRequest mode(CancelMode newMode) {
        return new CancelRequest(newMode, kind, reason, actor, grace, atMost, seenUpTo);
    }

    public CancelRequest kind(CancelKind newKind) {
        return new CancelRequest(mode, newKind, reason, actor, grace, atMost, seenUpTo);
    }

    public CancelRequest reason(String newReason) {
        return new CancelRequest(mode, kind, newReason, actor, grace, atMost, seenUpTo);
    }

    public CancelRequest actor(@Nullable String newActor) {
        return new CancelRequest(mode, kind, reason, newActor, grace, atMost, seenUpTo);
    }

    /**
     * Returns a copy with another grace period.
     *
     * @param newGrace from zero to one day
     */
    public CancelRequest grace(Duration newGrace) {
        return new CancelRequest(mode, kind, reason, actor, newGrace, atMost, seenUpTo);
    }

    /**
     * Returns a copy with another bound for a graceful mode.
     *
     * @param newAtMost from zero to one day
     */
    public CancelRequest atMost(Duration newAtMost) {
        return new CancelRequest(mode, kind, reason, actor, grace, newAtMost, seenUpTo);
    }

    /**
     * Returns a copy that says how far the stream of the run has reached its reader, such as the user of a voice interface who
     * interrupts an answer. The text of later events is removed from the run's text and messages, so that the next run of the
     * session does not take it for said. Tool calls stay, because they have happened. Without effect on runs that have ended.
     *
     * @param index the index of the last event that was seen or heard; -1 for none
     */
    public CancelRequest seenUpTo(long index) {
        return new CancelRequest(mode, kind, reason, actor, grace, atMost, index);
    }

    private static void requireInRange(String name, Duration value) {
        if (value.isNegative() || value.compareTo(MAX_DURATION) > 0) {
            throw new IllegalArgumentException(
                    name + " is " + value + ": it must be between zero and " + MAX_DURATION.toDays() + " day");
        }
    }
}
