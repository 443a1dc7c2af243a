package dev.rein.cancel;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The reason why a run was stopped. It is taken from the first effective request and never changes afterwards. Immutable.
 *
 * @param kind who or what stopped it
 * @param reason a sentence for people
 * @param actor the name of the requester, as given in the request; null for none
 * @param requestedAt the time of the request
 * @param stage the stage of the run at that time; null when unknown
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

    /** Creates a cause with an unknown stage. */
    public CancelCause(CancelKind kind, String reason, @Nullable String actor, Instant requestedAt) {
        this(kind, reason, actor, requestedAt, null);
    }

    /** Returns a copy with another stage, for another run of the tree. */
    public CancelCause stage(CancelStage value) {
        return new CancelCause(kind, reason, actor, requestedAt, value);
    }
}
