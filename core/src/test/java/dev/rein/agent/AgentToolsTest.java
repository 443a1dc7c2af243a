package dev.rein.agent;

import static dev.rein.agent.TestModel.call;
import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.says;
import static dev.rein.agent.TestTools.tool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.rein.cancel.CancelRequest;
import dev.rein.model.Message;
import dev.rein.model.ToolCall;
import dev.rein.model.ToolDefinition;
import dev.rein.run.RunContext;
import dev.rein.run.ToolExecution;
import dev.rein.run.event.CustomEvent;
import dev.rein.run.event.ToolCallError;
import dev.rein.runtime.RunOptions;
import dev.rein.tool.Param;
import dev.rein.tool.Tool;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class AgentToolsTest {

    /** A toolkit like those of applications. */
    public static final class Sums {
        @Tool("Adds two numbers")
        public int add(@Param("one") int a, @Param("other") int b) {
            return a + b;
        }
    }

    @Test
    void aToolkitIsDescribedToTheModelAndCalledWithItsArguments() {
        var model = TestModel.of(calls(new ToolCall("c1", "add", "{\"a\":1,\"b\":2}")), says("3"));
        Agent.builder().model(model).tools(new Sums()).build().run("1 + 2?");
        assertThat(model.requests().getFirst().tools())
                .extracting(ToolDefinition::name, ToolDefinition::description)
                .containsExactly(tuple("add", "Adds two numbers"));
        assertThat(model.told(1).content()).isEqualTo("3");
    }

    @Test
    void argumentsThatDoNotFitAreExplainedToTheModel() {
        var model = TestModel.of(
                calls(new ToolCall("c1", "add", "{\"a\":\"one\",\"b\":2}"), new ToolCall("c2", "add", "{\"a\":")),
                says("sorry"));
        var output = Agent.builder().model(model).tools(new Sums()).build().run("1 + 2?");
        assertThat(output.isCompleted()).isTrue();
        assertThat(output.tools()).extracting(ToolExecution::error).containsExactly(true, true);
        assertThat(model.asked(1).get(2).content()).contains("ToolArgumentException", "a");
        assertThat(model.asked(1).get(3).content()).contains("ToolArgumentException");
    }

    @Test
    void anUnknownToolIsAnsweredWithTheListOfTools() {
        var model = TestModel.of(calls("serach"), says("ok"));
        var run = Agent.builder()
                .model(model)
                .tools(tool("search", context -> 1), tool("fetch", context -> 2))
                .build()
                .run("Hi");
        assertThat(run.isCompleted()).isTrue();
        assertThat(model.told(1).content())
                .startsWith("There is no tool \"serach\". The tools are: ")
                .contains("search", "fetch");
        assertThat(model.told(1).toolError()).isTrue();
        assertThat(run.metrics().toolCalls()).isZero();
    }

    @Test
    void anAgentWithoutToolsSaysSo() {
        var model = TestModel.of(calls("search"), says("ok"));
        assertThat(Agent.of(model, "").run("Hi").isCompleted()).isTrue();
        assertThat(model.told(1).content()).isEqualTo("There is no tool \"search\". The tools are: none.");
    }

    @Test
    void theToolCallLimitIsToldToTheModelAndTheRunGoesOn() throws Exception {
        var executed = new AtomicInteger();
        var model = TestModel.of(calls("count", "count"), calls("count"), says("enough"));
        var run = Agent.builder()
                .model(model)
                .tools(tool("count", context -> executed.incrementAndGet()))
                .toolCallLimit(1)
                .build()
                .start("Count");
        var output = Events.end(run);
        assertThat(output.isCompleted()).isTrue();
        assertThat(output.text()).isEqualTo("enough");
        assertThat(executed).hasValue(1);
        assertThat(model.asked(1).get(2).content()).isEqualTo("1");
        assertThat(model.asked(1).get(3).content())
                .isEqualTo("Tool call limit reached: count was not executed. Do not call it again.");
        assertThat(model.told(2).content()).startsWith("Tool call limit reached");
        assertThat(Events.only(ToolCallError.class, Events.of(run))).hasSize(2);
        assertThat(output.metrics().toolCalls()).isEqualTo(1);
    }

    @Test
    void aModelThatOnlyAsksForWhatItCannotHaveFailsItsRun() throws Exception {
        var turns = new ArrayList<TestModel.Turn>();
        for (var i = 0; i < 9; i++) {
            turns.add(calls("nope"));
        }
        // An executed call resets the count.
        turns.add(calls("look", "nope"));
        for (var i = 0; i < 10; i++) {
            turns.add(calls("nope"));
        }
        var model = TestModel.of(turns.toArray(TestModel.Turn[]::new));
        var run = Agent.builder()
                .model(model)
                .tools(tool("look", context -> "ok"))
                .build()
                .start("Hi");
        var output = Events.end(run);
        assertThat(output.isError()).isTrue();
        assertThat(Objects.requireNonNull(output.failure()).message())
                .startsWith("10 consecutive turns made no progress, because no tool call succeeded")
                .contains("There is no tool \"nope\". The tools are: look.");
        assertThat(output.metrics().modelCalls()).isEqualTo(20);
    }

    @Test
    void toolsOfOneTurnRunAtOnce() {
        var barrier = new CyclicBarrier(3);
        var model = TestModel.of(calls("a", "b", "c"), says("met"));
        var run = Agent.builder()
                .model(model)
                .tools(
                        tool("a", context -> barrier.await(1, TimeUnit.MINUTES)),
                        tool("b", context -> barrier.await(1, TimeUnit.MINUTES)),
                        tool("c", context -> barrier.await(1, TimeUnit.MINUTES)))
                .build()
                .run("Meet");
        assertThat(run.tools()).extracting(ToolExecution::error).containsExactly(false, false, false);
    }

    @Test
    void sequentialToolsRunOneAfterTheOther() throws Exception {
        List<String> steps = Collections.synchronizedList(new ArrayList<>());
        var running = new AtomicInteger();
        TestTools.Code step = context -> {
            steps.add("begin " + context.toolCallId() + " of " + running.incrementAndGet());
            context.emit("tick", Map.of());
            running.decrementAndGet();
            steps.add("end " + context.toolCallId());
            return "ok";
        };
        var run = Agent.builder()
                .model(TestModel.of(calls("a", "b", "a"), says("done")))
                .tools(tool("a", step), tool("b", step))
                .sequentialTools(true)
                .build()
                .start("Go");
        assertThat(Events.end(run).isCompleted()).isTrue();
        assertThat(steps)
                .containsExactly("begin c1 of 1", "end c1", "begin c2 of 1", "end c2", "begin c3 of 1", "end c3");
        assertThat(Events.names(run).subList(3, 12))
                .containsExactly(
                        "ToolCallStarted",
                        "CustomEvent",
                        "ToolCallCompleted",
                        "ToolCallStarted",
                        "CustomEvent",
                        "ToolCallCompleted",
                        "ToolCallStarted",
                        "CustomEvent",
                        "ToolCallCompleted");
    }

    @Test
    void resultsAreShownAsTheyComeAndToldInTheOrderOfTheCalls() throws Exception {
        var gate = new Gate();
        var model = TestModel.of(calls("slow", "quick"), says("done"));
        var run = Agent.builder()
                .model(model)
                .tools(TestTools.waits("slow", gate), tool("quick", context -> "quick done"))
                .build()
                .start("Go");
        try (var events = run.events()) {
            for (var event : events) {
                if (event.name().equals("ToolCallCompleted")) {
                    gate.open();
                }
            }
        }
        assertThat(Events.end(run).tools()).extracting(ToolExecution::toolName).containsExactly("slow", "quick");
        assertThat(model.asked(1).subList(2, 4))
                .extracting(Message::content)
                .containsExactly("slow done", "quick done");
    }

    @Test
    void aToolSeesItsRun() {
        var seen = new AtomicReference<RunContext>();
        var bound = new AtomicReference<RunContext>();
        var agent = Agent.builder()
                .name("Seer")
                .model(TestModel.of(calls("look"), says("done")))
                .tools(tool("look", context -> {
                    seen.set(context);
                    bound.set(Objects.requireNonNull(RunContext.current()));
                    return context.sessionState().put("count", 2);
                }))
                .build();
        var output = agent.run(
                "Go",
                RunOptions.defaults()
                        .sessionId("s-see")
                        .userId("u-see")
                        .sessionState(Map.of("count", 1))
                        .metadata(Map.of("tenant", "t1")));
        var context = seen.get();
        assertThat(context.runId()).isEqualTo(output.runId());
        assertThat(context.rootRunId()).isEqualTo(output.runId());
        assertThat(context.parentRunId()).isNull();
        assertThat(context.sessionId()).isEqualTo("s-see");
        assertThat(context.userId()).isEqualTo("u-see");
        assertThat(context.componentId()).isEqualTo("seer");
        assertThat(context.toolCallId()).isEqualTo("c1");
        assertThat(context.metadata()).containsExactly(Map.entry("tenant", "t1"));
        assertThat(bound.get()).isSameAs(context);
        assertThat(output.tools().getFirst().result()).isEqualTo("1");
        assertThat(output.sessionState()).containsExactly(Map.entry("count", 2));
        assertThat(RunContext.current()).as("outside any run").isNull();
    }

    @Test
    void aToolMayShowEventsOfItsOwn() throws Exception {
        var run = Agent.builder()
                .model(TestModel.of(calls("work"), says("done")))
                .tools(tool("work", context -> {
                    context.emit("halfway", Map.of("percent", 50));
                    return "ok";
                }))
                .build()
                .start("Go");
        Events.end(run);
        assertThat(Events.only(CustomEvent.class, Events.of(run)))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.event()).isEqualTo("halfway");
                    assertThat(event.data()).containsExactly(Map.entry("percent", 50));
                });
    }

    @Test
    void callsWithoutAnIdOrWithOneIdTwiceAreToldApart() {
        var model = TestModel.of(calls(call("same", "a"), call("same", "b"), call("", "a")), says("done"));
        var output = Agent.builder()
                .model(model)
                .tools(tool("a", context -> "from a"), tool("b", context -> "from b"))
                .build()
                .run("Go");
        var ids = model.asked(1).get(1).toolCalls().stream().map(ToolCall::id).toList();
        assertThat(ids).doesNotHaveDuplicates().allSatisfy(id -> assertThat(id).isNotBlank());
        assertThat(model.asked(1).subList(2, 5)).extracting(Message::toolCallId).isEqualTo(ids);
        assertThat(model.asked(1).subList(2, 5))
                .extracting(Message::content)
                .containsExactly("from a", "from b", "from a");
        assertThat(output.tools()).hasSize(3);
    }

    @Test
    void whatAToolThrowsIsNeverTheEndOfTheRun() {
        var model = TestModel.of(calls("error", "silent"), says("done"));
        var output = Agent.builder()
                .model(model)
                .tools(
                        tool("error", context -> {
                            throw new StackOverflowError();
                        }),
                        tool("silent", context -> {
                            throw new IllegalStateException();
                        }))
                .build()
                .run("Go");
        assertThat(output.isCompleted()).isTrue();
        assertThat(model.asked(1).subList(2, 4))
                .extracting(Message::content)
                .containsExactly("Error: StackOverflowError", "Error: IllegalStateException");
    }

    @Test
    void aToolThatCancelsItsRunFinishesItsCleanupAndItsResultIsDropped() throws Exception {
        var cleaned = new AtomicReference<Boolean>();
        var model = TestModel.of(calls("stop"), says("never"));
        var run = Agent.builder()
                .model(model)
                .tools(tool("stop", context -> {
                    context.cancel(CancelRequest.now().reason("seen enough"));
                    cleaned.set(Thread.currentThread().isInterrupted());
                    return "not used";
                }))
                .build()
                .start("Go");
        var output = Events.end(run);
        assertThat(cleaned.get()).as("interrupted").isFalse();
        assertThat(output.isCancelled()).isTrue();
        assertThat(output.cause())
                .isNotNull()
                .satisfies(cause -> assertThat(cause.reason()).isEqualTo("seen enough"));
        assertThat(output.tools())
                .singleElement()
                .satisfies(tool -> assertThat(tool.result()).isNull());
        assertThat(output.messages()).extracting(Message::content).doesNotContain("not used");
        assertThat(model.requests()).hasSize(1);
    }
}
