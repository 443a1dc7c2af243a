package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.run.CancelResult;
import dev.rein.run.CancelResult.Outcome;
import dev.rein.run.RunContext;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Situation19ToolCancelsItsOwnRunTest {
    private final InMemorySessionStore store = new InMemorySessionStore();
    private final CancelRequest request =
            CancelRequest.now().reason("the tool says so").grace(Waiting.NEVER);
    private final AtomicReference<CancelResult> told = new AtomicReference<>();
    private final AtomicReference<String> cleanup = new AtomicReference<>("not begun");

    /** Takes longer than an interrupt would need to arrive. */
    private void cleanUp() {
        cleanup.set("interrupted");
        try {
            Thread.sleep(200); // blocks on purpose
            cleanup.set("finished");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @ParameterizedTest
    @EnumSource
    void itsOwnCleanupFinishesAndItsResultIsDropped(Form form) {
        var model = ScriptedModel.create().toolCall("stop", "{}").answer("never asked for");
        var agent = Agent.builder()
                .model(model)
                .store(store)
                .storeWait(Waiting.LONG)
                .tools(Tools.tool("stop", context -> {
                    told.set(context.cancel(request));
                    cleanUp();
                    return "dropped";
                }))
                .build();
        var run = form.start(agent, "Go");

        var output = RunInvariants.checkCancelled(run, store);
        assertThat(told.get().outcome()).isEqualTo(Outcome.REQUESTED);
        assertThat(cleanup).hasValue("finished");
        assertThat(Objects.requireNonNull(output.cause()).reason()).isEqualTo("the tool says so");
        assertThat(output.tools()).singleElement().extracting("result").isNull();
        assertThat(output.messages()).noneMatch(message -> message.content().equals("dropped"));
        assertThat(output.abandoned()).isEmpty();
        assertThat(model.callsStarted()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void theToolsBesideItAreReleased(Form form) {
        var beside = new Gate();
        var model = ScriptedModel.of(Script.empty().thenToolCall("wait", "{}").thenToolCall("stop", "{}"));
        var agent = Agent.builder()
                .model(model)
                .store(store)
                .storeWait(Waiting.LONG)
                .tools(Tools.waiting("wait", beside), Tools.tool("stop", context -> {
                    beside.awaitArrival();
                    context.cancel(request);
                    cleanUp();
                    return "dropped";
                }))
                .build();
        var run = form.start(agent, "Go");

        var output = RunInvariants.checkCancelled(run, store);
        assertThat(cleanup).hasValue("finished");
        assertThat(output.abandoned()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aToolOfASubAgentMayCancelTheWholeTree(Form form) {
        var sub = Agent.builder()
                .model(ScriptedModel.create().toolCall("stop", "{}").answer("never asked for"))
                .tools(Tools.tool("stop", context -> {
                    told.set(Runs.shared().cancel(context.rootRunId(), request));
                    cleanUp();
                    return "dropped";
                }))
                .build();
        var model = ScriptedModel.create().toolCall("ask", "{}").answer("never asked for");
        var agent = Agent.builder()
                .model(model)
                .store(store)
                .storeWait(Waiting.LONG)
                .tools(Tools.tool("ask", _ -> sub.run("Go").text()))
                .build();
        var run = form.start(agent, "Go");

        RunInvariants.checkCancelled(run, store);
        assertThat(told.get().outcome()).isEqualTo(Outcome.REQUESTED);
        assertThat(cleanup).hasValue("finished");
        assertThat(model.callsStarted()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aHookMayCancelItsOwnRun(Form form) {
        var model = ScriptedModel.of("never asked for");
        var agent = Agent.builder()
                .model(model)
                .store(store)
                .storeWait(Waiting.LONG)
                .before("stop", (input, context) -> {
                    context.cancel(request);
                    cleanUp();
                    return input;
                })
                .build();

        RunInvariants.checkCancelled(form.start(agent, "Go"), store);
        assertThat(cleanup).hasValue("finished");
        assertThat(model.callsStarted()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aModelMayCancelTheRunThatAsksIt(Form form) {
        var model = ScriptedModel.create().answerWith((_, call) -> {
            call.text("delivered");
            Objects.requireNonNull(RunContext.current()).cancel(request);
            cleanUp();
            return ModelResponse.of("delivered and more");
        });
        var agent = Agent.builder()
                .model(model)
                .store(store)
                .storeWait(Waiting.LONG)
                .build();

        assertThat(RunInvariants.checkCancelled(form.start(agent, "Go"), store).text())
                .isEqualTo("delivered");
        assertThat(cleanup).hasValue("finished");
    }

    /** By a thread that it waits for, the tool is stopped as from anywhere else. */
    @ParameterizedTest
    @EnumSource
    void aToolMayWaitForTheThreadThatCancelsIt(Form form) {
        var agent = Agent.builder()
                .model(ScriptedModel.create().toolCall("stop", "{}"))
                .store(store)
                .storeWait(Waiting.LONG)
                .tools(Tools.tool("stop", context -> {
                    var done = new CountDownLatch(1);
                    Thread.ofPlatform().start(() -> {
                        told.set(context.cancel(request));
                        done.countDown();
                    });
                    done.await();
                    return "dropped";
                }))
                .build();
        var run = form.start(agent, "Go");

        assertThat(RunInvariants.checkCancelled(run, store).abandoned()).isEmpty();
        Waiting.until("the canceller", () -> told.get() != null);
        assertThat(told.get().outcome()).isEqualTo(Outcome.REQUESTED);
    }
}
