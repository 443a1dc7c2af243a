package dev.rein.session;

import dev.rein.run.RunStatus;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A query for runs of a session. Immutable; start with {@link #of}.
 *
 * @param sessionId the id of the session
 * @param children whether to include the runs below root runs
 * @param statuses the statuses to include; empty for any
 * @param createdAfter the earliest time of acceptance, inclusive; null for any
 * @param createdBefore the latest time of acceptance, exclusive; null for any
 * @param newestFirst whether to sort from the latest start to the earliest
 * @param page the number of the page, from 1
 * @param limit the maximum number of items on a page
 */
public record RunQuery(
        String sessionId,
        boolean children,
        Set<RunStatus> statuses,
        @Nullable Instant createdAfter,
        @Nullable Instant createdBefore,
        boolean newestFirst,
        int page,
        int limit) {
    public RunQuery {
        Objects.requireNonNull(sessionId, "sessionId");
        statuses = Set.copyOf(statuses);
        Page.check(page, limit);
    }

    /** Returns a query for all root runs of a session, in the order of their start, on one page. */
    public static RunQuery of(String sessionId) {
        return new RunQuery(sessionId, false, Set.of(), null, null, false, 1, Integer.MAX_VALUE);
    }

    public RunQuery children(boolean value) {
        return new RunQuery(sessionId, value, statuses, createdAfter, createdBefore, newestFirst, page, limit);
    }

    public RunQuery statuses(Set<RunStatus> values) {
        return new RunQuery(sessionId, children, values, createdAfter, createdBefore, newestFirst, page, limit);
    }

    /** Returns a copy for runs accepted in a period: from {@code after}, inclusive, to {@code before}, exclusive. */
    public RunQuery created(@Nullable Instant after, @Nullable Instant before) {
        return new RunQuery(sessionId, children, statuses, after, before, newestFirst, page, limit);
    }

    public RunQuery newestFirst(boolean value) {
        return new RunQuery(sessionId, children, statuses, createdAfter, createdBefore, value, page, limit);
    }

    public RunQuery page(int number, int size) {
        return new RunQuery(sessionId, children, statuses, createdAfter, createdBefore, newestFirst, number, size);
    }
}
