package dev.rein.store;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.rein.session.JsonState;
import dev.rein.session.Page;
import dev.rein.session.Session;
import dev.rein.session.SessionEdit;
import dev.rein.session.SessionQuery;
import dev.rein.session.SessionQuery.Sort;
import dev.rein.session.StoredRun;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** The table of sessions. */
final class SessionTable {
    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

    private final Dialect dialect;

    SessionTable(Dialect dialect) {
        this.dialect = dialect;
    }

    boolean insert(Handle handle, Session session) {
        var name = session.name();
        return handle.createUpdate("""
            insert into rein_sessions (session_id, name, source, component_id, user_id, state, metadata,
                created_at, updated_at)
            values (:id, :name, :source, :component, :user, :state, :metadata, :created, :updated)
            on conflict (session_id) do nothing\
            """)
                        .bind("id", ColumnText.id("session id", session.sessionId()))
                        .bind("name", name == null ? null : ColumnText.text("session's name", name))
                        .bind("source", session.source().name())
                        .bind("component", ColumnText.id("component id", session.componentId()))
                        .bind("user", ColumnText.idOrNull("user id", session.userId()))
                        .bind("state", JsonState.write(session.state()))
                        .bind("metadata", JsonState.write(session.metadata()))
                        .bind("created", JsonCodec.nanos(session.createdAt()))
                        .bind("updated", JsonCodec.nanos(session.updatedAt()))
                        .execute()
                == 1;
    }

    /** Creates the session of a run unless it exists. */
    void ensure(Handle handle, StoredRun run) {
        var id = run.sessionId();
        if (id != null && !exists(handle, id)) {
            insert(handle, Session.of(id, run));
        }
    }

    private static boolean exists(Handle handle, String id) {
        return handle.createQuery("select 1 from rein_sessions where session_id = :id")
                .bind("id", ColumnText.id("session id", id))
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    Optional<Session> find(Handle handle, String id) {
        return handle.createQuery("select * from rein_sessions where session_id = :id")
                .bind("id", ColumnText.id("session id", id))
                .map(SessionTable::session)
                .findOne();
    }

    /** Finds a session and locks its row until the transaction ends. */
    Optional<Session> lock(Handle handle, String id) {
        return handle.createQuery("select * from rein_sessions where session_id = :id" + dialect.rowLock)
                .bind("id", ColumnText.id("session id", id))
                .map(SessionTable::session)
                .findOne();
    }

    /** The same without reading it. */
    void lockKey(Handle handle, String id) {
        if (!dialect.rowLock.isEmpty()) {
            handle.createQuery("select 1 from rein_sessions where session_id = :id" + dialect.rowLock)
                    .bind("id", id)
                    .mapTo(Integer.class)
                    .findOne();
        }
    }

    void update(Handle handle, Session session) {
        var name = session.name();
        handle.createUpdate("""
            update rein_sessions
            set name = :name, state = :state, metadata = :metadata, updated_at = :updated
            where session_id = :id\
            """)
                .bind("id", session.sessionId())
                .bind("name", name == null ? null : ColumnText.text("session's name", name))
                .bind("state", JsonState.write(session.state()))
                .bind("metadata", JsonState.write(session.metadata()))
                .bind("updated", JsonCodec.nanos(session.updatedAt()))
                .execute();
    }

    /**
     * Updates the times of sessions whose runs end without changing them, and locks the sessions until the transaction ends.
     *
     * @param runs one run of each session, in the order in which the sessions are locked
     * @return for each run, false if it is not live, or has another epoch; its session is not updated then. After waiting for a lock
     *     PostgreSQL checks only the locked row again, so the result may be true although the run has ended meanwhile
     */
    boolean[] touch(Handle handle, List<StoredRun> runs) {
        var batch = handle.prepareBatch("""
            update rein_sessions
            set updated_at = case when :updated > updated_at then :updated else updated_at end
            where session_id = :id and exists (
                select 1 from rein_runs where run_id = :run and epoch = :epoch
                    and status not in ('COMPLETED', 'CANCELLED', 'ERROR'))\
            """);
        for (var run : runs) {
            batch.bind("id", ColumnText.idOrNull("session id", run.sessionId()))
                    .bind("run", ColumnText.id("run id", run.runId()))
                    .bind("epoch", run.epoch())
                    .bind("updated", JsonCodec.nanosOrNull(run.endedAt()))
                    .add();
        }
        return UpdateCounts.areOne(batch.execute());
    }

    Optional<Session> edit(Handle handle, String id, SessionEdit edit) {
        return lock(handle, id).map(session -> {
            var edited = session.edited(edit, Instant.now());
            update(handle, edited);
            return edited;
        });
    }

    /** @return false if there is no such session */
    boolean lockToDelete(Handle handle, String id) {
        return handle.createQuery("select 1 from rein_sessions where session_id = :id" + dialect.deleteLock)
                .bind("id", id)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    /** The database deletes its runs with it. */
    void delete(Handle handle, String id) {
        handle.createUpdate("delete from rein_sessions where session_id = :id")
                .bind("id", id)
                .execute();
    }

    Page<Session> page(Handle handle, SessionQuery query) {
        var select = new PageQuery("rein_sessions");
        if (query.source() != null) {
            select.where("source = :source", "source", query.source().name());
        }
        if (query.componentId() != null) {
            select.where("component_id = :component", "component", ColumnText.id("component id", query.componentId()));
        }
        if (query.userId() != null) {
            select.where("user_id = :user", "user", ColumnText.id("user id", query.userId()));
        }
        if (query.name() != null) {
            select.where("lower(name) like lower(:name) escape '!'", "name", ColumnText.like(query.name()));
        }
        var column = query.sort() == Sort.CREATED ? "created_at" : "updated_at";
        var way = query.ascending() ? " asc" : " desc";
        return select.page(handle, column + way + ", seq" + way, query.page(), query.limit(), SessionTable::session);
    }

    private static Session session(ResultSet row, StatementContext context) throws SQLException {
        return new Session(
                row.getString("session_id"),
                row.getString("name"),
                UnknownValues.kind(row.getString("source")),
                row.getString("component_id"),
                row.getString("user_id"),
                map(row, "state"),
                map(row, "metadata"),
                JsonCodec.instant(row.getLong("created_at")),
                JsonCodec.instant(row.getLong("updated_at")));
    }

    private static Map<String, Object> map(ResultSet row, String column) throws SQLException {
        var session = "session " + row.getString("session_id");
        return JsonCodec.withoutNulls(JsonCodec.readIfPossible(session, column, row.getString(column), MAP));
    }
}
