package dev.rein.session;

import dev.rein.run.RunStatus;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which runs of a session to list. Immutable; begin with {@link #of}.
 *
 * @param sessionId the session
 * @param children whether the runs below its root runs are listed too
 * @param statuses only those that stand there; empty for any
 * @param createdAfter only those accepted at this time or later; null for any
 * @param createdBefore only those accepted before this time; null for any
 * @param newestFirst whether the order is that of their start, turned round
 * @param page which page, from 1
 * @param limit how many are on a page
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

    /** The root runs of a session in the order of their start, all on one page. */
    public static RunQuery of(String sessionId) {
        return new RunQuery(sessionId, false, Set.of(), null, null, false, 1, Integer.MAX_VALUE);
    }

    public RunQuery children(boolean value) {
        return new RunQuery(sessionId, value, statuses, createdAfter, createdBefore, newestFirst, page, limit);
    }

    public RunQuery statuses(Set<RunStatus> values) {
        return new RunQuery(sessionId, children, values, createdAfter, createdBefore, newestFirst, page, limit);
    }

    /** Only those accepted in a span of time: at {@code after} or later, and before {@code before}. */
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
