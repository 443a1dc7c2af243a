package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.model.ToolCall;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.ScriptedModel;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Situation16SwallowedStopTest {
    private final InMemorySessionStore store = new InMemorySessionStore();
    private final CountDownLatch blocked = new CountDownLatch(1);
    private final AtomicInteger returned = new AtomicInteger();

    /** What careless code does: catches everything and says that all is well. */
    private String swallow() {
        blocked.countDown();
        try {
            Thread.sleep(60_000); // blocks on purpose
        } catch (Throwable e) {
            // On purpose.
        }
        returned.incrementAndGet();
        return "ok";
    }

    private void awaitBlocked() {
        Waiting.until("somebody is blocked", () -> blocked.getCount() == 0);
    }

    @ParameterizedTest
    @EnumSource
    void theValueOfAToolThatSwallowsTheStopIsNotUsed(Form form) {
        var model = ScriptedModel.create().toolCall("swallow", "{}").answer("never asked for");
        var agent = Agent.builder()
                .model(model)
                .store(store)
                .storeWait(Waiting.LONG)
                .tools(Tools.tool("swallow", _ -> swallow()))
                .build();
        var run = form.start(agent, "Go");
        awaitBlocked();

        run.cancel(CancelRequest.now().grace(Waiting.NEVER));

        run.end(Waiting.SOON);
        var output = RunInvariants.checkCancelled(run, store);
        assertThat(returned).hasValue(1);
        assertThat(output.tools()).singleElement().extracting("result").isNull();
        assertThat(output.messages()).noneMatch(message -> message.content().equals("ok"));
        assertThat(model.callsStarted()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aModelThatSwallowsTheStopAndAnswersIsNotUsed(Form form) {
        var tools = new AtomicInteger();
        var model = ScriptedModel.create()
                .answerWith((_, _) -> new ModelResponse(
                        swallow(), null, List.of(new ToolCall("call_1", "count", "{}")), null, "tool_calls"))
                .answer("never asked for");
        var agent = Agent.builder()
                .model(model)
                .store(store)
                .storeWait(Waiting.LONG)
                .tools(Tools.tool("count", _ -> tools.incrementAndGet()))
                .build();
        var run = form.start(agent, "Go");
        awaitBlocked();

        run.cancel(CancelRequest.now().grace(Waiting.NEVER));

        var output = RunInvariants.checkCancelled(run, store);
        assertThat(output.text()).isEmpty();
        assertThat(tools).hasValue(0);
        assertThat(model.callsStarted()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aHookBeforeTheRunThatSwallowsTheStopStartsNothing(Form form) {
        var model = ScriptedModel.of("never asked for");
        var agent = Agent.builder()
                .model(model)
                .store(store)
                .storeWait(Waiting.LONG)
                .before("swallow", (input, _) -> {
                    swallow();
                    return input;
                })
                .build();
        var run = form.start(agent, "Go");
        awaitBlocked();

        run.cancel(CancelRequest.now().grace(Waiting.NEVER));

        RunInvariants.checkCancelled(run, store);
        assertThat(model.callsStarted()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aHookAfterTheAnswerThatSwallowsTheStopDoesNotCompleteTheRun(Form form) {
        var later = new AtomicInteger();
        var agent = Agent.builder()
                .model(ScriptedModel.of("done"))
                .store(store)
                .storeWait(Waiting.LONG)
                .after("swallow", (_, _) -> swallow())
                .after("later", (_, _) -> later.incrementAndGet())
                .build();
        var run = form.start(agent, "Go");
        awaitBlocked();

        run.cancel(CancelRequest.now().grace(Waiting.NEVER));

        assertThat(RunInvariants.checkCancelled(run, store).text()).isEqualTo("done");
        assertThat(later).hasValue(0);
    }

    @ParameterizedTest
    @EnumSource
    void aToolThatSwallowsTheCancellationOfItsSubAgentChangesNothing(Form form) {
        var subModel = ScriptedModel.create().waitsForever();
        var sub = Agent.of(subModel, "");
        var model = ScriptedModel.create().toolCall("ask", "{}").answer("never asked for");
        var agent = Agent.builder()
                .model(model)
                .store(store)
                .storeWait(Waiting.LONG)
                .tools(Tools.tool("ask", _ -> {
                    sub.run("first");
                    // The first was cancelled, and it does not look.
                    return sub.run("second").text() + "ok";
                }))
                .build();
        var run = form.start(agent, "Go");
        subModel.awaitWaiting(1);

        run.cancel(CancelRequest.now().grace(Waiting.NEVER));

        var output = RunInvariants.checkCancelled(run, store);
        assertThat(output.tools()).singleElement().extracting("result").isNull();
        assertThat(subModel.callsStarted()).isEqualTo(1);
        assertThat(model.callsStarted()).isEqualTo(1);
    }
}
