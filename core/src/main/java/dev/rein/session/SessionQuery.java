package dev.rein.session;

import dev.rein.run.ComponentKind;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions to list. Immutable; begin with {@link #all()}.
 *
 * @param source only those with this kind of component; null for any
 * @param componentId only those with this component; null for any
 * @param userId only those of this user; null for any
 * @param name only those whose name contains this, whatever the case of A to Z; null for any
 * @param sort in which order
 * @param ascending whether the order is from early to late
 * @param page which page, from 1
 * @param limit how many are on a page
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

    /** What sessions are ordered by. Of those with the same time, the one that was stored earlier is the earlier. */
    public enum Sort {
        CREATED,
        UPDATED
    }

    public SessionQuery {
        Objects.requireNonNull(sort, "sort");
        Page.check(page, limit);
    }

    /** All sessions, the one made last first, 20 on a page. */
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
