package dev.rein.situations;

import dev.rein.agent.Agent;
import dev.rein.model.Model;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelException;
import dev.rein.model.ModelResponse;
import dev.rein.model.ToolCall;
import dev.rein.run.RunContext;
import dev.rein.runtime.RetryPolicy;
import dev.rein.session.InMemorySessionStore;
import dev.rein.session.SessionStore;
import dev.rein.testkit.ScriptedModel;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * An agent that does everything an agent can do: hooks, a failed request and its retry, reasoning, text, two tools, one of
 * them with an agent and a tool of its own, session state, events of its own, cleanups, a store. It passes a point wherever
 * code that is not the kernel's runs.
 */
final class Reference implements Referenced {
    private final Points points;
    private final InMemorySessionStore rows = new InMemorySessionStore();
    private final SessionStore store;

    Reference(Points points) {
        this.points = points;
        this.store = points.passedBy(rows);
    }

    @Override
    public SessionStore store() {
        return rows;
    }

    @Override
    public Points points() {
        return points;
    }

    @Override
    public Agent component(boolean sequential) {
        return Agent.builder()
                .name("Reference")
                .model(model())
                .retry(new RetryPolicy(1, Duration.ofMillis(5), 1, Duration.ofMillis(5)))
                .instructions("Be brief.")
                .sequentialTools(sequential)
                .tools(Tools.tool("look", this::look), Tools.tool("ask", this::ask))
                .before("check input", (input, context) -> {
                    points.pass("begin before hook");
                    context.emit("checked", Map.of("length", input.text().length()));
                    points.pass("before hook");
                    return input;
                })
                .after("check answer", (_, _) -> {
                    points.pass("begin after hook");
                    points.pass("after hook");
                })
                .onCancel((_, _) -> points.pass("cleanup"))
                .store(store)
                .storeWait(Waiting.LONG)
                .addHistory(5)
                .debug(true)
                .build();
    }

    private Model model() {
        return ScriptedModel.create()
                .answerWith((_, _) -> {
                    points.pass("begin model, first try");
                    throw new ModelException(ModelException.Kind.SERVER, "busy");
                })
                .answerWith((_, call) -> firstTurn(call))
                .answerWith((_, call) -> {
                    points.pass("begin model, second turn");
                    text(call, "It is ", "there.");
                    return ModelResponse.of("It is there.");
                });
    }

    private ModelResponse firstTurn(ModelCall call) {
        points.pass("begin model, first turn");
        call.reasoning("Where could it be?");
        points.pass("model, after reasoning");
        text(call, "Let me ", "look.");
        call.progress(4);
        points.pass("model, in a tool call");
        return new ModelResponse(
                "Let me look.",
                "Where could it be?",
                List.of(new ToolCall("call_1", "look", "{}"), new ToolCall("call_2", "ask", "{}")),
                null,
                "tool_calls");
    }

    private void text(ModelCall call, String... tokens) {
        for (var token : tokens) {
            call.text(token);
            points.pass("model, after a token");
        }
    }

    private String look(RunContext context) {
        points.pass("begin tool look");
        context.onCancelled(() -> points.pass("cleanup of look"));
        try (var _ = context.cancellation().onCancel(() -> points.pass("aborter of look"))) {
            points.pass("tool look, with an aborter");
        }
        context.cancellation().sleep(Duration.ofMillis(1));
        context.sessionState().put("seen", true);
        points.pass("tool look, at its end");
        return "nothing";
    }

    private String ask(RunContext context) {
        points.pass("begin tool ask");
        var sub = Agent.builder()
                .name("Sub")
                .model(ScriptedModel.create()
                        .answerWith((_, call) -> {
                            points.pass("begin model of the sub-agent, first turn");
                            call.text("Hm.");
                            points.pass("model of the sub-agent, after a token");
                            return new ModelResponse(
                                    "Hm.", null, List.of(new ToolCall("call_1", "count", "{}")), null, "tool_calls");
                        })
                        .answerWith((_, call) -> {
                            points.pass("begin model of the sub-agent, second turn");
                            call.text("Three.");
                            return ModelResponse.of("Three.");
                        }))
                .tools(Tools.tool("count", _ -> {
                    points.pass("begin tool count");
                    return 3;
                }))
                .debug(true)
                .build();
        var output = sub.run("How many?");
        points.pass("tool ask, at its end");
        return output.text();
    }
}
