package dev.rein.store;

import java.util.HashMap;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Copies the ended runs of a session to another session, inside the database: what their columns hold is not looked at. */
final class RunForks {
    private record Id(String runId, @Nullable String parentRunId, String rootRunId) {}

    /** Live runs, and those below them, are not part of the history yet. */
    void copyRuns(Handle handle, String sessionId, String newSessionId) {
        var ended = handle.createQuery("""
            select run_id, parent_run_id, root_run_id from rein_runs
            where session_id = :session and ended_at is not null order by seq\
            """)
                .bind("session", sessionId)
                .map((row, _) -> new Id(row.getString(1), row.getString(2), row.getString(3)))
                .list();
        var copies = new HashMap<String, String>();
        var batch = handle.prepareBatch("""
            insert into rein_runs (run_id, root_run_id, parent_run_id, session_id, forked_from, epoch, source,
                component_id, user_id, status, cause, mode, failure, input, content, messages, tools, steps, metrics,
                metadata, created_at, ended_at, system_message, finish)
            select :copy, :root, :parent, :session, run_id, 0, source,
                component_id, user_id, status, cause, mode, failure, input, content, messages, tools, steps, metrics,
                metadata, created_at, ended_at, system_message, finish
            from rein_runs where run_id = :id\
            """);
        for (var run : ended) {
            var parent = run.parentRunId() == null ? null : copies.get(run.parentRunId());
            if (run.parentRunId() == null || parent != null) {
                var copy = UUID.randomUUID().toString();
                copies.put(run.runId(), copy);
                batch.bind("copy", copy)
                        .bind("root", copies.getOrDefault(run.rootRunId(), copy))
                        .bind("parent", parent)
                        .bind("session", newSessionId)
                        .bind("id", run.runId())
                        .add();
            }
        }
        if (!copies.isEmpty()) {
            batch.execute();
        }
    }
}
