package dev.rein.run;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How one run differs from the next of the same component. Immutable; each method returns a changed copy.
 *
 * @param runId the run's id; null gives a fresh UUID
 * @param sessionId the conversation it belongs to; null for none
 * @param userId whom it is for; null when unknown
 * @param sessionState initial values, put over those of the session
 * @param metadata anything the caller wants to find again
 * @param limits added to those of the component; the smaller wins
 * @param onDisconnect what happens when the consumer goes away; null for the default of the way it is run
 * @param consumerStall how long the owner of a stream may leave it full before it counts as gone
 * @param parent the run it is part of; null takes the one whose code calls, if any
 * @param priority the higher, the longer it survives when room is made; 0 unless given
 * @param atOnce whether {@code start()} begins it also while as many work as {@link Runs#maxConcurrentRuns} allows
 */
public record RunOptions(
        @Nullable String runId,
        @Nullable String sessionId,
        @Nullable String userId,
        Map<String, Object> sessionState,
        Map<String, Object> metadata,
        Limits limits,
        @Nullable DisconnectPolicy onDisconnect,
        Duration consumerStall,
        @Nullable RunContext parent,
        int priority,
        boolean atOnce) {
    private static final RunOptions DEFAULTS =
            new RunOptions(null, null, null, Map.of(), Map.of(), Limits.none(), null, Duration.ofSeconds(30), null, 0, false);

    private static final int LONGEST_ID = 256;

    public RunOptions {
        requireId("runId", runId);
        requireId("sessionId", sessionId);
        requireId("userId", userId);
        sessionState = Map.copyOf(sessionState);
        metadata = Map.copyOf(metadata);
        Objects.requireNonNull(limits, "limits");
        if (consumerStall.isNegative() || consumerStall.isZero()) {
            throw new IllegalArgumentException("consumerStall is " + consumerStall + ": it must be positive");
        }
    }

    public static RunOptions defaults() {
        return DEFAULTS;
    }

    /** @param value not blank, at most 256 characters; refused when a run of this id is live or stored already */
    public RunOptions runId(String value) {
        return new RunOptions(
                value,
                sessionId,
                userId,
                sessionState,
                metadata,
                limits,
                onDisconnect,
                consumerStall,
                parent,
                priority, atOnce);
    }

    public RunOptions sessionId(@Nullable String value) {
        return new RunOptions(
                runId, value, userId, sessionState, metadata, limits, onDisconnect, consumerStall, parent, priority, atOnce);
    }

    public RunOptions userId(@Nullable String value) {
        return new RunOptions(
                runId, sessionId, value, sessionState, metadata, limits, onDisconnect, consumerStall, parent, priority, atOnce);
    }

    public RunOptions sessionState(Map<String, Object> value) {
        return new RunOptions(
                runId, sessionId, userId, value, metadata, limits, onDisconnect, consumerStall, parent, priority, atOnce);
    }

    public RunOptions metadata(Map<String, Object> value) {
        return new RunOptions(
                runId, sessionId, userId, sessionState, value, limits, onDisconnect, consumerStall, parent, priority, atOnce);
    }

    public RunOptions limits(Limits value) {
        return new RunOptions(
                runId, sessionId, userId, sessionState, metadata, value, onDisconnect, consumerStall, parent, priority, atOnce);
    }

    public RunOptions onDisconnect(DisconnectPolicy value) {
        return new RunOptions(
                runId, sessionId, userId, sessionState, metadata, limits, value, consumerStall, parent, priority, atOnce);
    }

    public RunOptions consumerStall(Duration value) {
        return new RunOptions(
                runId, sessionId, userId, sessionState, metadata, limits, onDisconnect, value, parent, priority, atOnce);
    }

    public RunOptions parent(RunContext value) {
        return new RunOptions(
                runId, sessionId, userId, sessionState, metadata, limits, onDisconnect, consumerStall, value, priority, atOnce);
    }

    public RunOptions priority(int value) {
        return new RunOptions(
                runId, sessionId, userId, sessionState, metadata, limits, onDisconnect, consumerStall, parent, value, atOnce);
    }

    public RunOptions atOnce(boolean value) {
        return new RunOptions(
                runId, sessionId, userId, sessionState, metadata, limits, onDisconnect, consumerStall, parent, priority, value);
    }

    private static void requireId(String name, @Nullable String value) {
        if (value != null && (value.isBlank() || value.length() > LONGEST_ID)) {
            throw new IllegalArgumentException(name + " is "
                    + (value.isBlank() ? "blank" : value.length() + " characters long")
                    + ": give 1 to " + LONGEST_ID + " characters, or leave it out");
        }
    }
}
