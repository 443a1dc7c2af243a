package dev.rein.bench.walk;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.agent.Agent;
import dev.rein.agent.ModelComponentBuilder;
import dev.rein.bench.walk.Journal.Code;
import dev.rein.bench.walk.Node.AgentNode;
import dev.rein.bench.walk.Node.Asks;
import dev.rein.bench.walk.Node.TeamNode;
import dev.rein.bench.walk.Node.ToolNode;
import dev.rein.bench.walk.Node.Worker;
import dev.rein.bench.walk.Node.WorkflowNode;
import dev.rein.run.RunContext;
import dev.rein.run.RunInput;
import dev.rein.runtime.Component;
import dev.rein.runtime.ComponentBuilder;
import dev.rein.runtime.RetryPolicy;
import dev.rein.session.EventPolicy;
import dev.rein.session.SessionStore;
import dev.rein.team.Team;
import dev.rein.tool.ToolSpec;
import dev.rein.workflow.Workflow;
import dev.rein.workflow.WorkflowStep;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Makes the components of a plan, each once. Thread-safe. */
final class ComponentFactory {
    private static final Duration HOOK_TIMEOUT = Duration.ofSeconds(5);

    private final Journal journal;
    private final UserCode code;
    private final StepFactory steps;
    private final Map<String, Component> made = new ConcurrentHashMap<>();

    ComponentFactory(Journal journal) {
        this.journal = journal;
        this.code = new UserCode(journal, this);
        this.steps = new StepFactory(this, code);
    }

    UserCode code() {
        return code;
    }

    /** The component at the top, which has the store. */
    Component root(Node node, @Nullable SessionStore store, EventPolicy storeEvents) {
        return make(node, store, storeEvents);
    }

    /** A component below another one. */
    Component component(Node node) {
        // Not computeIfAbsent: making one makes those below it.
        var known = made.get(node.name());
        if (known == null) {
            known = make(node, null, EventPolicy.WITHOUT_CONTENT);
            var other = made.putIfAbsent(node.name(), known);
            return other == null ? known : other;
        }
        return known;
    }

    private Component make(Node node, @Nullable SessionStore store, EventPolicy storeEvents) {
        return switch (node) {
            case AgentNode agent -> {
                var builder = Agent.builder();
                work(builder, agent.name(), agent.worker());
                yield common(builder, node, store, storeEvents).build();
            }
            case TeamNode team -> {
                var builder = Team.builder()
                        .mode(team.mode())
                        .maxIterations(2)
                        .streamMemberEvents(team.showsMembers())
                        .members(team.members().stream().map(this::component).toArray(Component[]::new));
                work(builder, team.name(), team.leader());
                yield common(builder, node, store, storeEvents).build();
            }
            case WorkflowNode workflow -> {
                var builder = Workflow.builder()
                        .steps(workflow.steps().stream().map(steps::step).toArray(WorkflowStep[]::new));
                yield common(builder, node, store, storeEvents).build();
            }
        };
    }

    private <B extends ComponentBuilder<B>> B common(
            B builder, Node node, @Nullable SessionStore store, EventPolicy storeEvents) {
        builder.id(node.name()).name(node.name()).storeEvents(storeEvents).hookTimeouts(HOOK_TIMEOUT, HOOK_TIMEOUT);
        if (store != null) {
            builder.store(store);
        }
        for (var cleanup : node.cleanups()) {
            builder.onCancel((context, _) -> code.enter(Code.CLEANUP, node.name(), cleanup, context));
        }
        return builder;
    }

    private <B extends ModelComponentBuilder<B>> void work(B builder, String name, Worker worker) {
        builder.model(new PlannedModel("model-of-" + name, worker.turns(), code, journal))
                .sequentialTools(worker.sequential())
                .retry(new RetryPolicy(worker.retries(), Duration.ofMillis(1), 1, Duration.ofMillis(2)));
        if (worker.fallback()) {
            builder.fallbacks(new PlannedModel("fallback-of-" + name, List.of(), code, journal));
        }
        worker.tools().forEach(tool -> builder.tools(tool(tool)));
        for (var i = 0; i < worker.before().size(); i++) {
            var act = worker.before().get(i);
            builder.before("before-" + i, (input, context) -> input(act, name, input, context));
        }
        for (var i = 0; i < worker.after().size(); i++) {
            var act = worker.after().get(i);
            builder.after("after-" + i, (_, context) -> code.enter(Code.AFTER_HOOK, name, act, context));
        }
    }

    @SuppressWarnings("NullAway") // A hook that returns null is one of those that are tried.
    private RunInput input(Act act, String name, RunInput given, RunContext context) throws Exception {
        return code.enter(Code.BEFORE_HOOK, name, act, context) == null ? null : given;
    }

    private ToolSpec tool(ToolNode node) {
        var kind = node.asks() == Asks.NOBODY ? Code.TOOL : Code.GATED_TOOL;
        var tool = ToolSpec.of(
                node.name(), "Works", object(), (_, context) -> code.enter(kind, node.name(), node.act(), context));
        var asking = switch (node.asks()) {
            case NOBODY -> tool;
            case FOR_CONFIRMATION -> tool.withConfirmation("May it?");
            case FOR_INPUT -> tool.withUserInput("With what?", "value");
            case FOR_RESULT -> ToolSpec.external(node.name(), "Works", object(), "Do it");
        };
        return node.timeoutMillis() == 0 ? asking : asking.withTimeout(Duration.ofMillis(node.timeoutMillis()));
    }

    private static ObjectNode object() {
        var schema = JsonNodeFactory.instance.objectNode();
        schema.put("type", "object");
        schema.putObject("properties").putObject("value").put("type", "string");
        return schema;
    }
}
