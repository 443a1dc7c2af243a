package dev.rein.store;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.rein.model.Usage;
import dev.rein.run.RunMetrics;
import dev.rein.session.RunHistory.Entry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** Reads the figures of runs in a period, one by one and without their messages. */
final class RunHistoryQuery {
    private static final TypeReference<RunMetrics> METRICS = new TypeReference<>() {};
    private static final int FETCH = 500;

    /**
     * In a transaction: without one PostgreSQL's driver reads all rows before it gives the first.
     *
     * @return how many there were
     */
    int each(Handle handle, Instant from, Instant until, @Nullable String userId, Consumer<Entry> reader) {
        return handle.inTransaction(reading -> read(reading, from, until, userId, reader));
    }

    private static int read(
            Handle handle, Instant from, Instant until, @Nullable String userId, Consumer<Entry> reader) {
        var query = handle.createQuery(
                        """
                            select source, component_id, session_id, user_id, metrics, created_at from rein_runs
                            where parent_run_id is null and forked_from is null and created_at >= :from and created_at < :until\
                            """ + (userId == null ? "" : " and user_id" + " = :user") + " order" + " by created_at")
                .bind("from", JsonCodec.nanos(from))
                .bind("until", JsonCodec.nanos(until))
                .setFetchSize(FETCH);
        if (userId != null) {
            query.bind("user", ColumnText.id("user id", userId));
        }
        try (var runs = query.map(RunHistoryQuery::past).iterator()) {
            var count = 0;
            while (runs.hasNext()) {
                reader.accept(runs.next());
                count++;
            }
            return count;
        }
    }

    private static Entry past(ResultSet row, StatementContext context) throws SQLException {
        var metrics = JsonCodec.readIfPossible("a run", "metrics", row.getString("metrics"), METRICS);
        return new Entry(
                UnknownValues.kind(row.getString("source")),
                row.getString("component_id"),
                row.getString("session_id"),
                row.getString("user_id"),
                metrics == null ? Usage.NONE : metrics.totalUsage(),
                JsonCodec.instant(row.getLong("created_at")));
    }
}
