package dev.rein.os.internal.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.model.Model;
import dev.rein.model.Usage;
import dev.rein.run.ComponentKind;
import dev.rein.session.Session;
import dev.rein.session.SessionOverview;
import dev.rein.session.StoredRun;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The wire form of sessions. Immutable and thread-safe. */
public final class SessionWire {
    private final ComponentCatalog catalog;

    public SessionWire(ComponentCatalog catalog) {
        this.catalog = catalog;
    }

    /**
     * SessionSchema: the list entry of a session, without null values.
     *
     * @param overview summary of the session's runs: source of the token counts and, for an unnamed session, of its
     *     name, the input of the first run; null if there are no runs
     */
    public ObjectNode entry(Session session, @Nullable SessionOverview overview) {
        var node = WireJson.object();
        node.put("session_id", session.sessionId());
        node.put("session_name", name(session, overview));
        node.set("session_state", WireJson.any(session.state()));
        node.put("created_at", WireValues.iso(session.createdAt()));
        node.put("updated_at", WireValues.iso(session.updatedAt()));
        node.put("session_type", kind(session));
        WireValues.put(node, "user_id", session.userId());
        WireValues.put(node, kind(session) + "_id", component(session));
        if (overview != null) {
            node.set("metrics", WireValues.metrics(overview.usage(), model(session)));
            node.put("total_tokens", overview.usage().totalTokens());
        }
        if (!session.metadata().isEmpty()) {
            node.set("metadata", WireJson.any(session.metadata()));
        }
        return node;
    }

    /** Null for a session created without a component. */
    private static @Nullable String component(Session session) {
        return session.componentId().isEmpty() ? null : session.componentId();
    }

    private static String kind(Session session) {
        return session.source().name().toLowerCase(Locale.ROOT);
    }

    private static String name(Session session, @Nullable SessionOverview overview) {
        if (session.name() != null) {
            return session.name();
        }
        return overview == null ? "" : overview.firstInput();
    }

    private static String name(Session session, List<StoredRun> runs) {
        return name(session, overview(runs));
    }

    private static @Nullable SessionOverview overview(List<StoredRun> runs) {
        return runs.isEmpty() ? null : SessionOverview.of(runs);
    }

    private ObjectNode metrics(Session session, List<StoredRun> runs) {
        var overview = overview(runs);
        return WireValues.metrics(overview == null ? Usage.NONE : overview.usage(), model(session));
    }

    private @Nullable Model model(Session session) {
        return catalog.model(session.source(), session.componentId());
    }

    /**
     * AgentSessionDetailSchema, TeamSessionDetailSchema or WorkflowSessionDetailSchema.
     *
     * @param runs its root runs, oldest first
     * @param nulls whether null values are shown (response to a change) or left out (response to a fetch)
     */
    public ObjectNode detail(Session session, List<StoredRun> runs, boolean nulls) {
        var node = switch (session.source()) {
            case AGENT -> agent(session, runs);
            case TEAM -> team(session, runs);
            case WORKFLOW -> workflow(session, runs);
        };
        if (!nulls) {
            node.properties().removeIf(entry -> entry.getValue().isNull());
        }
        return node;
    }

    private ObjectNode agent(Session session, List<StoredRun> runs) {
        var node = WireJson.object();
        var metrics = metrics(session, runs);
        node.put("user_id", session.userId());
        node.put("agent_session_id", session.sessionId());
        putNames(node, session, runs);
        node.put("agent_id", component(session));
        node.set("total_tokens", tokens(metrics));
        node.set("agent_data", data(session, "agent_id"));
        node.set("metrics", metrics);
        node.set("metadata", metadata(session));
        node.set("chat_history", chat(runs));
        putTimes(node, session);
        return node;
    }

    private ObjectNode team(Session session, List<StoredRun> runs) {
        var node = WireJson.object();
        var metrics = metrics(session, runs);
        putNames(node, session, runs);
        node.put("user_id", session.userId());
        node.put("team_id", component(session));
        node.set("metrics", metrics);
        node.set("team_data", data(session, "team_id"));
        node.set("metadata", metadata(session));
        node.set("chat_history", chat(runs));
        putTimes(node, session);
        node.set("total_tokens", tokens(metrics));
        return node;
    }

    private ObjectNode workflow(Session session, List<StoredRun> runs) {
        var node = WireJson.object();
        var name = catalog.name(ComponentKind.WORKFLOW, session.componentId());
        node.put("user_id", session.userId());
        node.put("workflow_id", component(session));
        node.put("workflow_name", name);
        node.put("session_id", session.sessionId());
        node.put("session_name", name(session, runs));
        var data = node.putObject("session_data");
        data.set("session_state", WireJson.any(session.state()));
        data.set("session_metrics", metrics(session, runs));
        node.set("session_state", WireJson.any(session.state()));
        node.set("workflow_data", component(session) == null ? null : steps(session, name));
        node.set("metadata", WireJson.any(session.metadata()));
        putTimes(node, session);
        return node;
    }

    private ObjectNode steps(Session session, @Nullable String name) {
        var workflow = WireJson.object();
        workflow.put("workflow_id", session.componentId());
        WireValues.put(workflow, "name", name);
        var steps = workflow.putArray("steps");
        if (catalog.find(ComponentKind.WORKFLOW, session.componentId()) instanceof Workflow known) {
            for (var step : known.steps()) {
                steps.addObject()
                        .put("name", step.name())
                        .put("description", step instanceof Step single ? single.description() : null)
                        .put("type", ComponentWire.type(step));
            }
        }
        return workflow;
    }

    private static void putNames(ObjectNode node, Session session, List<StoredRun> runs) {
        node.put("session_id", session.sessionId());
        node.put("session_name", name(session, runs));
        node.putNull("session_summary");
        node.set("session_state", WireJson.any(session.state()));
    }

    private static void putTimes(ObjectNode node, Session session) {
        node.put("created_at", WireValues.iso(session.createdAt()));
        node.put("updated_at", WireValues.iso(session.updatedAt()));
    }

    private static JsonNode tokens(ObjectNode metrics) {
        return WireJson.NODES.numberNode(metrics.path("total_tokens").asLong());
    }

    private static @Nullable JsonNode metadata(Session session) {
        return session.metadata().isEmpty() ? null : WireJson.any(session.metadata());
    }

    private @Nullable ObjectNode data(Session session, String key) {
        if (component(session) == null) {
            return null;
        }
        var node = WireJson.object();
        WireValues.put(node, "name", catalog.name(session.source(), session.componentId()));
        node.put(key, session.componentId());
        var model = model(session);
        if (model != null) {
            node.putObject("model")
                    .put("id", model.id())
                    .put("name", model.name())
                    .put("provider", model.provider());
        }
        return node;
    }

    private JsonNode chat(List<StoredRun> runs) {
        var array = WireJson.array();
        for (var run : runs) {
            MessageJson.chat(RunView.of(run, StoredRunContext.NONE, catalog)).forEach(array::add);
        }
        return array;
    }
}
