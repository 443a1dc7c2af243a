package dev.rein.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which memories to list. Immutable; begin with {@link #all()}.
 *
 * @param userId only those about this user; null for any
 * @param agentId only those that this agent noted; null for any
 * @param teamId only those that this team noted; null for any
 * @param text only those whose text contains this, whatever the case of A to Z; null for any
 * @param topics only those that are about all of these; empty for any
 * @param byCreation whether they are in the order of their creation, and not of their last change
 * @param ascending whether the order is from early to late
 * @param page which page, from 1
 * @param limit how many are on a page
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

    /** All memories, the one changed last first, 20 on a page. */
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
