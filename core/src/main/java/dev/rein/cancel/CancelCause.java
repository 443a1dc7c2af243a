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
 */
public record CancelCause(
        CancelKind kind, String reason, @Nullable String actor, Instant requestedAt) {
    public CancelCause {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(requestedAt, "requestedAt");
    }
}
