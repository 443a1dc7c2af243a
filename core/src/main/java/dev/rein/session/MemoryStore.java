package dev.rein.session;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where memories are kept. A {@link SessionStore} may be one as well. Implementations are thread-safe and may block. Every
 * method may throw; an {@link IllegalArgumentException} says that the store can't hold that value.
 */
public interface MemoryStore {

    /** Stores a memory, in the place of the one of this id if there is one. */
    void put(UserMemory memory);

    /** A memory by its id. */
    Optional<UserMemory> memory(String memoryId);

    /** A page of the memories that a query asks for. */
    Page<UserMemory> memories(MemoryQuery query);

    /**
     * Deletes memories.
     *
     * @param userId only those about this user; null for any
     * @return how many there were
     */
    int deleteMemories(Collection<String> memoryIds, @Nullable String userId);

    /**
     * What memories are about, each topic once, in the order of the alphabet.
     *
     * @param userId of those about this user; null for any
     */
    List<String> memoryTopics(@Nullable String userId);

    /**
     * How many memories there are about each user that is known, the one with the latest change first.
     *
     * @param userId only of this user; null for any
     */
    Page<UserSummary> memoriesByUser(@Nullable String userId, int page, int limit);

    /**
     * The memories about a user, in figures.
     *
     * @param userId the user
     * @param count how many there are
     * @param updatedAt when one of them last changed
     */
    record UserSummary(String userId, long count, Instant updatedAt) {}
}
