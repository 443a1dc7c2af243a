package dev.rein.os.internal.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.agent.Agent;
import dev.rein.agent.AgentSettings;
import dev.rein.model.Model;
import dev.rein.run.Requirement.Kind;
import dev.rein.run.StepKind;
import dev.rein.runtime.Component;
import dev.rein.team.Team;
import dev.rein.tool.ToolSpec;
import dev.rein.workflow.Condition;
import dev.rein.workflow.Loop;
import dev.rein.workflow.Parallel;
import dev.rein.workflow.Router;
import dev.rein.workflow.Step;
import dev.rein.workflow.Steps;
import dev.rein.workflow.Workflow;
import dev.rein.workflow.WorkflowStep;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The wire form of components, without null values. Immutable and thread-safe. */
public final class ComponentWire {
    private final @Nullable String dbId;
    private final String sessionTable;

    /**
     * @param dbId the id of the components' store; null for none
     * @param sessionTable the name of the session table, shown as {@code sessions}
     */
    public ComponentWire(@Nullable String dbId, String sessionTable) {
        this.dbId = dbId;
        this.sessionTable = sessionTable;
    }

    /** AgentResponse: an entry of {@code GET /agents}, and {@code GET /agents/{id}}. */
    public ObjectNode agent(Agent agent) {
        return agent(agent, true);
    }

    /** @param top whether the component itself is served, as opposed to being part of another */
    private ObjectNode agent(Agent agent, boolean top) {
        var settings = agent.settings();
        var node = head(agent, top);
        node.put("filesystem", false);
        WireValues.put(node, "description", settings.component().description());
        WireValues.put(node, "role", settings.role());
        node.put("is_factory", false);
        putModelAndTools(node, settings);
        putSessions(node, top);
        putReasoning(node);
        putSystemMessage(node, settings);
        return foot(node);
    }

    /** TeamResponse: an entry of {@code GET /teams}, and {@code GET /teams/{id}}. */
    public ObjectNode team(Team team) {
        return team(team, true);
    }

    private ObjectNode team(Team team, boolean top) {
        var settings = team.settings();
        var leader = settings.leader();
        var node = head(team, top);
        WireValues.put(node, "description", leader.component().description());
        WireValues.put(node, "role", leader.role());
        node.put("mode", mode(team));
        putModelAndTools(node, leader);
        putSessions(node, top);
        putReasoning(node);
        putSystemMessage(node, leader);
        node.putObject("streaming").put("stream_member_events", settings.streamMemberEvents());
        var members = node.putArray("members");
        for (var member : settings.members()) {
            members.add(member instanceof Team inner ? team(inner, false) : agent((Agent) member, false));
        }
        node.put("is_factory", false);
        return foot(node);
    }

    /** WorkflowResponse: {@code GET /workflows/{id}}. */
    public ObjectNode workflow(Workflow workflow) {
        var node = head(workflow, true);
        WireValues.put(node, "description", workflow.settings().description());
        var steps = node.putArray("steps");
        workflow.steps().forEach(step -> steps.add(step(step)));
        node.put("workflow_agent", false);
        node.put("is_factory", false);
        return foot(node);
    }

    /** An entry of {@code GET /config}, and for workflows also of {@code GET /workflows}. */
    public ObjectNode summary(Component component) {
        var node = WireJson.object();
        node.put("id", component.id());
        WireValues.put(node, "name", component.name());
        return switch (component) {
            case Agent agent -> {
                WireValues.put(node, "description", agent.settings().component().description());
                WireValues.put(node, "db_id", dbId);
                putModel(node, agent.settings().model());
                yield node.put("sandboxed", false);
            }
            case Team team -> {
                WireValues.put(
                        node,
                        "description",
                        team.settings().leader().component().description());
                WireValues.put(node, "db_id", dbId);
                node.put("mode", mode(team));
                putModel(node, team.settings().leader().model());
                yield node.put("sandboxed", false);
            }
            default -> {
                WireValues.put(
                        node,
                        "description",
                        component instanceof Workflow workflow
                                ? workflow.settings().description()
                                : null);
                WireValues.put(node, "db_id", dbId);
                yield foot(node.put("is_factory", false));
            }
        };
    }

    private static void putModel(ObjectNode node, Model model) {
        node.putObject("model").put("id", model.id()).put("provider", model.provider());
    }

    private static String mode(Team team) {
        return team.settings().mode().name().toLowerCase(Locale.ROOT);
    }

    private ObjectNode head(Component component, boolean top) {
        var node = WireJson.object();
        node.put("id", component.id());
        WireValues.put(node, "name", component.name());
        WireValues.put(node, "db_id", top ? dbId : null);
        return node;
    }

    private static ObjectNode foot(ObjectNode node) {
        return node.put("is_component", false).put("sandboxed", false);
    }

    private void putSessions(ObjectNode node, boolean top) {
        if (top && dbId != null) {
            node.putObject("sessions").put("session_table", sessionTable);
        }
    }

    private static void putReasoning(ObjectNode node) {
        node.putObject("reasoning").put("reasoning", false);
    }

    private static void putModelAndTools(ObjectNode node, AgentSettings settings) {
        var model = settings.model();
        node.putObject("model")
                .put("name", model.name())
                .put("model", model.id())
                .put("provider", model.provider());
        if (!settings.tools().isEmpty()) {
            var tools = node.putObject("tools").putArray("tools");
            settings.tools().forEach(tool -> tools.add(tool(tool)));
        }
    }

    private static ObjectNode tool(ToolSpec tool) {
        var node = WireJson.object();
        node.put("name", tool.name());
        node.put("description", tool.definition().description());
        node.set("parameters", tool.definition().parameters().deepCopy());
        var question = tool.question();
        if (question != null) {
            node.put(
                    question.kind() == Kind.CONFIRMATION
                            ? "requires_confirmation"
                            : question.kind() == Kind.USER_INPUT ? "requires_user_input" : "external_execution",
                    true);
        }
        return node;
    }

    private static void putSystemMessage(ObjectNode node, AgentSettings settings) {
        var message = WireJson.object();
        WireValues.put(message, "description", settings.component().description());
        var instructions = settings.instructions();
        if (instructions.size() == 1) {
            message.put("instructions", instructions.getFirst());
        } else if (!instructions.isEmpty()) {
            message.set("instructions", WireJson.any(instructions));
        }
        if (!message.isEmpty()) {
            node.set("system_message", message);
        }
    }

    // ---- steps

    /** The wire name of a step's type. */
    static String type(WorkflowStep step) {
        return StepOutputJson.type(
                switch (step) {
                    case Step _ -> StepKind.FUNCTION;
                    case Steps _ -> StepKind.STEPS;
                    case Parallel _ -> StepKind.PARALLEL;
                    case Loop _ -> StepKind.LOOP;
                    case Condition _ -> StepKind.CONDITION;
                    case Router _ -> StepKind.ROUTER;
                });
    }

    private ObjectNode step(WorkflowStep step) {
        var node = WireJson.object();
        node.put("name", step.name());
        if (step instanceof Step single) {
            WireValues.put(node, "description", single.description());
        }
        node.put("type", type(step));
        switch (step) {
            case Step single -> putExecutor(node, single);
            case Condition condition -> {
                putSteps(node, "steps", condition.then());
                putSteps(node, "else_steps", condition.otherwise());
            }
            case Router router -> putSteps(node, "choices", router.parts());
            case Loop loop -> {
                node.put("max_iterations", loop.maxIterations());
                putSteps(node, "steps", loop.parts());
            }
            case Steps _, Parallel _ -> putSteps(node, "steps", step.parts());
        }
        return node;
    }

    private void putSteps(ObjectNode node, String key, List<WorkflowStep> steps) {
        if (!steps.isEmpty()) {
            var array = node.putArray(key);
            steps.forEach(each -> array.add(step(each)));
        }
    }

    private void putExecutor(ObjectNode node, Step step) {
        if (step.executor() instanceof Step.Executor.ComponentExecutor runs) {
            switch (runs.component()) {
                case Agent agent -> node.set("agent", agent(agent, false));
                case Team team -> node.set("team", team(team, false));
                case Workflow workflow -> node.set("workflow", workflow(workflow));
                default -> {}
            }
        }
    }
}
