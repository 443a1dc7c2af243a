package dev.rein.os.internal.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.agent.Agent;
import dev.rein.run.Component;
import dev.rein.team.Team;
import dev.rein.workflow.Workflow;
import org.jspecify.annotations.Nullable;

/** Components as clients fetch them; what is null is left out. Immutable and thread-safe. */
public final class ComponentWire {

    /**
     * @param dbId the id of the store that components are kept in; null for none
     * @param sessionTable the table of its sessions, for {@code sessions}
     */
    public ComponentWire(@Nullable String dbId, String sessionTable) {}

    /** AgentResponse: an entry of {@code GET /agents}, and {@code GET /agents/{id}}. */
    public ObjectNode agent(Agent agent) {
        return WireJson.object().put("id", agent.id());
    }

    /** TeamResponse: an entry of {@code GET /teams}, and {@code GET /teams/{id}}. */
    public ObjectNode team(Team team) {
        return WireJson.object().put("id", team.id());
    }

    /** WorkflowResponse: {@code GET /workflows/{id}}. */
    public ObjectNode workflow(Workflow workflow) {
        return WireJson.object().put("id", workflow.id());
    }

    /** An entry of {@code GET /config}; of a workflow also of {@code GET /workflows}. */
    public ObjectNode summary(Component component) {
        return WireJson.object().put("id", component.id());
    }
}
