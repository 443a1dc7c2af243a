package dev.rein.agent;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.fails;
import static dev.rein.agent.TestModel.says;
import static dev.rein.agent.TestModel.saysAndHangs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.model.ModelException.Kind;
import dev.rein.run.CancelResult.Outcome;
import dev.rein.run.ComponentKind;
import dev.rein.run.RunStatus;
import dev.rein.run.event.RunCancelled;
import dev.rein.run.event.RunCompleted;
import dev.rein.run.event.RunContent;
import dev.rein.run.event.RunError;
import dev.rein.run.event.RunStarted;
import dev.rein.run.event.Terminal;
import dev.rein.run.event.ToolCallCompleted;
import dev.rein.run.event.ToolCallError;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import java.util.ArrayList;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The order of events, as clients of AgentOS rely on it. */
class AgentEventsTest {

    @Test
    void aPlainAnswer() throws Exception {
        var run = Agent.builder()
                .name("Plain Agent")
                .model(TestModel.of(says("Hel", "lo")))
                .build()
                .start("Hi");
        Events.end(run);
        var events = Events.of(run);
        assertThat(Events.names(events))
                .containsExactly(
                        "RunStarted",
                        "ModelRequestStarted",
                        "RunContent",
                        "RunContent",
                        "ModelRequestCompleted",
                        "RunContentCompleted",
                        "RunCompleted");
        assertThat(events).extracting(event -> event.index()).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(events).allSatisfy(event -> {
            var origin = event.meta().origin();
            assertThat(origin.runId()).isEqualTo(run.id());
            assertThat(origin.rootRunId()).isEqualTo(run.id());
            assertThat(origin.parentRunId()).isNull();
            assertThat(origin.depth()).isZero();
            assertThat(origin.source()).isEqualTo(ComponentKind.AGENT);
            assertThat(origin.componentId()).isEqualTo("plain-agent");
            assertThat(origin.componentName()).isEqualTo("Plain Agent");
        });
        var started = Events.only(RunStarted.class, events).getFirst();
        assertThat(started.model()).isEqualTo("test-model");
        assertThat(started.provider()).isEqualTo("Test");
        assertThat(Events.only(RunContent.class, events))
                .extracting(RunContent::content)
                .containsExactly("Hel", "lo");
        var last = Events.only(RunCompleted.class, events).getFirst();
        assertThat(last.content()).isEqualTo("Hello");
        assertThat(last.stored()).isTrue();
        assertThat(last.isRoot()).isTrue();
        assertThat(last.metrics().modelCalls()).isEqualTo(1);
    }

    @Test
    void oneTool() throws Exception {
        var model = TestModel.of(calls("search"), says("Found it"));
        var run = Agent.builder()
                .model(model)
                .tools(TestTools.tool("search", context -> "a result"))
                .build()
                .start("Hi");
        Events.end(run);
        var events = Events.of(run);
        assertThat(Events.names(events))
                .containsExactly(
                        "RunStarted",
                        "ModelRequestStarted",
                        "ModelRequestCompleted",
                        "ToolCallStarted",
                        "ToolCallCompleted",
                        "ModelRequestStarted",
                        "RunContent",
                        "ModelRequestCompleted",
                        "RunContentCompleted",
                        "RunCompleted");
        var tool = Events.only(ToolCallCompleted.class, events).getFirst().tool();
        assertThat(tool.toolName()).isEqualTo("search");
        assertThat(tool.toolCallId()).isEqualTo("c1");
        assertThat(tool.result()).isEqualTo("a result");
        assertThat(tool.error()).isFalse();
        assertThat(tool.duration()).isNotNull();
        assertThat(model.told(1).content()).isEqualTo("a result");
        assertThat(model.told(1).toolCallId()).isEqualTo("c1");
    }

    @Test
    void aToolThatRaisesIsCompletedThenAnErrorAndTheRunGoesOn() throws Exception {
        var model = TestModel.of(calls("search"), says("Sorry"));
        var run = Agent.builder()
                .model(model)
                .tools(TestTools.tool("search", context -> {
                    throw new IllegalStateException("no network");
                }))
                .build()
                .start("Hi");
        assertThat(Events.end(run).status()).isEqualTo(RunStatus.COMPLETED);
        var events = Events.of(run);
        assertThat(Events.names(events))
                .containsExactly(
                        "RunStarted",
                        "ModelRequestStarted",
                        "ModelRequestCompleted",
                        "ToolCallStarted",
                        "ToolCallCompleted",
                        "ToolCallError",
                        "ModelRequestStarted",
                        "RunContent",
                        "ModelRequestCompleted",
                        "RunContentCompleted",
                        "RunCompleted");
        var error = Events.only(ToolCallError.class, events).getFirst();
        assertThat(error.error()).isEqualTo("Error: IllegalStateException: no network");
        assertThat(error.tool().error()).isTrue();
        assertThat(model.told(1).content()).isEqualTo("Error: IllegalStateException: no network");
        assertThat(model.told(1).toolError()).isTrue();
    }

    @Test
    void aModelThatFails() throws Exception {
        var run = Agent.of(TestModel.of(fails(Kind.AUTHENTICATION, "the key is wrong")), "")
                .start("Hi");
        var output = Events.end(run);
        var events = Events.of(run);
        assertThat(Events.names(events)).containsExactly("RunStarted", "ModelRequestStarted", "RunError");
        var error = Events.only(RunError.class, events).getFirst();
        assertThat(error.failure().type()).isEqualTo("ModelException");
        assertThat(error.failure().message()).isEqualTo("the key is wrong");
        assertThat(output.failure()).isEqualTo(error.failure());
        assertThat(output.isError()).isTrue();
        assertThat(output.cause()).isNull();
    }

    @Test
    void anAdapterThatThrowsAnythingElseFailsTheRunToo() throws Exception {
        var run = Agent.of(
                        TestModel.of((request, call) -> {
                            call.text("half an ");
                            throw new UnsupportedOperationException("no such thing");
                        }),
                        "")
                .start("Hi");
        var output = Events.end(run);
        assertThat(Events.names(run)).containsExactly("RunStarted", "ModelRequestStarted", "RunContent", "RunError");
        assertThat(output.text()).isEqualTo("half an ");
        assertThat(output.status()).isEqualTo(RunStatus.ERROR);
    }

    @Test
    void aCancelledRunEndsAfterWhatWasDelivered() throws Exception {
        var agent = Agent.of(TestModel.of(saysAndHangs("One ", "two ", "three")), "");
        var names = new ArrayList<String>();
        try (var stream = agent.stream("Count")) {
            for (var event : stream) {
                names.add(event.name());
                if (event instanceof RunContent content && content.content().equals("three")) {
                    assertThat(agent.cancelRun(stream.runId())).isTrue();
                }
                if (event instanceof RunCancelled cancelled) {
                    assertThat(cancelled.content()).isEqualTo("One two three");
                    assertThat(cancelled.cause().kind()).isEqualTo(CancelKind.USER);
                    assertThat(cancelled.cause().reason()).isEqualTo("cancelled by request");
                    assertThat(cancelled.stopTook()).isPositive();
                    assertThat(cancelled.abandoned()).isEmpty();
                }
            }
            assertThat(stream.output().text()).isEqualTo("One two three");
            assertThat(stream.output().preview(3)).isEqualTo("One...");
            assertThat(stream.status()).isEqualTo(RunStatus.CANCELLED);
        }
        assertThat(names)
                .containsExactly(
                        "RunStarted", "ModelRequestStarted", "RunContent", "RunContent", "RunContent", "RunCancelled");
    }

    @Test
    void aCancelBeforeTheStartLetsNoModelBeAsked() throws Exception {
        var model = TestModel.of(says("Hello"));
        var runId = UUID.randomUUID().toString();
        var result = Runs.shared()
                .cancel(runId, CancelRequest.now().reason("not wanted").actor("ops"));
        assertThat(result.outcome()).isEqualTo(Outcome.REMEMBERED);

        var run = Agent.of(model, "").start("Hi", RunOptions.defaults().runId(runId));
        var output = Events.end(run);

        assertThat(Events.names(run)).containsExactly("RunStarted", "RunCancelled");
        assertThat(model.requests()).isEmpty();
        assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(output.cause()).isNotNull().satisfies(cause -> {
            assertThat(cause.reason()).isEqualTo("not wanted");
            assertThat(cause.actor()).isEqualTo("ops");
        });
        assertThat(output.metrics().modelCalls()).isZero();
    }

    @Test
    void aRememberedCancelIsUsedUpByOneRun() throws Exception {
        var runId = UUID.randomUUID().toString();
        Runs.shared().cancel(runId, CancelRequest.now());
        var agent = Agent.of(TestModel.of(says("Hello")), "");
        assertThat(agent.run("Hi").isCompleted()).as("a run of another id").isTrue();
        assertThat(agent.run("Hi", RunOptions.defaults().runId(runId)).isCancelled())
                .isTrue();
        assertThat(agent.run("Hi", RunOptions.defaults().runId(runId)).isCompleted())
                .isTrue();
    }

    @Test
    void theLastEventIsTheOnlyTerminalOneAndIndexesHaveNoGaps() throws Exception {
        var model = TestModel.of(calls("a", "b", "c"), calls("a"), says("done"));
        var run = Agent.builder()
                .model(model)
                .tools(
                        TestTools.tool("a", context -> 1),
                        TestTools.tool("b", context -> 2),
                        TestTools.tool("c", context -> 3))
                .build()
                .start("Hi");
        Events.end(run);
        var events = Events.of(run);
        assertThat(Events.only(Terminal.class, events)).hasSize(1);
        assertThat(events.getLast()).isInstanceOf(Terminal.class);
        assertThat(events)
                .extracting(event -> event.index())
                .isEqualTo(LongStream.range(0, events.size()).boxed().toList());
    }

    @Test
    void reasoningIsShownAndKeptApartFromTheText() throws Exception {
        var run = Agent.of(
                        TestModel.of((request, call) -> {
                            call.reasoning("Let me ");
                            call.reasoning("think.");
                            return says("42").respond(request, call);
                        }),
                        "")
                .start("Hi");
        var output = Events.end(run);
        assertThat(output.text()).isEqualTo("42");
        assertThat(output.reasoning()).isEqualTo("Let me think.");
        assertThat(Events.only(RunContent.class, Events.of(run)))
                .extracting(RunContent::reasoningContent)
                .containsExactly("Let me ", "think.", null);
    }

    @Test
    void emptyDeltasMakeNoEvents() throws Exception {
        var run = Agent.of(TestModel.of(says("", "Hello", "")), "").start("Hi");
        Events.end(run);
        assertThat(Events.only(RunContent.class, Events.of(run))).hasSize(1);
    }
}
