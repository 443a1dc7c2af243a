package dev.rein.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A query for memories. Immutable; start with {@link #all()}.
 *
 * @param userId the id of the user whom they are about; null for any
 * @param agentId the id of the agent that created them; null for any
 * @param teamId the id of the team that created them; null for any
 * @param text a part of their text, ignoring the case of A to Z; null for any
 * @param topics topics that they must all have; empty for any
 * @param byCreation whether to sort by creation instead of by the last change
 * @param ascending whether to sort from early to late
 * @param page the number of the page, from 1
 * @param limit the maximum number of items on a page
 */
public record MemoryQuery(
        @Nullable String userId,
        @Nullable String agentId,
        @Nullable String teamId,
        @Nullable String text,
        List<String> topics,
        boolean byCreation,
        boolean ascending,
        int page,
        int limit) {
    public MemoryQuery {
        topics = List.copyOf(topics);
        Page.check(page, limit);
    }

    /** Returns a query for all memories, the latest change first, 20 on a page. */
    public static MemoryQuery all() {
        return new MemoryQuery(null, null, null, null, List.of(), false, false, 1, 20);
    }

    public MemoryQuery userId(@Nullable String value) {
        return new MemoryQuery(value, agentId, teamId, text, topics, byCreation, ascending, page, limit);
    }

    public MemoryQuery agentId(@Nullable String value) {
        return new MemoryQuery(userId, value, teamId, text, topics, byCreation, ascending, page, limit);
    }

    public MemoryQuery teamId(@Nullable String value) {
        return new MemoryQuery(userId, agentId, value, text, topics, byCreation, ascending, page, limit);
    }

    public MemoryQuery text(@Nullable String value) {
        return new MemoryQuery(userId, agentId, teamId, value, topics, byCreation, ascending, page, limit);
    }

    public MemoryQuery topics(List<String> values) {
        return new MemoryQuery(userId, agentId, teamId, text, values, byCreation, ascending, page, limit);
    }

    public MemoryQuery sort(boolean isByCreation, boolean isAscending) {
        return new MemoryQuery(userId, agentId, teamId, text, topics, isByCreation, isAscending, page, limit);
    }

    public MemoryQuery page(int number, int size) {
        return new MemoryQuery(userId, agentId, teamId, text, topics, byCreation, ascending, number, size);
    }
}
