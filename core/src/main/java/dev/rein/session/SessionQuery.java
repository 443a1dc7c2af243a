package dev.rein.session;

import dev.rein.run.ComponentKind;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A query for sessions. Immutable; start with {@link #all()}.
 *
 * @param source the kind of their component; null for any
 * @param componentId the id of their component; null for any
 * @param userId the id of their user; null for any
 * @param name a part of their name, ignoring the case of A to Z; null for any
 * @param sort the time to sort by
 * @param ascending whether to sort from early to late
 * @param page the number of the page, from 1
 * @param limit the maximum number of items on a page
 */
public record SessionQuery(
        @Nullable ComponentKind source,
        @Nullable String componentId,
        @Nullable String userId,
        @Nullable String name,
        Sort sort,
        boolean ascending,
        int page,
        int limit) {

    /** The time to sort sessions by. Sessions with the same time are sorted by the order in which they were stored. */
    public enum Sort {
        CREATED,
        UPDATED
    }

    public SessionQuery {
        Objects.requireNonNull(sort, "sort");
        Page.check(page, limit);
    }

    /** Returns a query for all sessions, the latest first, 20 on a page. */
    public static SessionQuery all() {
        return new SessionQuery(null, null, null, null, Sort.CREATED, false, 1, 20);
    }

    public SessionQuery source(@Nullable ComponentKind value) {
        return new SessionQuery(value, componentId, userId, name, sort, ascending, page, limit);
    }

    public SessionQuery componentId(@Nullable String value) {
        return new SessionQuery(source, value, userId, name, sort, ascending, page, limit);
    }

    public SessionQuery userId(@Nullable String value) {
        return new SessionQuery(source, componentId, value, name, sort, ascending, page, limit);
    }

    public SessionQuery name(@Nullable String value) {
        return new SessionQuery(source, componentId, userId, value, sort, ascending, page, limit);
    }

    public SessionQuery sort(Sort value, boolean isAscending) {
        return new SessionQuery(source, componentId, userId, name, value, isAscending, page, limit);
    }

    public SessionQuery page(int number, int size) {
        return new SessionQuery(source, componentId, userId, name, sort, ascending, number, size);
    }
}
