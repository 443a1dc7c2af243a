package dev.rein.os.internal.system;

import dev.rein.os.internal.route.Paging;
import dev.rein.os.internal.route.Problem;
import dev.rein.os.internal.route.Route;
import dev.rein.os.internal.wire.WireJson;
import java.util.ArrayList;
import java.util.List;

/** What this server does not do, and says so as clients know it. None of it is in the OpenAPI document. */
public final class UnavailableRoutes {
    private static final String KNOWLEDGE = "No knowledge base is available on this AgentOS. A Knowledge is served over"
            + " /knowledge only once it has a contents_db: pass Knowledge(..., contents_db=<db>) to"
            + " AgentOS(knowledge=[...]), or to an agent or team.";

    private final boolean hasStore;
    private final boolean hasQueue;

    /**
     * @param hasStore whether there is a store: if so, lists are empty; if not, the answer names the missing store
     * @param hasQueue whether the server has the routes of a queue
     */
    public UnavailableRoutes(boolean hasStore, boolean hasQueue) {
        this.hasStore = hasStore;
        this.hasQueue = hasQueue;
    }

    public List<Route> routes() {
        var routes = new ArrayList<Route>();
        storeFeature(routes, "/schedules", "Schedules");
        storeFeature(routes, "/approvals", "Approvals");
        storeFeature(routes, "/service-accounts", "Service Accounts");
        storeFeature(routes, "/components", "Components");
        if (!hasQueue) {
            unavailable(
                    routes,
                    "/queue",
                    "Queue not available: pass a `queue=QueueConfig(durable=True)` to AgentOS to enable this feature.");
        }
        unavailable(routes, "/knowledge", KNOWLEDGE);
        unavailable(routes, "/filesystem", "Filesystem not available: no agent of this AgentOS has one");
        unavailable(routes, "/company", "Company not available: this AgentOS has none");
        return routes;
    }

    /** Features that depend on a store. */
    private void storeFeature(List<Route> routes, String path, String what) {
        if (hasStore) {
            routes.add(Route.get(path, what, "Not available", call -> call.answer(Paging.empty(call)))
                    .takes(Paging.params(20))
                    .hidden());
            if (path.equals("/approvals")) {
                routes.add(Route.get(
                                "/approvals/count",
                                what,
                                "Not available",
                                call -> call.answer(WireJson.object().put("count", 0)))
                        .hidden());
            }
            unavailable(routes, path, what + " not available: this AgentOS keeps none");
        } else {
            unavailable(routes, path, what + " not available: pass a `db` to AgentOS to enable this feature.");
        }
    }

    private static void unavailable(List<Route> routes, String path, String why) {
        Route.Handler handler = _ -> {
            throw Problem.unsupported(why);
        };
        for (var method : List.of("GET", "POST", "PATCH", "DELETE")) {
            if (routes.stream()
                    .noneMatch(route ->
                            route.method().equals(method) && route.path().equals(path))) {
                routes.add(Route.of(method, path, "System", why, handler).hidden());
            }
            routes.add(Route.of(method, path + "/*", "System", why, handler).hidden());
        }
    }
}
