package dev.rein.store;

import dev.rein.run.RunStatus;
import dev.rein.session.SharedStore.LiveQuery;
import dev.rein.session.StoredRun;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jdbi.v3.core.Handle;

/** Reads what is known of runs besides their content: which ones are live, and how they are. */
final class LiveRunQuery {
    /** The runs that have not ended, in the order of an index that has nothing but them. */
    List<StoredRun> list(Handle handle, LiveQuery query) {
        var select = new PageQuery("rein_runs")
                .columns("run_id, parent_run_id, root_run_id, source, component_id, session_id, user_id, status, mode,"
                        + " owner, epoch, created_at")
                .where("ended_at is null");
        if (!query.children()) {
            select.where("parent_run_id is null");
        }
        if (query.source() != null) {
            select.where("source = :source", "source", query.source().name());
        }
        if (query.componentId() != null) {
            select.where("component_id = :component", "component", ColumnText.id("component id", query.componentId()));
        }
        if (query.sessionId() != null) {
            select.where("session_id = :session", "session", ColumnText.id("session id", query.sessionId()));
        }
        if (query.userId() != null) {
            select.where("user_id = :user", "user", ColumnText.id("user id", query.userId()));
        }
        if (query.exceptOwner() != null) {
            select.where("(owner is null or owner <> :except)", "except", ColumnText.id("owner", query.exceptOwner()));
        }
        return select.list(handle, "created_at, seq", 1, query.most(), (row, _) -> run(row));
    }

    private static StoredRun run(ResultSet row) throws SQLException {
        var mode = row.getString("mode");
        return StoredRun.builder(
                        row.getString("run_id"),
                        UnknownValues.kind(row.getString("source")),
                        row.getString("component_id"))
                .parentRunId(row.getString("parent_run_id"))
                .rootRunId(row.getString("root_run_id"))
                .sessionId(row.getString("session_id"))
                .userId(row.getString("user_id"))
                .status(UnknownValues.status(row.getString("status"), false))
                .effectiveMode(mode == null ? null : UnknownValues.mode(mode))
                .owner(row.getString("owner"))
                .epoch(row.getLong("epoch"))
                .createdAt(JsonCodec.instant(row.getLong("created_at")))
                .build();
    }

    Map<String, RunStatus> statuses(Handle handle, Collection<String> runIds) {
        var ids = runIds.stream()
                .map(id -> ColumnText.id("run id", Objects.requireNonNull(id)))
                .toList();
        if (ids.isEmpty()) {
            return Map.of();
        }
        var statuses = new HashMap<String, RunStatus>();
        handle.createQuery("select run_id, status, ended_at is not null from rein_runs where run_id in (<ids>)")
                .bindList("ids", ids)
                .map((row, _) ->
                        statuses.put(row.getString(1), UnknownValues.status(row.getString(2), row.getBoolean(3))))
                .list();
        return statuses;
    }
}
