package dev.rein.store;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.rein.model.Usage;
import dev.rein.run.RunInput;
import dev.rein.run.RunMetrics;
import dev.rein.session.SessionOverview;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** Reads what a list of sessions shows of each: number and token usage of its runs, and the input of the first. */
final class SessionOverviewQuery {
    private static final TypeReference<RunInput> INPUT = new TypeReference<>() {};
    private static final TypeReference<RunMetrics> METRICS = new TypeReference<>() {};

    /** @param firstInput the input of the first run of its session; null for the other runs */
    private record Row(
            String sessionId, Usage usage, @Nullable String firstInput) {}

    Map<String, SessionOverview> of(Handle handle, Collection<String> sessionIds) {
        var ids = sessionIds.stream()
                .map(id -> ColumnText.id("session id", id))
                .distinct()
                .toList();
        var all = new HashMap<String, SessionOverview>();
        handle.createQuery("""
            select session_id, metrics,
                case when not exists (
                    select 1 from rein_runs earlier
                    where earlier.session_id = run.session_id and run.seq > earlier.seq
                        and earlier.parent_run_id is null)
                then input end as first_input
            from rein_runs run where session_id in (<ids>) and parent_run_id is null\
            """)
                .bindList("ids", ids)
                .map(SessionOverviewQuery::row)
                .forEach(row -> all.merge(row.sessionId(), overview(row), SessionOverviewQuery::plus));
        return all;
    }

    private static Row row(ResultSet row, StatementContext context) throws SQLException {
        var metrics = JsonCodec.readIfPossible("a run", "metrics", row.getString("metrics"), METRICS);
        var input = JsonCodec.readIfPossible("a run", "input", row.getString("first_input"), INPUT);
        return new Row(
                row.getString("session_id"),
                metrics == null ? Usage.NONE : metrics.totalUsage(),
                input == null ? null : input.text());
    }

    private static SessionOverview overview(Row row) {
        return new SessionOverview(1, row.firstInput() == null ? "" : row.firstInput(), row.usage());
    }

    /** Independent of the order: only the first run of a session has an input here. */
    private static SessionOverview plus(SessionOverview a, SessionOverview b) {
        return new SessionOverview(
                a.runs() + b.runs(), a.firstInput() + b.firstInput(), a.usage().plus(b.usage()));
    }
}
