package dev.rein.os.internal.sessions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.cancel.CancelRequest;
import dev.rein.os.internal.route.HttpCall;
import dev.rein.os.internal.route.Paging;
import dev.rein.os.internal.route.Param;
import dev.rein.os.internal.route.Problem;
import dev.rein.os.internal.route.RequestValues;
import dev.rein.os.internal.route.Route;
import dev.rein.os.internal.runs.ComponentRegistry;
import dev.rein.os.internal.runs.StoreAccess;
import dev.rein.os.internal.wire.SessionWire;
import dev.rein.os.internal.wire.WireJson;
import dev.rein.run.ComponentKind;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.Runs;
import dev.rein.session.Session;
import dev.rein.session.SessionEdit;
import dev.rein.session.SessionQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Routes that list, create, fetch, change and delete sessions. */
public final class SessionRoutes {
    private static final String TAG = "Sessions";
    private static final String DETAIL = "SessionDetail";
    private static final Duration CANCEL_WAIT = Duration.ofSeconds(10);

    private final Runs runs;
    private final StoreAccess stored;
    private final SessionAccess scope;
    private final SessionWire wire;

    public SessionRoutes(Runs runs, StoreAccess stored, SessionWire wire) {
        this.runs = runs;
        this.stored = stored;
        this.scope = new SessionAccess(stored);
        this.wire = wire;
    }

    public List<Route> routes() {
        var one = "/sessions/{session_id}";
        return List.of(
                Route.get("/sessions", TAG, "List sessions", this::list)
                        .takes(SessionAccess.TYPE, Param.query("component_id"), SessionAccess.USER)
                        .takes(Param.query("session_name").description("Text that the session name contains"))
                        .takes(Paging.params(20))
                        .takes(
                                Param.query("sort_by")
                                        .defaultsTo("created_at")
                                        .description("Sort key: created_at or updated_at"),
                                Param.query("sort_order").defaultsTo("desc").oneOf("asc", "desc"))
                        .takes(SessionAccess.db())
                        .answers(200, "PaginatedSessions")
                        .fails(400, 422),
                Route.post("/sessions", TAG, "Create a session", this::create)
                        .takes(SessionAccess.TYPE.defaultsTo("agent"), Param.query("db_id"))
                        .takes(
                                Param.json("session_id").id(),
                                Param.json("session_name"),
                                Param.json("session_state").object(),
                                Param.json("metadata").object(),
                                Param.json("user_id").id(),
                                Param.json("agent_id").id(),
                                Param.json("team_id").id(),
                                Param.json("workflow_id").id())
                        .answers(201, DETAIL)
                        .fails(400, 409, 422),
                Route.delete("/sessions", TAG, "Delete sessions and their runs", this::deleteMany)
                        .takes(SessionAccess.USER, Param.query("delete_media").flag(false))
                        .takes(SessionAccess.db())
                        .takes(
                                Param.json("session_ids").id().list().require(),
                                Param.json("session_types")
                                        .list()
                                        .require()
                                        .oneOf("agent", "team", "workflow")
                                        .description("Type of each session"))
                        .answers(204, "")
                        .fails(400, 422),
                Route.get(one, TAG, "Get a session", this::get)
                        .takes(SessionAccess.TYPE, SessionAccess.USER)
                        .takes(SessionAccess.db())
                        .answers(200, DETAIL)
                        .fails(404, 422),
                Route.patch(one, TAG, "Update a session", this::patch)
                        .takes(SessionAccess.TYPE, SessionAccess.USER)
                        .takes(SessionAccess.db())
                        .takes(
                                Param.json("session_name"),
                                Param.json("session_state").object(),
                                Param.json("metadata").object(),
                                Param.json("summary").object().description("Ignored"))
                        .answers(200, DETAIL)
                        .fails(400, 404, 422),
                Route.post(one + "/rename", TAG, "Rename a session", this::rename)
                        .takes(SessionAccess.TYPE, SessionAccess.USER)
                        .takes(SessionAccess.db())
                        .takes(Param.json("session_name").require())
                        .answers(200, DETAIL)
                        .fails(400, 404, 422),
                Route.delete(one, TAG, "Delete a session and its runs", this::delete)
                        .takes(SessionAccess.USER, Param.query("delete_media").flag(false))
                        .takes(SessionAccess.db())
                        .answers(204, "")
                        .fails(404, 422));
    }

    private void list(HttpCall call) {
        var startedAt = System.nanoTime();
        if (SessionAccess.seesNothing(call)) {
            call.answer(Paging.empty(call));
            return;
        }
        var sort = "updated_at".equals(call.text("sort_by")) ? SessionQuery.Sort.UPDATED : SessionQuery.Sort.CREATED;
        var query = SessionQuery.all()
                .source(SessionAccess.kind(call))
                .componentId(call.text("component_id"))
                .userId(SessionAccess.user(call))
                .name(call.text("session_name"))
                .sort(sort, "asc".equals(call.text("sort_order")))
                .page(Paging.page(call), Paging.limit(call));
        var page = StoreAccess.orBadRequest(() -> stored.store().sessions(query));
        var overviews = stored.store()
                .overviews(page.items().stream().map(Session::sessionId).toList());
        var data = WireJson.array();
        for (var session : page.items()) {
            data.add(wire.entry(session, overviews.get(session.sessionId())));
        }
        call.answer(Paging.answer(data, page, startedAt));
    }

    private void get(HttpCall call) {
        call.answer(detail(scope.require(call), false));
    }

    private ObjectNode detail(Session session, boolean nulls) {
        return wire.detail(session, stored.store().runs(session.sessionId()), nulls);
    }

    private void create(HttpCall call) {
        var kind = Objects.requireNonNullElse(SessionAccess.kind(call), ComponentKind.AGENT);
        var given = call.text("session_id");
        var id = given == null ? UUID.randomUUID().toString() : given;
        var component = call.text(ComponentRegistry.idName(kind));
        var now = Instant.now();
        var session = new Session(
                id,
                call.text("session_name"),
                kind,
                component == null ? "" : component,
                call.caller().user(call.text("user_id")),
                Objects.requireNonNullElse(object(call, "session_state"), Map.of()),
                Objects.requireNonNullElse(object(call, "metadata"), Map.of()),
                now,
                now);
        if (!StoreAccess.orBadRequest(() -> stored.store().create(session))) {
            throw Problem.conflict("Session with id '" + id + "' already exists");
        }
        call.answer(201, detail(session, true));
    }

    private static @Nullable Map<String, Object> object(HttpCall call, String name) {
        var json = call.json(name);
        return json == null ? null : RequestValues.map(json);
    }

    private void patch(HttpCall call) {
        edit(call, new SessionEdit(call.text("session_name"), object(call, "session_state"), object(call, "metadata")));
    }

    private void rename(HttpCall call) {
        edit(call, SessionEdit.name(call.required("session_name")));
    }

    private void edit(HttpCall call, SessionEdit edit) {
        var id = scope.require(call).sessionId();
        var session = StoreAccess.orBadRequest(() -> stored.store().edit(id, edit))
                .orElseThrow(() -> Problem.notFound("Session with id '" + id + "' not found"));
        call.answer(detail(session, true));
    }

    private void delete(HttpCall call) throws InterruptedException {
        delete(List.of(scope.require(call).sessionId()));
        call.done();
    }

    private void deleteMany(HttpCall call) throws InterruptedException {
        var ids = call.texts("session_ids");
        if (ids.size() != call.texts("session_types").size()) {
            throw Problem.badRequest("session_ids and session_types differ in length: give one type for each id");
        }
        delete(ids.stream().filter(id -> scope.find(call, id).isPresent()).toList());
        call.done();
    }

    /** Cancels the live runs of this process first, and waits for their ends. The store has other processes cancel theirs. */
    private void delete(List<String> ids) throws InterruptedException {
        var stopped = new ArrayList<RunHandle>();
        for (var id : ids) {
            for (var run : runs.liveInSession(id)) {
                if (run.parentRunId() == null) {
                    runs.handle(run.runId()).ifPresent(stopped::add);
                }
            }
        }
        stopped.forEach(run -> run.cancel(CancelRequest.now().reason("its session is being deleted")));
        for (var run : stopped) {
            try {
                run.await(CANCEL_WAIT);
            } catch (TimeoutException e) {
                throw Problem.unavailable("Run " + run.id() + " of a session is still ending: try again soon");
            }
        }
        stored.store().delete(ids);
    }
}
