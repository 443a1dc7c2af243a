package dev.rein.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a durable run is queued and repeated. Immutable; each method returns a changed copy.
 *
 * @param idempotencyKey the key by which a repeated start of the same user and component is recognized, of at most
 *     {@link #MAX_KEY_LENGTH} characters; for another user or component it is rejected; null for none
 * @param notBefore the time before which the run is not executed; null for at once
 * @param attempts the maximum number of executions, from 1 to {@link #MAX_ATTEMPTS}: one that fails, or whose process dies, is followed
 *     by another
 * @param backoff the wait after the first execution that has failed; it doubles with each further one, up to {@link #MAX_BACKOFF}. After
 *     the death of a process there is none
 * @param maxQueued the maximum number of runs in the store's queue, this one included; a start beyond it is rejected
 * @param checkpoints from where it goes on when it is executed again; {@link Checkpoints#TURN} by default
 */
public record DurableOptions(
        @Nullable String idempotencyKey,
        @Nullable Instant notBefore,
        int attempts,
        Duration backoff,
        int maxQueued,
        Checkpoints checkpoints) {
    /** The maximum length of an idempotency key, in characters. */
    public static final int MAX_KEY_LENGTH = 512;

    /** The maximum number of executions. */
    public static final int MAX_ATTEMPTS = 100;

    /** The longest wait between two executions: one hour. */
    public static final Duration MAX_BACKOFF = Duration.ofHours(1);

    private static final DurableOptions DEFAULTS =
            new DurableOptions(null, null, 3, Duration.ofSeconds(1), 10_000, Checkpoints.TURN);

    public DurableOptions {
        if (idempotencyKey != null && (idempotencyKey.isBlank() || idempotencyKey.length() > MAX_KEY_LENGTH)) {
            throw new IllegalArgumentException("the idempotency key "
                    + (idempotencyKey.isBlank() ? "is blank" : "has " + idempotencyKey.length() + " characters")
                    + ": give 1 to " + MAX_KEY_LENGTH + ", or none");
        }
        if (idempotencyKey != null && idempotencyKey.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the idempotency key contains a NUL character: leave it out");
        }
        if (attempts < 1 || attempts > MAX_ATTEMPTS) {
            throw new IllegalArgumentException("attempts is " + attempts + ": give 1 to " + MAX_ATTEMPTS);
        }
        Objects.requireNonNull(checkpoints, "checkpoints");
        Objects.requireNonNull(backoff, "backoff");
        if (backoff.isNegative() || backoff.compareTo(MAX_BACKOFF) > 0) {
            throw new IllegalArgumentException("backoff is " + backoff + ": give zero to " + MAX_BACKOFF);
        }
        if (maxQueued < 1) {
            throw new IllegalArgumentException("maxQueued is " + maxQueued + ": give at least 1");
        }
    }

    /** No key, executed at once, three attempts with a back-off of one second, and at most 10,000 runs in the queue, and checkpoints after each turn. */
    public static DurableOptions defaults() {
        return DEFAULTS;
    }

    public DurableOptions idempotencyKey(@Nullable String value) {
        return new DurableOptions(value, notBefore, attempts, backoff, maxQueued, checkpoints);
    }

    public DurableOptions notBefore(@Nullable Instant value) {
        return new DurableOptions(idempotencyKey, value, attempts, backoff, maxQueued, checkpoints);
    }

    public DurableOptions attempts(int value) {
        return new DurableOptions(idempotencyKey, notBefore, value, backoff, maxQueued, checkpoints);
    }

    public DurableOptions backoff(Duration value) {
        return new DurableOptions(idempotencyKey, notBefore, attempts, value, maxQueued, checkpoints);
    }

    public DurableOptions maxQueued(int value) {
        return new DurableOptions(idempotencyKey, notBefore, attempts, backoff, value, checkpoints);
    }

    public DurableOptions checkpoints(Checkpoints value) {
        return new DurableOptions(idempotencyKey, notBefore, attempts, backoff, maxQueued, value);
    }
}
