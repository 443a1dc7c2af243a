package dev.rein.os.internal.system;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.agent.Agent;
import dev.rein.os.internal.ServerSettings;
import dev.rein.os.internal.auth.AccessControl;
import dev.rein.os.internal.route.HttpCall;
import dev.rein.os.internal.route.Param;
import dev.rein.os.internal.route.RequiredScope;
import dev.rein.os.internal.route.Route;
import dev.rein.os.internal.runs.ComponentRegistry;
import dev.rein.os.internal.wire.ComponentWire;
import dev.rein.os.internal.wire.WireJson;
import dev.rein.run.ComponentKind;
import dev.rein.runtime.Component;
import dev.rein.team.Team;
import dev.rein.workflow.Workflow;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Routes that describe the server and its components. */
public final class SystemRoutes {
    private static final String AGNO_VERSION = "3.1.10";

    private final ServerSettings settings;
    private final ComponentRegistry registry;
    private final AccessControl access;
    private final ComponentWire wire;
    private final Instant startedAt = Instant.now().truncatedTo(ChronoUnit.MICROS);

    public SystemRoutes(ServerSettings settings, ComponentRegistry registry, AccessControl access, ComponentWire wire) {
        this.settings = settings;
        this.registry = registry;
        this.access = access;
        this.wire = wire;
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/", "System", "Get the name and links of this AgentOS", this::root)
                        .answers(200, "Root")
                        .openToAll(),
                Route.get("/health", "System", "Check the health of the server", this::health)
                        .answers(200, "HealthResponse")
                        .openToAll(),
                Route.get("/info", "System", "Get the identity and features of this AgentOS", this::info)
                        .answers(200, "InfoResponse")
                        .openToAll(),
                Route.get("/config", "System", "Get the configuration and all components", this::config)
                        .answers(200, "ConfigResponse"),
                Route.get("/models", "System", "List models", this::models).answers(200, "Models"),
                Route.get("/agents", "Agents", "List agents", call -> all(call, ComponentKind.AGENT))
                        .answers(200, "Agents"),
                Route.get("/agents/{agent_id}", "Agents", "Get an agent", call -> one(call, ComponentKind.AGENT))
                        .answers(200, "Agent")
                        .fails(404),
                Route.get("/teams", "Teams", "List teams", call -> all(call, ComponentKind.TEAM))
                        .answers(200, "Teams"),
                Route.get("/teams/{team_id}", "Teams", "Get a team", call -> one(call, ComponentKind.TEAM))
                        .answers(200, "Team")
                        .fails(404),
                Route.get(
                                "/workflows",
                                "Workflows",
                                "List workflows",
                                call -> call.answer(summaries(call, ComponentKind.WORKFLOW)))
                        .answers(200, "Workflows"),
                Route.get(
                                "/workflows/{workflow_id}",
                                "Workflows",
                                "Get a workflow",
                                call -> one(call, ComponentKind.WORKFLOW))
                        .takes(Param.query("version").integer())
                        .answers(200, "Workflow")
                        .fails(404, 422));
    }

    private void root(HttpCall call) {
        call.answer(WireJson.object()
                .put("name", settings.name() == null ? "AgentOS" : settings.name())
                .put("id", settings.id())
                .put("version", settings.version())
                .put("health", "/health")
                .put("info", "/info")
                .put("docs", "/docs"));
    }

    private void health(HttpCall call) {
        call.answer(WireJson.object().put("status", "ok").put("instantiated_at", startedAt.toString()));
    }

    private void info(HttpCall call) {
        var info = WireJson.object()
                .put("os_id", settings.id())
                .put("name", settings.name())
                .put("os_version", settings.version())
                .put("agno_version", AGNO_VERSION)
                .put("agent_count", registry.all(ComponentKind.AGENT).size())
                .put("team_count", registry.all(ComponentKind.TEAM).size())
                .put("workflow_count", registry.all(ComponentKind.WORKFLOW).size());
        info.putObject("mcp")
                .put("enabled", false)
                .putNull("path")
                .putNull("oauth")
                .put("tool_run_endpoint", false);
        info.put("auth_mode", access.mode()).put("user_isolation", access.isolates());
        call.answer(info);
    }

    private void all(HttpCall call, ComponentKind kind) {
        var all = WireJson.array();
        visible(call, kind).forEach(each -> all.add(full(each)));
        call.answer(all);
    }

    /** The components that the caller may read. */
    private List<Component> visible(HttpCall call, ComponentKind kind) {
        return registry.all(kind).stream()
                .filter(each ->
                        call.caller().may(new RequiredScope(ComponentRegistry.resource(kind), each.id(), "read")))
                .toList();
    }

    private void one(HttpCall call, ComponentKind kind) {
        call.answer(full(registry.get(kind, call.path(ComponentRegistry.idName(kind)))));
    }

    private ObjectNode full(Component component) {
        return switch (component) {
            case Agent agent -> wire.agent(agent);
            case Team team -> wire.team(team);
            case Workflow workflow -> wire.workflow(workflow);
            default -> wire.summary(component);
        };
    }

    private ArrayNode summaries(HttpCall call, ComponentKind kind) {
        var all = WireJson.array();
        visible(call, kind).forEach(each -> all.add(wire.summary(each)));
        return all;
    }

    /** The distinct models of the served agents and teams. */
    private ArrayNode modelList() {
        var models = WireJson.array();
        for (var kind : List.of(ComponentKind.AGENT, ComponentKind.TEAM)) {
            for (var component : registry.all(kind)) {
                var model = wire.summary(component).get("model");
                if (model != null && !contains(models, model)) {
                    models.add(model);
                }
            }
        }
        return models;
    }

    private static boolean contains(ArrayNode all, com.fasterxml.jackson.databind.JsonNode one) {
        for (var each : all) {
            if (each.equals(one)) {
                return true;
            }
        }
        return false;
    }

    private void models(HttpCall call) {
        call.answer(modelList());
    }

    /** Older clients can't parse the list of models; browsers need it and are recognized by their Origin header. */
    private void config(HttpCall call) {
        var config = WireJson.object().put("os_id", settings.id());
        if (settings.name() != null) {
            config.put("name", settings.name());
        }
        if (settings.description() != null) {
            config.put("description", settings.description());
        }
        config.set("available_models", call.http().header("Origin") == null ? WireJson.array() : modelList());
        if (settings.store() != null) {
            config.put("os_database", settings.storeId());
        }
        var databases = config.putArray("databases");
        if (settings.store() != null) {
            databases.add(settings.storeId());
        }
        domain(config, "session", "rein_sessions");
        domain(config, "metrics", "rein_runs");
        domain(config, "memory", "rein_memories");
        config.putObject("learning").putArray("dbs");
        config.putObject("filesystem").putArray("namespaces");
        var knowledge = config.putObject("knowledge");
        knowledge.putArray("dbs");
        knowledge.putArray("knowledge_instances");
        config.putObject("evals").putArray("dbs");
        config.putObject("traces").putArray("dbs");
        config.putObject("queue").put("durable", settings.durable() != null).put("queue_per_session", false);
        config.set("agents", summaries(call, ComponentKind.AGENT));
        config.set("teams", summaries(call, ComponentKind.TEAM));
        config.set("workflows", summaries(call, ComponentKind.WORKFLOW));
        config.putArray("interfaces");
        config.putNull("company");
        call.answer(config);
    }

    private void domain(ObjectNode config, String name, String table) {
        var databases = config.putObject(name).putArray("dbs");
        if (settings.store() != null) {
            var entry = databases.addObject().put("db_id", settings.storeId());
            entry.putObject("domain_config").put("display_name", settings.storeId());
            entry.putArray("tables").add(table);
        }
    }
}
