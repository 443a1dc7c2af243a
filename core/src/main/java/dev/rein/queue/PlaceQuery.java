package dev.rein.queue;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A query for the places in a store's queue, those of ended runs included. Immutable; start with {@link #all()}.
 *
 * @param states the states that they may have; empty for any
 * @param sessionId the id of the session of their runs; null for any
 * @param userId the id of the user of their runs; null for any
 * @param oldestFirst whether the ones that entered first come first
 * @param page the number of the page, from 1
 * @param limit the maximum number of places on a page, at least 1
 */
public record PlaceQuery(
        Set<PlaceState> states,
        @Nullable String sessionId,
        @Nullable String userId,
        boolean oldestFirst,
        int page,
        int limit) {
    public PlaceQuery {
        states = Set.copyOf(states);
        if (page < 1 || limit < 1) {
            throw new IllegalArgumentException("page is " + page + ", limit is " + limit + ": give at least 1");
        }
    }

    /** Returns a query for all places, the last one that entered first, 20 on a page. */
    public static PlaceQuery all() {
        return new PlaceQuery(Set.of(), null, null, false, 1, 20);
    }

    public PlaceQuery states(Set<PlaceState> value) {
        return new PlaceQuery(value, sessionId, userId, oldestFirst, page, limit);
    }

    public PlaceQuery sessionId(@Nullable String value) {
        return new PlaceQuery(states, value, userId, oldestFirst, page, limit);
    }

    public PlaceQuery userId(@Nullable String value) {
        return new PlaceQuery(states, sessionId, value, oldestFirst, page, limit);
    }

    public PlaceQuery oldestFirst(boolean value) {
        return new PlaceQuery(states, sessionId, userId, value, page, limit);
    }

    public PlaceQuery page(int number, int most) {
        return new PlaceQuery(states, sessionId, userId, oldestFirst, number, most);
    }
}
