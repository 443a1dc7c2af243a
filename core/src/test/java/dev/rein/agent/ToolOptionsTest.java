package dev.rein.agent;

import static dev.rein.agent.TestModel.call;
import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.says;
import static dev.rein.agent.TestTools.tool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.rein.cancel.CancelRequest;
import dev.rein.model.Message;
import dev.rein.model.ModelResponse;
import dev.rein.model.Role;
import dev.rein.model.ToolCall;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.run.ToolExecution;
import dev.rein.run.event.RunContent;
import dev.rein.runtime.Limits;
import dev.rein.tool.StopRunException;
import dev.rein.tool.Tool;
import dev.rein.tool.ToolArgumentException;
import dev.rein.tool.ToolCache;
import dev.rein.tool.ToolRetries;
import dev.rein.tool.ToolRetryException;
import dev.rein.tool.ToolSpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Caches, retries, and tools that end the run. */
class ToolOptionsTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final ToolRetries AT_ONCE = new ToolRetries(3, Duration.ZERO, Duration.ZERO);

    private final AtomicInteger executed = new AtomicInteger();

    private ToolSpec counting() {
        return tool("count", context -> "n" + executed.incrementAndGet());
    }

    private static Agent agent(TestModel model, Object... tools) {
        return Agent.builder().model(model).tools(tools).build();
    }

    private static List<String> results(RunOutput output) {
        return output.tools().stream()
                .map(each -> String.valueOf(each.result()))
                .toList();
    }

    private static TestModel.Turn saysAndCalls(String text, String... tools) {
        return (request, call) -> {
            call.text(text);
            var calls =
                    Arrays.stream(tools).map(name -> call(name + "-id", name)).toList();
            return new ModelResponse(text, null, calls, null, null);
        };
    }

    /** All text that came as content, in its order. */
    private static String shown(Agent agent) {
        try (var stream = agent.stream("go")) {
            return Events.rest(stream).stream()
                    .filter(RunContent.class::isInstance)
                    .map(event -> ((RunContent) event).content())
                    .collect(Collectors.joining());
        }
    }

    /** Every call has a result, and the last message is the answer. */
    private static void assertValid(RunOutput output, String answer) {
        var messages = output.messages();
        var called =
                messages.stream().flatMap(each -> each.toolCalls().stream()).map(ToolCall::id);
        assertThat(messages.stream().filter(each -> each.role() == Role.TOOL).map(Message::toolCallId))
                .containsExactlyInAnyOrderElementsOf(called.toList());
        assertThat(messages.getLast().role()).isEqualTo(Role.ASSISTANT);
        assertThat(messages.getLast().interrupted()).isFalse();
        assertThat(messages.getLast().content()).isEqualTo(answer);
        assertThat(output.text()).isEqualTo(answer);
        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
    }

    // ---- cache

    @Test
    void equalArgumentsGetTheEarlierResultWithinARun() {
        var tool = ToolSpec.of("count", "x", counting().definition().parameters(), (arguments, context) -> {
                    arguments.put("changed", true);
                    return "n" + executed.incrementAndGet();
                })
                .withCache(ToolCache.perRun(LONG));
        var model = TestModel.of(
                calls(new ToolCall("1", "count", "{\"a\":1,\"b\":[2]}")),
                calls(new ToolCall("2", "count", " { \"b\": [2], \"a\": 1 }")),
                calls(new ToolCall("3", "count", "{\"a\":2}")),
                says("done"));
        var agent = agent(model, tool);
        assertThat(results(agent.run("go"))).containsExactly("n1", "n1", "n2");
        var again = TestModel.of(calls(new ToolCall("1", "count", "{\"a\":1,\"b\":[2]}")), says("done"));
        assertThat(results(agent(again, tool).run("go"))).containsExactly("n3");
    }

    @Test
    void aSharedCacheIsThatOfAllRunsAndIsBounded() {
        var tool = counting().withCache(ToolCache.shared(LONG, 2));
        assertThat(results(agent(TestModel.of(calls("count"), says("x")), tool).run("go")))
                .containsExactly("n1");
        var copy = tool.withTimeout(Duration.ofMinutes(1));
        assertThat(results(agent(TestModel.of(calls("count"), says("x")), copy).run("go")))
                .containsExactly("n1");
        for (int i = 0; i < 2; i++) {
            var other = new ToolCall("c", "count", "{\"a\":" + i + "}");
            agent(TestModel.of(calls(other), says("x")), tool).run("go");
        }
        assertThat(results(agent(TestModel.of(calls("count"), says("x")), tool).run("go")))
                .containsExactly("n4");
    }

    @Test
    void anotherLimitIsNotAnsweredWithALessCompleteResult() {
        var tool = tool("long", context -> {
                    executed.incrementAndGet();
                    return "x".repeat(1_000);
                })
                .withCache(ToolCache.shared(LONG, 10));
        assertThat(results(agent(TestModel.of(calls("long"), says("x")), tool.withResultLimit(10))
                                .run("go"))
                        .getFirst())
                .startsWith("xxxxxxxxxx\n[cut");
        assertThat(results(agent(TestModel.of(calls("long"), says("x")), tool).run("go")))
                .containsExactly("x".repeat(1_000));
    }

    @Test
    void failuresAndTimeoutsAreNotKept() {
        var tool = tool("t", context -> switch (executed.incrementAndGet()) {
                    case 1 -> throw new IllegalStateException("no");
                    case 2 -> throw new ToolRetryException("not yet");
                    case 3 -> {
                        context.cancellation().sleep(LONG);
                        yield "too late";
                    }
                    default -> "fine";
                })
                .withCache(ToolCache.shared(LONG, 10))
                .withTimeout(Duration.ofSeconds(2));
        var model = TestModel.of(calls("t"), calls("t"), calls("t"), calls("t"), calls("t"), says("done"));
        var output = agent(model, tool).run("go");
        assertThat(output.tools()).extracting(ToolExecution::error).containsExactly(true, true, true, false, false);
        assertThat(executed).hasValue(4);
    }

    @Test
    void aStoppedCallIsNotKeptAlthoughItReturns() throws Exception {
        var entered = new java.util.concurrent.CountDownLatch(1);
        var tool = tool("t", context -> {
                    if (executed.incrementAndGet() == 1) {
                        entered.countDown();
                        try {
                            context.cancellation().sleep(LONG);
                        } catch (RuntimeException e) {
                            return "half";
                        }
                    }
                    return "whole";
                })
                .withCache(ToolCache.shared(LONG, 10));
        var run = agent(TestModel.of(calls("t"), says("x")), tool).start("go");
        assertThat(entered.await(1, TimeUnit.MINUTES)).isTrue();
        run.cancel();
        assertThat(run.await(Duration.ofMinutes(1)).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(results(agent(TestModel.of(calls("t"), says("x")), tool).run("go")))
                .containsExactly("whole");
    }

    // ---- retries

    private static final class Flaky {
        private final AtomicInteger calls = new AtomicInteger();

        @Tool(value = "x", repeatable = true, retries = 0)
        public String never() {
            throw new IllegalStateException("call " + calls.incrementAndGet());
        }
    }

    @Test
    void aRepeatableCallIsRepeatedUntilItSucceedsOrTheRetriesAreUsedUp() {
        var tool = tool("t", context -> {
                    if (executed.incrementAndGet() < 3) {
                        throw new IllegalStateException("call " + executed);
                    }
                    return "fine";
                })
                .withRetries(AT_ONCE);
        assertThat(results(agent(TestModel.of(calls("t"), says("x")), tool).run("go")))
                .containsExactly("fine");
        var never = tool("t", context -> {
                    throw new IllegalStateException("call " + executed.incrementAndGet());
                })
                .withRetries(AT_ONCE);
        var output = agent(TestModel.of(calls("t"), says("x")), never).run("go");
        assertThat(results(output)).containsExactly("Error: IllegalStateException: call 7");
        assertThat(output.metrics().toolCalls()).isEqualTo(1);
        assertThat(results(agent(TestModel.of(calls("never"), says("x")), new Flaky())
                        .run("go")))
                .containsExactly("Error: IllegalStateException: call 1");
    }

    @Test
    void whatTellsTheModelOrTheRunWhatToDoIsNotRepeated() {
        for (var thrown : List.of(
                new ToolArgumentException("give another"),
                new ToolRetryException("try Bonn"),
                new StopRunException("over"))) {
            executed.set(0);
            var tool = tool("t", context -> {
                        executed.incrementAndGet();
                        throw thrown;
                    })
                    .withRetries(AT_ONCE);
            agent(TestModel.of(calls("t"), says("x")), tool).run("go");
            assertThat(executed).hasValue(1);
        }
    }

    @Test
    void theWaitForARetryIsStoppable() throws Exception {
        var tool = tool("t", context -> {
                    executed.incrementAndGet();
                    throw new IllegalStateException("no");
                })
                .withRetries(new ToolRetries(5, LONG, LONG));
        var run = agent(TestModel.of(calls("t"), says("x")), tool).start("go");
        await().until(() -> executed.get() == 1);
        run.cancel(CancelRequest.now().grace(Duration.ofMinutes(2)));
        var output = run.await(Duration.ofMinutes(1));
        assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(output.abandoned()).isEmpty();
        assertThat(executed).hasValue(1);
    }

    @Test
    void theTimeLimitOfACallIncludesItsRetries() {
        var tool = tool("t", context -> {
                    executed.incrementAndGet();
                    throw new IllegalStateException("no");
                })
                .withRetries(new ToolRetries(5, LONG, LONG));
        var agent = Agent.builder()
                .model(TestModel.of(calls("t"), says("x")))
                .tools(tool)
                .limits(Limits.none().tool(Duration.ofSeconds(2)))
                .build();
        var output = agent.run("go");
        assertThat(output.isCompleted()).isTrue();
        assertThat(results(output).getFirst()).contains("did not end within 2000 ms");
        assertThat(executed).hasValue(1);
    }

    @Test
    void delaysDoubleUpToTheirBound() {
        var retries = new ToolRetries(100, Duration.ofMillis(500), Duration.ofSeconds(3));
        assertThat(List.of(retries.delay(1), retries.delay(2), retries.delay(3), retries.delay(4), retries.delay(100)))
                .extracting(Duration::toMillis)
                .containsExactly(500L, 1_000L, 2_000L, 3_000L, 3_000L);
    }

    // ---- ends

    @Test
    void aDirectResultIsTheAnswer() {
        var model = TestModel.of(saysAndCalls("Let me see. ", "count"), says("never asked"));
        var agent = agent(model, counting().withReturnDirect());
        assertValid(agent.run("go"), "n1");
        assertThat(model.requests()).hasSize(1);
        assertThat(shown(agent(
                        TestModel.of(saysAndCalls("Let me see. ", "count")),
                        counting().withReturnDirect())))
                .isEqualTo("Let me see. n2");
    }

    @Test
    void aDirectResultThatFailsIsReadByTheModel() {
        var model = TestModel.of(calls("t"), says("I could not."));
        var tool = tool("t", context -> {
                    throw new IllegalStateException("no");
                })
                .withReturnDirect();
        assertValid(agent(model, tool).run("go"), "I could not.");
    }

    @Test
    void severalDirectResultsAreTheAnswerInTheirOrderAndOtherCallsEndFirst() {
        var barrier = new CyclicBarrier(3);
        var model = TestModel.of(calls("a", "other", "b"), says("never asked"));
        var output = agent(
                        model,
                        tool("a", context -> barrier.await(1, TimeUnit.MINUTES) < 0 ? "" : "A")
                                .withReturnDirect(),
                        tool("other", context -> barrier.await(1, TimeUnit.MINUTES) < 0 ? "" : "O"),
                        tool("b", context -> barrier.await(1, TimeUnit.MINUTES) < 0 ? "" : "B")
                                .withReturnDirect())
                .run("go");
        assertValid(output, "A\n\nB");
        assertThat(output.tools()).extracting(ToolExecution::result).containsExactly("A", "O", "B");
    }

    @Test
    void callsThatHaveNotStartedAreNotExecuted() {
        var model = TestModel.of(calls("direct", "count"), says("never asked"));
        var output = Agent.builder()
                .model(model)
                .tools(tool("direct", context -> "D").withReturnDirect(), counting())
                .sequentialTools(true)
                .build()
                .run("go");
        assertValid(output, "D");
        assertThat(results(output).getLast()).contains("was not executed");
        assertThat(executed).hasValue(0);

        var confirmed = TestModel.of(calls("direct", "count"), says("never asked"));
        assertValid(
                agent(
                                confirmed,
                                tool("direct", context -> "D").withReturnDirect(),
                                counting().withConfirmation("Really?"))
                        .run("go"),
                "D");
        assertThat(executed).hasValue(0);
    }

    public record Sum(int sum) {}

    @Test
    void aDirectResultOfTheWrongTypeIsReadByTheModel() throws Exception {
        var typed = tool("t", context -> new Sum(3)).withReturnDirect();
        var model = TestModel.of(calls("t"), says("never asked"));
        assertThat(agent(model, typed).run("go", Sum.class).value()).isEqualTo(new Sum(3));
        assertThat(model.requests()).hasSize(1);

        var wrong = tool("t", context -> "three").withReturnDirect();
        var corrected = TestModel.of(calls("t"), says("{\"sum\":3}"));
        assertThat(agent(corrected, wrong).run("go", Sum.class).value()).isEqualTo(new Sum(3));
    }

    @Test
    void aToolThatEndsTheRunLeavesTheModelsTextAsTheAnswer() {
        var model = TestModel.of(saysAndCalls("I have sent it.", "send"), says("never asked"));
        var output = agent(model, tool("send", context -> "sent").withEndsRun()).run("go");
        assertValid(output, "I have sent it.");
        assertThat(model.requests()).hasSize(1);

        var silent = agent(
                        TestModel.of(calls("send")),
                        tool("send", context -> "sent").withEndsRun())
                .run("go");
        assertThat(silent.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(silent.text()).isEmpty();

        var shown = TestModel.of(saysAndCalls("See: ", "send"));
        var tool = tool("send", context -> "sent").withEndsRun().withShownResult();
        assertValid(agent(shown, tool).run("go"), "See: sent");
        assertThat(shown(agent(TestModel.of(saysAndCalls("See: ", "send")), tool)))
                .isEqualTo("See: sent");
    }

    @Test
    void aShownResultIsPartOfTheTextAndIsReadByTheModel() {
        var model = TestModel.of(saysAndCalls("Look: ", "count"), says("That was it."));
        var agent = agent(model, counting().withShownResult());
        assertThat(shown(agent)).isEqualTo("Look: n1That was it.");
        assertThat(model.told(1).content()).isEqualTo("n1");
        var output = agent(
                        TestModel.of(calls("count"), says("That was it.")),
                        counting().withShownResult())
                .run("go");
        assertValid(output, "That was it.");
    }

    @Test
    void theTextOfAStoppedRunContainsWhatWasShown() throws Exception {
        var model = TestModel.of(saysAndCalls("Look: ", "count"), TestModel.saysAndHangs("and "));
        var run = agent(model, counting().withShownResult()).start("go");
        await().until(() -> run.output().text().equals("Look: n1and "));
        run.cancel();
        var output = run.await(Duration.ofMinutes(1));
        assertThat(output.text()).isEqualTo("Look: n1and ");
        assertThat(output.messages().getLast().content()).isEqualTo("and ");
    }

    @Test
    void aShownDirectResultIsShownOnce() {
        var tool = counting().withReturnDirect().withShownResult();
        assertThat(shown(agent(TestModel.of(calls("count")), tool))).isEqualTo("n1");
    }

    // ---- exceptions

    @Test
    void theModelReadsTheTextOfARetryOnly() {
        var model = TestModel.of(calls("t"), says("ok"));
        var output = agent(model, tool("t", context -> {
                    throw new ToolRetryException("Give a city in Germany.");
                }))
                .run("go");
        assertThat(model.told(1).content()).isEqualTo("Give a city in Germany.");
        assertThat(model.told(1).toolError()).isTrue();
        assertThat(output.isCompleted()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStopEndsTheRunWithItsMessage(boolean sequential) {
        var model = TestModel.of(calls("stop", "count"), says("never asked"));
        var output = Agent.builder()
                .model(model)
                .tools(
                        tool("stop", context -> {
                            throw new StopRunException("The account is closed.");
                        }),
                        counting().withReturnDirect())
                .sequentialTools(sequential)
                .fruitlessTurnLimit(1)
                .build()
                .run("go");
        assertValid(output, "The account is closed.");
        assertThat(output.tools().getFirst().error()).isTrue();
        assertThat(executed).hasValue(sequential ? 0 : 1);
        assertThat(model.requests()).hasSize(1);
    }

    @Test
    void aStopWithoutAnAnswerOfTheRequiredTypeIsAnError() {
        var model = TestModel.of(calls("stop"), says("{\"sum\":3}"));
        var output = agent(model, tool("stop", context -> {
                    throw new StopRunException("over");
                }))
                .run("go", Sum.class)
                .output();
        assertThat(output.status()).isEqualTo(RunStatus.ERROR);
        assertThat(String.valueOf(output.failure())).contains("tool stop has ended the run");
    }

    @Test
    void theAnswerOfAStopIsNotCut() {
        var answer = "long ".repeat(1_000);
        var stop = tool("stop", context -> {
                    throw new StopRunException(answer);
                })
                .withResultLimit(500);
        assertValid(agent(TestModel.of(calls("stop")), stop).run("go"), answer);
    }

    @Test
    void directResultsThatAreNoAnswersCountAsTurns() {
        var turns = Stream.generate(() -> calls("count")).limit(5).toArray(TestModel.Turn[]::new);
        var output = Agent.builder()
                .model(TestModel.of(turns))
                .tools(tool("count", context -> "no JSON").withReturnDirect())
                .fruitlessTurnLimit(2)
                .build()
                .run("go", Sum.class)
                .output();
        assertThat(output.status()).isEqualTo(RunStatus.ERROR);
        assertThat(String.valueOf(output.failure())).contains("2 consecutive turns made no progress");
        assertThat(output.tools()).hasSize(3);
    }

    // ---- annotations

    private static final class Annotated {
        private final AtomicInteger calls = new AtomicInteger();

        @Tool(value = "x", cacheSeconds = 100, sharedCache = true)
        public int cached(int n) {
            return calls.incrementAndGet();
        }

        @Tool(value = "x", repeatable = true, returnDirect = true, showResult = true)
        public String direct() {
            return "direct";
        }

        @Tool(value = "x", endsRun = true)
        public String end() {
            return "end";
        }
    }

    @Test
    void annotationsHaveTheSameOptions() {
        var tools = new Annotated();
        var specs = ToolSpec.from(tools);
        var cached = new ToolCall("1", "cached", "{\"n\":1}");
        assertThat(results(agent(TestModel.of(calls(cached), calls(cached), says("x")), specs)
                        .run("go")))
                .containsExactly("1", "1");
        assertThat(results(agent(TestModel.of(calls(cached), says("x")), specs).run("go")))
                .containsExactly("1");
        assertThat(results(agent(TestModel.of(calls(cached), says("x")), new Annotated())
                        .run("go")))
                .as("another object has another cache")
                .containsExactly("1");
        assertValid(agent(TestModel.of(calls("direct")), tools).run("go"), "direct");
        assertValid(agent(TestModel.of(saysAndCalls("Bye.", "end")), tools).run("go"), "Bye.");
    }

    private static final class Contradiction {
        @Tool(value = "x", returnDirect = true, endsRun = true)
        public String both() {
            return "";
        }
    }

    private static final class SharedNothing {
        @Tool(value = "x", sharedCache = true)
        public String shared() {
            return "";
        }
    }

    private static final class Negative {
        @Tool(value = "x", cacheSeconds = -1)
        public String negative() {
            return "";
        }
    }

    @Test
    void invalidOptionsAreRefusedWhenTheToolIsBuilt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ToolSpec.from(new Contradiction()))
                .withMessageContaining("Contradiction.both")
                .withMessageContaining("returnDirect and endsRun");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ToolSpec.from(new SharedNothing()))
                .withMessageContaining("give cacheSeconds");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ToolSpec.from(new Negative()))
                .withMessageContaining("cacheSeconds is -1");
        assertThatIllegalArgumentException().isThrownBy(() -> ToolCache.perRun(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> ToolCache.shared(LONG, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> ToolRetries.of(-1));
    }
}
