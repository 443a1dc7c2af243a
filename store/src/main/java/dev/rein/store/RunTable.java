package dev.rein.store;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.rein.cancel.CancelCause;
import dev.rein.model.Message;
import dev.rein.run.RunFailure;
import dev.rein.run.RunInput;
import dev.rein.run.RunMetrics;
import dev.rein.run.StepOutput;
import dev.rein.run.ToolExecution;
import dev.rein.session.JsonState;
import dev.rein.session.Page;
import dev.rein.session.RunQuery;
import dev.rein.session.StoredPause;
import dev.rein.session.StoredRun;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** The table of runs. */
final class RunTable {
    /** Why the last response ended, normalised and in the provider's words, and the type of the answer. */
    private record Finish(
            @Nullable String reason,
            @Nullable String raw,
            @Nullable String type) {
        static @Nullable Finish of(StoredRun run) {
            var reason = run.finishReason();
            return reason == null && run.answerType() == null
                    ? null
                    : new Finish(reason == null ? null : reason.name(), run.rawFinishReason(), run.answerType());
        }
    }

    /** A failure without its exception, whose class may not exist in another process. */
    private record Failure(
            String type, String message, @Nullable String guardrail) {}

    private static final String UPDATE_LIVE = """
        update rein_runs
        set status = :status, cause = :cause, mode = :mode, failure = :failure, content = :content,
            messages = :messages, tools = :tools, steps = :steps, metrics = :metrics, ended_at = :ended,
            pause = :pause, system_message = :system, finish = :finish, input = coalesce(:new_input, input),
            waits = case when :status = 'PENDING' then waits else 0 end
        where run_id = :id and epoch = :epoch and ended_at is null
            and status not in ('COMPLETED', 'CANCELLED', 'ERROR')\
        """;

    private static final TypeReference<RunInput> INPUT = new TypeReference<>() {};
    private static final TypeReference<String> TEXT = new TypeReference<>() {};
    private static final TypeReference<List<Message>> MESSAGES = new TypeReference<>() {};
    private static final TypeReference<List<ToolExecution>> TOOLS = new TypeReference<>() {};
    private static final TypeReference<List<StepOutput>> STEPS = new TypeReference<>() {};
    private static final TypeReference<CancelCause> CAUSE = new TypeReference<>() {};
    private static final TypeReference<Failure> FAILURE = new TypeReference<>() {};
    private static final TypeReference<Finish> FINISH = new TypeReference<>() {};
    private static final TypeReference<StoredPause> PAUSE = new TypeReference<>() {};
    private static final TypeReference<Map<String, Object>> METADATA = new TypeReference<>() {};
    private static final TypeReference<RunMetrics> METRICS = new TypeReference<>() {};

    /** @return false if a run with this id is stored already */
    boolean insert(Handle handle, StoredRun run) {
        return insert(handle, run, false);
    }

    /**
     * Inserts a run.
     *
     * @param waits whether it waits for its session's turn
     * @return false if a run with this id is stored already
     */
    boolean insert(Handle handle, StoredRun run, boolean waits) {
        var insert = handle.createUpdate("""
            insert into rein_runs (run_id, root_run_id, parent_run_id, source, component_id, session_id, user_id,
                status, cause, mode, failure, input, content, messages, tools, steps, metrics, metadata,
                created_at, ended_at, pause, owner, epoch, system_message, forked_from, finish, waits)
            values (:id, :root, :parent, :source, :component, :session, :user,
                :status, :cause, :mode, :failure, :input, :content, :messages, :tools, :steps, :metrics, :metadata,
                :created, :ended, :pause, :owner, :epoch, :system, :forked, :finish, :waits)
            on conflict (run_id) do nothing\
            """);
        return bind(insert, run)
                        .bind("root", ColumnText.id("root run's id", run.rootRunId()))
                        .bind("parent", ColumnText.idOrNull("parent run's id", run.parentRunId()))
                        .bind("source", run.source().name())
                        .bind("component", ColumnText.id("component id", run.componentId()))
                        .bind("session", ColumnText.idOrNull("session id", run.sessionId()))
                        .bind("user", ColumnText.idOrNull("user id", run.userId()))
                        .bind("input", JsonCodec.json(run.input()))
                        .bind("metadata", JsonState.write(run.metadata()))
                        .bind("created", JsonCodec.nanos(run.createdAt()))
                        .bind("owner", ColumnText.idOrNull("owner", run.owner()))
                        .bind("waits", waits ? 1 : 0)
                        .bind("forked", ColumnText.idOrNull("original run's id", run.forkedFrom()))
                        .execute()
                == 1;
    }

    /** @return false if the stored run does not exist, has ended, or has another epoch */
    boolean updateLive(Handle handle, StoredRun run) {
        return bind(handle.createUpdate(UPDATE_LIVE), run).execute() == 1;
    }

    /** Updates several runs. @return whether each was updated */
    boolean[] updateLive(Handle handle, List<StoredRun> runs) {
        var batch = handle.prepareBatch(UPDATE_LIVE);
        runs.forEach(run -> bind(batch, run).add());
        return UpdateCounts.areOne(batch.execute());
    }

    /**
     * Ends a run in place of its own process. Changes nothing but its end, as this version may not be able to read all that
     * another one has stored of it.
     *
     * @return false if the stored run does not exist, has ended, or has another epoch
     */
    boolean end(Handle handle, StoredRun run) {
        return bind(handle.createUpdate("""
            update rein_runs
            set status = :status, cause = :cause, mode = :mode, failure = :failure,
                messages = case when messages = '[]' then :messages else messages end, ended_at = :ended, pause = null
            where run_id = :id and epoch = :epoch and ended_at is null
            and status not in ('COMPLETED', 'CANCELLED', 'ERROR')\
            """), run).execute() == 1;
    }

    /** The input, which guardrails may have changed; null if it stays. One with images or files is large, and is written at the end only. */
    private static @Nullable String newInput(StoredRun run) {
        var input = run.input();
        var isSmall = input.images().isEmpty() && input.files().isEmpty();
        return isSmall || run.status().isTerminal() ? JsonCodec.json(input) : null;
    }

    private static <S extends SqlStatement<S>> S bind(S statement, StoredRun run) {
        var failure = run.failure();
        return statement
                .bind("id", ColumnText.id("run id", run.runId()))
                .bind("status", run.status().name())
                .bind("cause", JsonCodec.jsonOrNull(run.cause()))
                .bind(
                        "mode",
                        run.effectiveMode() == null ? null : run.effectiveMode().name())
                .bind(
                        "failure",
                        failure == null
                                ? null
                                : JsonCodec.json(new Failure(failure.type(), failure.message(), failure.guardrail())))
                .bind("content", JsonCodec.json(run.text()))
                .bind("new_input", newInput(run))
                .bind("messages", JsonCodec.json(run.messages()))
                .bind("tools", JsonCodec.json(run.tools()))
                .bind("steps", JsonCodec.json(run.steps()))
                .bind("metrics", JsonCodec.jsonOrNull(run.metrics()))
                .bind("ended", JsonCodec.nanosOrNull(run.endedAt()))
                .bind("pause", JsonCodec.jsonOrNull(run.pause()))
                .bind("epoch", run.epoch())
                .bind("system", JsonCodec.jsonOrNull(run.system()))
                .bind("finish", JsonCodec.jsonOrNull(Finish.of(run)));
    }

    Optional<StoredRun> find(Handle handle, String id) {
        return handle.createQuery("select * from rein_runs where run_id = :id")
                .bind("id", ColumnText.id("run id", id))
                .map(RunTable::run)
                .findOne();
    }

    /** Deletes a run that has neither events nor runs below it. */
    void delete(Handle handle, String id) {
        handle.createUpdate("delete from rein_runs where run_id = :id")
                .bind("id", id)
                .execute();
    }

    /** Finds a run and locks its row until the transaction ends. */
    Optional<StoredRun> lock(Handle handle, Dialect dialect, String id) {
        return handle.createQuery("select * from rein_runs where run_id = :id" + dialect.rowLock)
                .bind("id", ColumnText.id("run id", id))
                .map(RunTable::run)
                .findOne();
    }

    /** The runs of an owner that have not ended, in the order of their start: parents before their children. Locks their rows. */
    List<StoredRun> liveOf(Handle handle, Dialect dialect, String owner) {
        return handle.createQuery("select * from rein_runs where owner = :owner and ended_at is null order by seq"
                        + dialect.rowLock)
                .bind("owner", owner)
                .map(RunTable::run)
                .list();
    }

    /** The runs of a tree that have not ended, in the order of their start. */
    List<StoredRun> liveOfTree(Handle handle, String rootRunId) {
        return handle.createQuery("select * from rein_runs where root_run_id = :root and ended_at is null order by seq")
                .bind("root", rootRunId)
                .map(RunTable::run)
                .list();
    }

    Page<StoredRun> page(Handle handle, RunQuery query) {
        return select(query).page(handle, order(query), query.page(), query.limit(), RunTable::run);
    }

    /** A page without the total, for which every run of the session would be read. */
    List<StoredRun> list(Handle handle, RunQuery query) {
        return select(query).list(handle, order(query), query.page(), query.limit(), RunTable::run);
    }

    static String order(RunQuery query) {
        return query.newestFirst() ? "seq desc" : "seq asc";
    }

    static PageQuery select(RunQuery query) {
        // Of a few trees, the index of trees is to be used: that of the session has all runs of it.
        var select = new PageQuery("rein_runs")
                .where(
                        query.rootRunIds().isEmpty() ? "session_id = :session" : "session_id || '' = :session",
                        "session",
                        ColumnText.id("session id", query.sessionId()));
        if (!query.children()) {
            select.where("parent_run_id is null");
        }
        if (!query.rootRunIds().isEmpty()) {
            select.whereIn(
                    "root_run_id",
                    "roots",
                    query.rootRunIds().stream()
                            .map(id -> ColumnText.id("root run's id", id))
                            .toList());
        }
        if (query.source() != null) {
            select.where("source = :source", "source", query.source().name());
        }
        if (query.componentId() != null) {
            select.where("component_id = :component", "component", ColumnText.id("component id", query.componentId()));
        }
        if (query.userId() != null) {
            select.where("user_id = :user", "user", ColumnText.id("user id", query.userId()));
        }
        if (!query.statuses().isEmpty()) {
            // Constants of an enum need no parameters.
            var names = new TreeSet<>(query.statuses())
                    .stream().map(status -> "'" + status.name() + "'").toList();
            select.where("status in (" + String.join(", ", names) + ")");
        }
        if (query.createdAfter() != null) {
            select.where("created_at >= :after", "after", JsonCodec.nanos(query.createdAfter()));
        }
        if (query.createdBefore() != null) {
            select.where(":before > created_at", "before", JsonCodec.nanos(query.createdBefore()));
        }
        return select;
    }

    /** The ids of the root runs of a session. */
    List<String> rootsOf(Handle handle, String sessionId) {
        return handle.createQuery("select run_id from rein_runs where session_id = :session and parent_run_id is null")
                .bind("session", sessionId)
                .mapTo(String.class)
                .list();
    }

    /** Reads a row. What can't be read, such as values of a later version, is left out: one row never fails a whole list. */
    private static StoredRun run(ResultSet row, StatementContext context) throws SQLException {
        var mode = row.getString("mode");
        var failure = json(row, "failure", FAILURE);
        var finish = json(row, "finish", FINISH);
        var ended = row.getLong("ended_at");
        var hasEnded = !row.wasNull();
        return StoredRun.builder(
                        row.getString("run_id"),
                        UnknownValues.kind(row.getString("source")),
                        row.getString("component_id"))
                .parentRunId(row.getString("parent_run_id"))
                .rootRunId(row.getString("root_run_id"))
                .sessionId(row.getString("session_id"))
                .userId(row.getString("user_id"))
                .status(UnknownValues.status(row.getString("status"), hasEnded))
                .input(json(row, "input", INPUT, RunInput.of("")))
                .text(json(row, "content", TEXT, ""))
                .messages(json(row, "messages", MESSAGES, List.of()))
                .tools(json(row, "tools", TOOLS, List.of()))
                .steps(json(row, "steps", STEPS, List.of()))
                .cause(json(row, "cause", CAUSE))
                .effectiveMode(mode == null ? null : UnknownValues.mode(mode))
                .failure(
                        failure == null
                                ? null
                                : new RunFailure(failure.type(), failure.message(), null, failure.guardrail()))
                .metrics(json(row, "metrics", METRICS))
                .metadata(JsonCodec.withoutNulls(json(row, "metadata", METADATA)))
                .createdAt(JsonCodec.instant(row.getLong("created_at")))
                .endedAt(hasEnded ? JsonCodec.instant(ended) : null)
                .pause(json(row, "pause", PAUSE))
                .owner(row.getString("owner"))
                .epoch(row.getLong("epoch"))
                .system(json(row, "system_message", TEXT))
                .finishReason(
                        finish == null || finish.reason() == null ? null : UnknownValues.finishReason(finish.reason()))
                .rawFinishReason(finish == null ? null : finish.raw())
                .answerType(finish == null ? null : finish.type())
                .forkedFrom(row.getString("forked_from"))
                .build();
    }

    private static <T> T json(ResultSet row, String column, TypeReference<T> type, T unreadable) throws SQLException {
        var value = json(row, column, type);
        return value == null ? unreadable : value;
    }

    private static <T> @Nullable T json(ResultSet row, String column, TypeReference<T> type) throws SQLException {
        return JsonCodec.readIfPossible("run " + row.getString("run_id"), column, row.getString(column), type);
    }
}
