package dev.rein.os.internal.system;

import dev.rein.os.internal.ServerSettings;
import dev.rein.os.internal.route.HttpCall;
import dev.rein.os.internal.route.Paging;
import dev.rein.os.internal.route.Param;
import dev.rein.os.internal.route.Problem;
import dev.rein.os.internal.route.Route;
import dev.rein.os.internal.sessions.SessionAccess;
import dev.rein.os.internal.wire.WireJson;
import io.javalin.http.MethodNotAllowedResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Documented routes of features without data here: learnings, evaluations, traces and others. Their lists are always
 * empty.
 */
public final class EmptyRoutes {
    private static final String NOTHING = "Nothing";
    private static final Param SORT_ORDER =
            Param.query("sort_order").defaultsTo("desc").oneOf("asc", "desc");

    private final ServerSettings settings;

    public EmptyRoutes(ServerSettings settings) {
        this.settings = settings;
    }

    public List<Route> routes() {
        var routes = new ArrayList<Route>();
        learnings(routes);
        evals(routes);
        traces(routes);
        routes.add(list("/registry", "System", "List registered components", 20)
                .takes(Param.query("resource_type"), Param.query("name")));
        for (var path : List.of("/databases/all/migrate", "/databases/{db_id}/migrate")) {
            routes.add(Route.post(path, "System", "Migrate a database; always up to date", this::migrate)
                    .takes(Param.query("target_version"))
                    .answers(200, "Migrated")
                    .fails(404));
        }
        return routes;
    }

    private static Route list(String path, String tag, String summary, int limit) {
        return Route.get(path, tag, summary, call -> call.answer(Paging.empty(call)))
                .takes(Paging.params(limit))
                .answers(200, NOTHING)
                .fails(422);
    }

    private static Param[] texts(String... names) {
        return List.of(names).stream().map(Param::query).toArray(Param[]::new);
    }

    private static Route hidden(Route route) {
        return route.hidden();
    }

    private static void missing(List<Route> routes, String path, String what) {
        Route.Handler handler = call -> {
            throw Problem.notFound(what + " with id '"
                    + call.path(path.substring(path.indexOf('{') + 1, path.indexOf('}'))) + "' not found");
        };
        routes.add(hidden(Route.get(path, what, "Not available", handler)));
        routes.add(hidden(Route.patch(path, what, "Not available", handler)));
        routes.add(hidden(Route.delete(path, what, "Not available", handler)));
    }

    /** Otherwise the last segment of these paths would be taken for an id. */
    private static void notAllowed(List<Route> routes, String path, String... methods) {
        for (var method : methods) {
            routes.add(hidden(Route.of(method, path, "System", "Not allowed", _ -> {
                throw new MethodNotAllowedResponse();
            })));
        }
    }

    private static void learnings(List<Route> routes) {
        routes.add(list("/learnings", "Learnings", "List learnings; always empty", 100)
                .takes(texts(
                        "learning_type",
                        "user_id",
                        "agent_id",
                        "team_id",
                        "session_id",
                        "namespace",
                        "entity_id",
                        "entity_type",
                        "sort_by"))
                .takes(SORT_ORDER)
                .takes(SessionAccess.db()));
        routes.add(list("/learnings/users", "Learnings", "List users with learnings; always empty", 20)
                .takes(texts("learning_type", "user_id", "sort_by"))
                .takes(SORT_ORDER)
                .takes(SessionAccess.db()));
        notAllowed(routes, "/learnings/users", "PATCH", "DELETE");
        missing(routes, "/learnings/{learning_id}", "Learning");
    }

    private static void evals(List<Route> routes) {
        routes.add(list("/eval-runs", "Evals", "List evaluation runs; always empty", 20)
                .takes(texts("agent_id", "team_id", "workflow_id", "model_id", "type", "sort_by", "eval_types"))
                .takes(SORT_ORDER)
                .takes(SessionAccess.db()));
        routes.add(Route.delete("/eval-runs", "Evals", "Delete evaluation runs", HttpCall::done)
                .takes(SessionAccess.db())
                .takes(Param.json("eval_run_ids").list().require())
                .answers(204, "")
                .fails(422));
        missing(routes, "/eval-runs/{eval_run_id}", "Eval run");
    }

    private static void traces(List<Route> routes) {
        var ids = new String[] {"user_id", "agent_id", "team_id", "workflow_id", "start_time", "end_time", "db_id"};
        routes.add(list("/traces", "Traces", "List traces; always empty", 20)
                .takes(texts(ids))
                .takes(texts("run_id", "session_id", "status")));
        routes.add(Route.get("/traces/filter-schema", "Traces", "Get the filter schema of traces", call -> {
                    var answer = WireJson.object();
                    answer.putArray("fields");
                    answer.putArray("logical_operators").add("AND").add("OR").add("NOT");
                    call.answer(answer);
                })
                .answers(200, "FilterSchema"));
        routes.add(list("/trace_session_stats", "Traces", "List sessions with traces; always empty", 20)
                .takes(texts(ids)));
        routes.add(Route.post(
                        "/traces/search",
                        "Traces",
                        "Search traces; always empty",
                        call -> call.answer(Paging.empty(call)))
                .takes(Param.query("db_id"))
                .takes(
                        Param.json("filter").object(),
                        Param.json("group_by").defaultsTo("run").oneOf("run", "session"),
                        Param.json("page").integer(1).between(1, 1_000_000),
                        Param.json("limit").integer(20).between(1, 1_000))
                .answers(200, NOTHING)
                .fails(400, 422));
        notAllowed(routes, "/traces/filter-schema", "PATCH", "DELETE");
        notAllowed(routes, "/traces/search", "GET", "PATCH", "DELETE");
        missing(routes, "/traces/{trace_id}", "Trace");
    }

    private void migrate(HttpCall call) {
        var id = call.http().pathParamMap().get("db_id");
        if (id != null && !Objects.equals(id, settings.store() == null ? null : settings.storeId())) {
            throw Problem.notFound("No database found with id '" + id + "'");
        }
        call.answer(WireJson.object().put("message", "The database is up to date"));
    }
}
