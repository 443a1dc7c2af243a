package dev.rein.session;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A memory about a user. Immutable.
 *
 * @param memoryId the id
 * @param text the text
 * @param topics the topics; may be empty
 * @param agentId the id of the agent that created it; null for none
 * @param teamId the id of the team that created it; null for none
 * @param userId the id of the user; null when unknown
 * @param createdAt the time of its creation
 * @param updatedAt the time of the latest change
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

    /** Returns a memory that was created by people. */
    public static UserMemory of(
            String memoryId, String text, List<String> topics, @Nullable String userId, Instant now) {
        return new UserMemory(memoryId, text, topics, null, null, userId, now, now);
    }

    /** Returns a changed copy. */
    public UserMemory changed(String newText, List<String> newTopics, Instant now) {
        return new UserMemory(memoryId, newText, newTopics, agentId, teamId, userId, createdAt, now);
    }
}
