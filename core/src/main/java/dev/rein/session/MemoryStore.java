package dev.rein.session;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A store of memories about users. A {@link SessionStore} may implement it, too. Implementations are thread-safe and may
 * block. Every method may throw; an {@link IllegalArgumentException} means that the store cannot hold a value.
 */
public interface MemoryStore {

    /** Stores a memory, replacing the one with the same id. */
    void put(UserMemory memory);

    /** Returns a memory by its id. */
    Optional<UserMemory> memory(String memoryId);

    /** Returns a page of the memories that match a query. */
    Page<UserMemory> memories(MemoryQuery query);

    /**
     * Deletes memories.
     *
     * @param userId only those about this user; null for any
     * @return the number of deleted memories
     */
    int deleteMemories(Collection<String> memoryIds, @Nullable String userId);

    /**
     * Returns the topics of memories, without duplicates, in alphabetical order.
     *
     * @param userId only of memories about this user; null for any
     */
    List<String> memoryTopics(@Nullable String userId);

    /**
     * Returns a page of summaries of the memories about each known user, the latest change first.
     *
     * @param userId only the summary of this user; null for all
     */
    Page<UserSummary> memoriesByUser(@Nullable String userId, int page, int limit);

    /**
     * A summary of the memories about a user.
     *
     * @param userId the id of the user
     * @param count the number of memories
     * @param updatedAt the time of the latest change
     */
    record UserSummary(String userId, long count, Instant updatedAt) {}
}
