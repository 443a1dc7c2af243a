package dev.rein.cancel;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Why a run was stopped: taken from the first request that took effect, and never changed afterwards.
 *
 * @param kind who or what stopped it
 * @param reason a sentence for people
 * @param actor who asked, as the caller named itself; null when nobody did
 * @param requestedAt when it was asked
 * @param stage how far the run had come by then; null when unknown
 */
public record CancelCause(
        CancelKind kind,
        String reason,
        @Nullable String actor,
        Instant requestedAt,
        @Nullable CancelStage stage) {
    public CancelCause {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(requestedAt, "requestedAt");
    }

    /** A cause of a run that had come nobody knows how far. */
    public CancelCause(CancelKind kind, String reason, @Nullable String actor, Instant requestedAt) {
        this(kind, reason, actor, requestedAt, null);
    }

    /** The same for another run. */
    public CancelCause stage(CancelStage value) {
        return new CancelCause(kind, reason, actor, requestedAt, value);
    }
}
