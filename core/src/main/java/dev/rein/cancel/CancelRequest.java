package dev.rein.cancel;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A wish to stop a run. Immutable; each method returns a changed copy.
 *
 * {@snippet :
 * agent.cancel(runId, CancelRequest.afterTurn().reason("budget review").actor("ops").atMost(Duration.ofSeconds(10)));
 * }
 *
 * @param mode what may still finish
 * @param kind who or what stops the run; {@link CancelKind#USER} unless changed
 * @param reason a sentence for people; null gives one made from the kind
 * @param actor who asks; null when unknown
 * @param grace how long code that ignores the stop may take before its thread is abandoned
 * @param atMost when a graceful mode turns into {@link CancelMode#NOW}
 */
public record CancelRequest(
        CancelMode mode,
        CancelKind kind,
        @Nullable String reason,
        @Nullable String actor,
        Duration grace,
        Duration atMost) {

    /** How long deaf code may take unless the request says otherwise: 2 s. */
    public static final Duration DEFAULT_GRACE = Duration.ofSeconds(2);

    /** When a graceful mode turns into NOW unless the request says otherwise: 60 s. */
    public static final Duration DEFAULT_AT_MOST = Duration.ofSeconds(60);

    private static final Duration LONGEST = Duration.ofDays(1);

    public CancelRequest {
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(kind, "kind");
        requireSane("grace", grace);
        requireSane("atMost", atMost);
    }

    /** Stops everything at once. */
    public static CancelRequest now() {
        return of(CancelMode.NOW);
    }

    /** Lets the running tool batch finish. */
    public static CancelRequest afterTools() {
        return of(CancelMode.AFTER_TOOLS);
    }

    /** Lets the running response and its tool batch finish. */
    public static CancelRequest afterTurn() {
        return of(CancelMode.AFTER_TURN);
    }

    /** Lets the running steps finish. */
    public static CancelRequest afterStep() {
        return of(CancelMode.AFTER_STEP);
    }

    /** A request of the given mode by {@link CancelKind#USER}. */
    public static CancelRequest of(CancelMode mode) {
        return new CancelRequest(mode, CancelKind.USER, null, null, DEFAULT_GRACE, DEFAULT_AT_MOST);
    }

    /** The same wish in another mode. */
    public CancelRequest mode(CancelMode newMode) {
        return new CancelRequest(newMode, kind, reason, actor, grace, atMost);
    }

    public CancelRequest kind(CancelKind newKind) {
        return new CancelRequest(mode, newKind, reason, actor, grace, atMost);
    }

    public CancelRequest reason(String newReason) {
        return new CancelRequest(mode, kind, newReason, actor, grace, atMost);
    }

    public CancelRequest actor(@Nullable String newActor) {
        return new CancelRequest(mode, kind, reason, newActor, grace, atMost);
    }

    /** @param newGrace zero to one day */
    public CancelRequest grace(Duration newGrace) {
        return new CancelRequest(mode, kind, reason, actor, newGrace, atMost);
    }

    /** @param newAtMost zero to one day */
    public CancelRequest atMost(Duration newAtMost) {
        return new CancelRequest(mode, kind, reason, actor, grace, newAtMost);
    }

    private static void requireSane(String name, Duration value) {
        if (value.isNegative() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    name + " is " + value + ": it must be between zero and " + LONGEST.toDays() + " day");
        }
    }
}
