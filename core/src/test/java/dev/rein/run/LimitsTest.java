package dev.rein.run;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.counted;
import static dev.rein.agent.TestModel.hangs;
import static dev.rein.agent.TestModel.says;
import static dev.rein.agent.TestModel.saysAndHangs;
import static dev.rein.agent.TestTools.tool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rein.GrowingLimit;
import dev.rein.agent.Agent;
import dev.rein.agent.AgentBuilder;
import dev.rein.agent.Events;
import dev.rein.agent.Gate;
import dev.rein.agent.TestModel;
import dev.rein.agent.TestTools;
import dev.rein.cancel.CancelCause;
import dev.rein.cancel.CancelKind;
import dev.rein.model.Usage;
import dev.rein.run.event.RunCancelled;
import dev.rein.run.event.RunContent;
import dev.rein.run.event.ToolCallError;
import dev.rein.runtime.Limits;
import dev.rein.runtime.RunOptions;
import dev.rein.session.InMemorySessionStore;
import dev.rein.session.SessionPolicy;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class LimitsTest {

    private static AgentBuilder agent(Limits limits, TestModel.Turn... turns) {
        return Agent.builder().model(TestModel.of(turns)).limits(limits);
    }

    private static Limits limits() {
        return Limits.none();
    }

    private static CancelCause cause(RunOutput output) {
        assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        return Objects.requireNonNull(output.cause());
    }

    // ---- time

    @Test
    void aRunThatPassesItsDeadlineIsStopped() throws Exception {
        var output = GrowingLimit.play(
                limit -> {
                    var began = System.nanoTime();
                    var stopped = agent(limits().deadline(limit), saysAndHangs("a part"))
                            .build()
                            .run("Go");
                    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(limit);
                    return stopped;
                },
                stopped -> !stopped.text().isEmpty());
        assertThat(cause(output).kind()).isEqualTo(CancelKind.DEADLINE);
        assertThat(cause(output).reason()).startsWith("it did not end within ");
        assertThat(cause(output).actor()).isNull();
        assertThat(output.text()).isEqualTo("a part");
    }

    @Test
    void aDeadlineEndsASlowTool() throws Exception {
        var output = GrowingLimit.play(
                limit -> agent(limits().deadline(limit), calls("slow"))
                        .tools(TestTools.waits("slow", new Gate()))
                        .build()
                        .run("Go"),
                stopped -> !stopped.tools().isEmpty());
        assertThat(cause(output).kind()).isEqualTo(CancelKind.DEADLINE);
        assertThat(output.tools())
                .singleElement()
                .satisfies(tool -> assertThat(tool.result()).isNull());
    }

    @Test
    void aDeadlineReachesASubAgentAsItsParentsStop() throws Exception {
        var member = Agent.of(TestModel.of(saysAndHangs("below")), "");
        var ends = GrowingLimit.play(
                limit -> {
                    var run = agent(limits().deadline(limit), calls("ask"))
                            .tools(tool("ask", context -> member.run("Ask").text()))
                            .build()
                            .start("Go");
                    Events.end(run);
                    return Events.only(RunCancelled.class, Events.of(run));
                },
                seen -> seen.size() > 1);
        assertThat(ends).extracting(end -> end.cause().kind()).containsExactly(CancelKind.PARENT, CancelKind.DEADLINE);
    }

    @Test
    void theEarliestOfTheLimitsOfTheAgentAndOfTheRunWins() {
        var agent = agent(limits().deadline(Duration.ofMillis(100)), hangs()).build();
        var output = agent.run("Go", RunOptions.defaults().limits(limits().deadline(Duration.ofHours(1))));
        assertThat(cause(output).reason()).isEqualTo("it did not end within 100 ms");
    }

    @Test
    void limitsAreJoinedEachByTheSmaller() {
        var a = limits().deadline(Duration.ofSeconds(1)).tokens(100).cost(2);
        var b = limits().deadline(Duration.ofSeconds(2)).tokens(50).toolCalls(3).queue(Duration.ofSeconds(9));
        var both = limits().deadline(Duration.ofSeconds(1))
                .tokens(50)
                .toolCalls(3)
                .cost(2)
                .queue(Duration.ofSeconds(9));
        assertThat(a.and(b)).isEqualTo(both);
        assertThat(b.and(a)).isEqualTo(both);
        assertThat(a.and(limits())).isEqualTo(a);
    }

    @Test
    void aModelThatNeverBeginsIsStoppedByTheFirstTokenLimit() {
        var output = agent(limits().firstToken(Duration.ofMillis(120)), hangs())
                .build()
                .run("Go");
        assertThat(cause(output).kind()).isEqualTo(CancelKind.DEADLINE);
        assertThat(cause(output).reason()).isEqualTo("test-model sent no first token within 120 ms");
    }

    @Test
    void theFirstTokenLimitHoldsForEachCallAndNotForWhatComesAfter() throws Exception {
        var output = GrowingLimit.play(
                limit -> {
                    var gate = new Gate();
                    var run = Agent.builder()
                            .model(TestModel.of(calls("slow"), saysAndHangs("first")))
                            .tools(TestTools.waits("slow", gate))
                            .limits(limits().firstToken(limit))
                            .build()
                            .start("Go");
                    await().until(() -> gate.isReached() || run.status().isTerminal());
                    outlast(limit.multipliedBy(2));
                    gate.open();
                    await().until(() ->
                            !run.output().text().isEmpty() || run.status().isTerminal());
                    outlast(limit.multipliedBy(2));
                    run.cancel();
                    return Events.end(run);
                },
                stopped -> cause(stopped).kind() == CancelKind.USER);
        assertThat(cause(output).kind()).isEqualTo(CancelKind.USER);
        assertThat(output.text()).isEqualTo("first");
    }

    /** Waits until a limit that must not fire has passed, by a timer of the same kind that is set now. */
    private static void outlast(Duration duration) throws InterruptedException {
        var passed = agent(limits().deadline(duration), hangs()).build().start("Wait");
        Events.end(passed);
    }

    @Test
    void aModelThatFallsSilentIsStoppedByTheIdleLimit() throws Exception {
        var output = GrowingLimit.play(
                limit -> agent(limits().idle(limit), saysAndHangs("One ", "two"))
                        .build()
                        .run("Go"),
                stopped -> stopped.text().equals("One two"));
        assertThat(cause(output).kind()).isEqualTo(CancelKind.DEADLINE);
        assertThat(cause(output).reason()).matches("test-model was silent for \\S+ m?s in the middle of its answer");
        assertThat(output.text()).isEqualTo("One two");
    }

    @Test
    void theIdleLimitDoesNotCountBeforeTheFirstToken() throws Exception {
        var run = agent(limits().idle(Duration.ofMillis(80)), hangs()).build().start("Go");
        outlast(Duration.ofMillis(300));
        assertThat(run.status()).isEqualTo(RunStatus.RUNNING);
        run.cancel();
        Events.end(run);
    }

    @Test
    void textReasoningAndProgressAllKeepTheIdleLimitFromExpiring() throws Exception {
        var output = GrowingLimit.play(
                limit -> agent(limits().idle(limit), (request, call) -> {
                            // Twelve pieces of data, a fifth of the limit apart: more than twice the limit in total.
                            for (var n = 0; n < 4; n++) {
                                call.text("x");
                                call.cancellation().sleep(limit.dividedBy(5));
                                call.reasoning("y");
                                call.cancellation().sleep(limit.dividedBy(5));
                                call.progress(1);
                                call.cancellation().sleep(limit.dividedBy(5));
                            }
                            return says().respond(request, call);
                        })
                        .build()
                        .run("Go"),
                RunOutput::isCompleted);
        assertThat(output.isCompleted()).isTrue();
        assertThat(output.text()).isEqualTo("xxxx");
    }

    @Test
    void aToolThatTakesTooLongIsEndedTheModelIsToldAndTheRunGoesOn() throws Exception {
        var gate = new Gate();
        var model = TestModel.of(calls("slow", "quick"), says("Went on"));
        var run = Agent.builder()
                .model(model)
                .tools(
                        TestTools.waits("slow", gate),
                        tool("quick", context -> "quick done").withTimeout(Duration.ofHours(1)))
                .limits(limits().tool(Duration.ofMillis(120)))
                .build()
                .start("Go");
        var output = Events.end(run);
        assertThat(output.text()).isEqualTo("Went on");
        assertThat(output.cause()).isNull();
        assertThat(model.asked(1).get(2).content()).isEqualTo("Stopped: tool slow did not end within 120 ms.");
        assertThat(model.asked(1).get(2).toolError()).isTrue();
        assertThat(model.asked(1).get(3).content()).isEqualTo("quick done");
        assertThat(Events.only(ToolCallError.class, Events.of(run)))
                .singleElement()
                .satisfies(error -> assertThat(error.tool().toolName()).isEqualTo("slow"));
    }

    @Test
    void aToolsOwnTimeoutWinsOverTheRuns() {
        var gate = new Gate();
        var model = TestModel.of(calls("slow"), says("Went on"));
        Agent.builder()
                .model(model)
                .tools(TestTools.waits("slow", gate).withTimeout(Duration.ofMillis(80)))
                .limits(limits().tool(Duration.ofHours(1)))
                .build()
                .run("Go");
        assertThat(model.told(1).content()).contains("within 80 ms");
    }

    @Test
    void aTimedOutToolThatIsDeafIsLeftBehindAndTheRunGoesOn() throws Exception {
        var gate = new Gate();
        var model = TestModel.of(calls("deaf"), says("Went on"));
        var run = Agent.builder()
                .model(model)
                .tools(TestTools.deaf("deaf", gate))
                .limits(limits().tool(Duration.ofMillis(80)))
                .build()
                .start("Go");
        try {
            var output = Events.end(run);
            assertThat(output.text()).isEqualTo("Went on");
            assertThat(model.told(1).content()).contains("did not end within 80 ms");
            assertThat(output.abandoned()).extracting(AbandonedThread::what).containsExactly("tool deaf");
        } finally {
            gate.open();
        }
    }

    @Test
    void aRunThatWaitsTooLongForItsTurnInASessionIsStopped() throws Exception {
        var store = new InMemorySessionStore();
        var first = TestModel.of(hangs());
        var holder = Agent.builder()
                .model(first)
                .store(store)
                .storeWait(Duration.ofMinutes(1))
                .build()
                .start("Go", session("s-queue"));
        first.awaitRequests(1);
        var model = TestModel.of(says("x"));
        var queued = Agent.builder()
                .model(model)
                .store(store)
                .storeWait(Duration.ofMinutes(1))
                .sessionPolicy(SessionPolicy.QUEUE)
                .limits(limits().queue(Duration.ofMillis(120)))
                .build()
                .start("Go", session("s-queue"));
        var output = Events.end(queued);
        assertThat(cause(output).kind()).isEqualTo(CancelKind.DEADLINE);
        assertThat(cause(output).reason()).isEqualTo("it was not started within 120 ms");
        assertThat(Events.names(queued)).containsExactly("RunStarted", "RunCancelled");
        assertThat(model.requests()).isEmpty();
        assertThat(holder.status()).isEqualTo(RunStatus.RUNNING);
        holder.cancel();
        Events.end(holder);
    }

    private static RunOptions session(String id) {
        return RunOptions.defaults().sessionId(id);
    }

    @Test
    void theDeadlineOfAQueuedRunBeginsWithItsWork() throws Exception {
        var output = GrowingLimit.play(this::queuedForLongerThanItsDeadline, RunOutput::isCompleted);
        assertThat(output.isCompleted()).isTrue();
    }

    private RunOutput queuedForLongerThanItsDeadline(Duration limit) throws InterruptedException {
        var store = new InMemorySessionStore();
        var first = TestModel.of(hangs());
        var holder = Agent.builder()
                .model(first)
                .store(store)
                .storeWait(Duration.ofMinutes(1))
                .build()
                .start("Go", session("s-deadline"));
        first.awaitRequests(1);
        var queued = Agent.builder()
                .model(TestModel.of(says("x")))
                .store(store)
                .storeWait(Duration.ofMinutes(1))
                .sessionPolicy(SessionPolicy.QUEUE)
                .limits(limits().deadline(limit))
                .build()
                .start("Go", session("s-deadline"));
        outlast(limit.multipliedBy(2));
        assertThat(queued.status()).isEqualTo(RunStatus.PENDING);
        holder.cancel();
        return Events.end(queued);
    }

    // ---- budgets

    /** Chunks of ten estimated tokens. */
    private static final String TEN_TOKENS = "x".repeat(40);

    @Test
    void theTokenLimitStopsInMidAnswerAfterOneChunkTooManyAtMost() throws Exception {
        var run = agent(
                        limits().tokens(55),
                        says(
                                TEN_TOKENS,
                                TEN_TOKENS,
                                TEN_TOKENS,
                                TEN_TOKENS,
                                TEN_TOKENS,
                                TEN_TOKENS,
                                TEN_TOKENS,
                                TEN_TOKENS))
                .build()
                .start("Go");
        var output = Events.end(run);
        assertThat(cause(output).kind()).isEqualTo(CancelKind.BUDGET);
        assertThat(cause(output).reason()).isEqualTo("the budget is used up: tokens: 55 were allowed");
        assertThat(Events.only(RunContent.class, Events.of(run))).hasSizeBetween(5, 6);
        assertThat(output.metrics().estimated()).isTrue();
    }

    @Test
    void theProvidersCountReplacesTheEstimate() {
        var counted = agent(limits().tokens(55), counted(Usage.of(20, 20), says("x".repeat(120))))
                .build()
                .run("Go");
        assertThat(counted.isCompleted()).as("40 tokens counted").isTrue();
        assertThat(counted.metrics().usage()).isEqualTo(Usage.of(20, 20));
        assertThat(counted.metrics().estimated()).isFalse();

        var dear = agent(limits().tokens(55), counted(Usage.of(40, 20), says("short")))
                .build()
                .run("Go");
        assertThat(cause(dear).kind()).isEqualTo(CancelKind.BUDGET);
    }

    @Test
    void theTokensOfAWholeTreeCountAgainstTheLimitAtItsTop() throws Exception {
        var second = Agent.of(TestModel.of(counted(Usage.of(20, 20), says("two"))), "");
        var first = Agent.builder()
                .model(TestModel.of(
                        counted(Usage.of(10, 10), calls("ask")), counted(Usage.of(10, 10), says("never paid"))))
                .tools(tool("ask", context -> second.run("Ask").text()))
                .build();
        var run = agent(
                        limits().tokens(90),
                        counted(Usage.of(10, 10), calls("ask")),
                        counted(Usage.of(10, 10), says("never said")))
                .tools(tool("ask", context -> first.run("Ask").text()))
                .build()
                .start("Go");
        var output = Events.end(run);
        assertThat(cause(output).kind()).isEqualTo(CancelKind.BUDGET);
        assertThat(output.metrics().usage().totalTokens()).as("its own").isEqualTo(20);
        var ends = Events.only(RunCancelled.class, Events.of(run));
        assertThat(ends).extracting(end -> end.cause().kind()).containsExactly(CancelKind.PARENT, CancelKind.BUDGET);
        assertThat(ends.getFirst().cause().reason()).contains("tokens: 90 were allowed");
    }

    @Test
    void theTokenLimitOfAMemberStopsTheMemberAlone() {
        var memberOutput = new AtomicReference<RunOutput>();
        var member = agent(limits().tokens(5), says(TEN_TOKENS)).build();
        var output = agent(limits(), calls("ask"), says("Went on"))
                .tools(tool("ask", context -> {
                    memberOutput.set(member.run("Ask"));
                    return "asked";
                }))
                .build()
                .run("Go");
        assertThat(output.isCompleted()).isTrue();
        assertThat(cause(Objects.requireNonNull(memberOutput.get())).kind()).isEqualTo(CancelKind.BUDGET);
    }

    @Test
    void theToolCallLimitStopsBeforeTheCallThatIsTooMany() {
        var executed = new AtomicInteger();
        var output = agent(limits().toolCalls(2), calls("count", "count"), calls("count"))
                .tools(tool("count", context -> executed.incrementAndGet()))
                .build()
                .run("Go");
        assertThat(cause(output).kind()).isEqualTo(CancelKind.BUDGET);
        assertThat(cause(output).reason()).isEqualTo("the budget is used up: tool calls: 2 were allowed");
        assertThat(executed).hasValue(2);
        assertThat(output.metrics().toolCalls()).as("tools called").isEqualTo(2);
    }

    @Test
    void theToolCallsOfASubAgentCountForItsParent() throws Exception {
        var executed = new AtomicInteger();
        var member = Agent.builder()
                .model(TestModel.of(calls("count"), calls("count"), says("x")))
                .tools(tool("count", context -> executed.incrementAndGet()))
                .build();
        var output = agent(limits().toolCalls(2), calls("ask"), says("x"))
                .tools(tool("ask", context -> member.run("Ask").text()))
                .build()
                .run("Go");
        assertThat(cause(output).kind()).isEqualTo(CancelKind.BUDGET);
        assertThat(executed).hasValue(1);
    }

    @Test
    void theCostLimitStopsWhenThePriceOfTheTokensPassesIt() {
        // One dollar per token.
        var model = TestModel.of(counted(Usage.of(1, 2), calls("t")), counted(Usage.of(2, 2), says("x")))
                .priced(1_000_000, 1_000_000);
        var agent = Agent.builder().model(model).tools(tool("t", context -> "ok"));
        var output = agent.limits(limits().cost(6.5)).build().run("Go");
        assertThat(cause(output).kind()).isEqualTo(CancelKind.BUDGET);
        assertThat(cause(output).reason()).isEqualTo("the budget is used up: cost: $6.5 was allowed");
    }

    @Test
    void theCostIsInTheMetricsWhenThePriceIsKnown() {
        var model = TestModel.of(counted(Usage.of(1_000, 500), says("x"))).priced(3, 10);
        var output = Agent.of(model, "").run("Go");
        assertThat(output.metrics().cost()).isEqualTo(0.008);
        assertThat(Agent.of(TestModel.of(says("x")), "").run("Go").metrics().cost())
                .isNull();
    }

    @Test
    void aCostMustBeAFiniteAmount() {
        for (var cost : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> limits().cost(cost))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("cost is " + cost + ": a limit must be");
        }
    }
}
