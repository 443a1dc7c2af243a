package dev.rein.session;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something that is to be remembered about a user. Immutable.
 *
 * @param memoryId its id
 * @param text what is remembered
 * @param topics what it is about; empty for nothing in particular
 * @param agentId the agent that noted it; null when none did
 * @param teamId the team that noted it; null when none did
 * @param userId whom it is about; null when unknown
 * @param createdAt when it was noted
 * @param updatedAt when it last changed
 */
public record UserMemory(
        String memoryId,
        String text,
        List<String> topics,
        @Nullable String agentId,
        @Nullable String teamId,
        @Nullable String userId,
        Instant createdAt,
        Instant updatedAt) {
    public UserMemory {
        Objects.requireNonNull(memoryId, "memoryId");
        Objects.requireNonNull(text, "text");
        topics = List.copyOf(topics);
    }

    /** A memory that nobody but people noted. */
    public static UserMemory of(
            String memoryId, String text, List<String> topics, @Nullable String userId, Instant now) {
        return new UserMemory(memoryId, text, topics, null, null, userId, now, now);
    }

    /** The same memory, changed. */
    public UserMemory changed(String newText, List<String> newTopics, Instant now) {
        return new UserMemory(memoryId, newText, newTopics, agentId, teamId, userId, createdAt, now);
    }
}
