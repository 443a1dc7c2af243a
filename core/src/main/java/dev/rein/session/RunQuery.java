package dev.rein.session;

import dev.rein.run.ComponentKind;
import dev.rein.run.RunStatus;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A query for runs of a session. Immutable; start with {@link #of}.
 *
 * @param sessionId the id of the session
 * @param children whether to include the runs below root runs
 * @param rootRunIds only the runs of these trees; empty for all
 * @param source the kind of the component; null for any
 * @param componentId the id of the component; null for any
 * @param userId the id of the user; null for any
 * @param statuses the statuses to include; empty for any. RUNNING includes CANCELLING: a run that is being stopped is still
 *     running
 * @param createdAfter the earliest time of acceptance, inclusive; null for any
 * @param createdBefore the latest time of acceptance, exclusive; null for any
 * @param newestFirst whether to sort from the latest start to the earliest
 * @param page the number of the page, from 1
 * @param limit the maximum number of items on a page
 */
public record RunQuery(
        String sessionId,
        boolean children,
        Set<String> rootRunIds,
        @Nullable ComponentKind source,
        @Nullable String componentId,
        @Nullable String userId,
        Set<RunStatus> statuses,
        @Nullable Instant createdAfter,
        @Nullable Instant createdBefore,
        boolean newestFirst,
        int page,
        int limit) {
    public RunQuery {
        Objects.requireNonNull(sessionId, "sessionId");
        rootRunIds = Set.copyOf(rootRunIds);
        statuses = statuses.contains(RunStatus.RUNNING) ? withCancelling(statuses) : Set.copyOf(statuses);
        Page.check(page, limit);
    }

    private static Set<RunStatus> withCancelling(Set<RunStatus> statuses) {
        var all = EnumSet.copyOf(statuses);
        all.add(RunStatus.CANCELLING);
        return Set.copyOf(all);
    }

    /** Returns a query for all root runs of a session, in the order of their start, on one page. */
    public static RunQuery of(String sessionId) {
        return new RunQuery(
                sessionId, false, Set.of(), null, null, null, Set.of(), null, null, false, 1, Integer.MAX_VALUE);
    }

    public RunQuery children(boolean value) {
        return new RunQuery(
                sessionId,
                value,
                rootRunIds,
                source,
                componentId,
                userId,
                statuses,
                createdAfter,
                createdBefore,
                newestFirst,
                page,
                limit);
    }

    /** Returns a copy for the runs of some trees; with {@link #children}, all of them. */
    public RunQuery rootRunIds(Set<String> values) {
        return new RunQuery(
                sessionId,
                children,
                values,
                source,
                componentId,
                userId,
                statuses,
                createdAfter,
                createdBefore,
                newestFirst,
                page,
                limit);
    }

    public RunQuery component(@Nullable ComponentKind kind, @Nullable String id) {
        return new RunQuery(
                sessionId,
                children,
                rootRunIds,
                kind,
                id,
                userId,
                statuses,
                createdAfter,
                createdBefore,
                newestFirst,
                page,
                limit);
    }

    public RunQuery userId(@Nullable String value) {
        return new RunQuery(
                sessionId,
                children,
                rootRunIds,
                source,
                componentId,
                value,
                statuses,
                createdAfter,
                createdBefore,
                newestFirst,
                page,
                limit);
    }

    public RunQuery statuses(Set<RunStatus> values) {
        return new RunQuery(
                sessionId,
                children,
                rootRunIds,
                source,
                componentId,
                userId,
                values,
                createdAfter,
                createdBefore,
                newestFirst,
                page,
                limit);
    }

    /** Returns a copy for runs accepted in a period: from {@code after}, inclusive, to {@code before}, exclusive. */
    public RunQuery created(@Nullable Instant after, @Nullable Instant before) {
        return new RunQuery(
                sessionId,
                children,
                rootRunIds,
                source,
                componentId,
                userId,
                statuses,
                after,
                before,
                newestFirst,
                page,
                limit);
    }

    public RunQuery newestFirst(boolean value) {
        return new RunQuery(
                sessionId,
                children,
                rootRunIds,
                source,
                componentId,
                userId,
                statuses,
                createdAfter,
                createdBefore,
                value,
                page,
                limit);
    }

    public RunQuery page(int number, int size) {
        return new RunQuery(
                sessionId,
                children,
                rootRunIds,
                source,
                componentId,
                userId,
                statuses,
                createdAfter,
                createdBefore,
                newestFirst,
                number,
                size);
    }
}
