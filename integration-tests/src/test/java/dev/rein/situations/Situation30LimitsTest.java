package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelKind;
import dev.rein.model.Usage;
import dev.rein.run.RunOutput;
import dev.rein.runtime.Limits;
import dev.rein.runtime.RunOptions;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.HangPoint;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class Situation30LimitsTest {
    private final InMemorySessionStore store = new InMemorySessionStore();

    private static void assertKind(RunOutput output, CancelKind kind, String reason) {
        var cause = Objects.requireNonNull(output.cause());
        assertThat(cause.kind()).isEqualTo(kind);
        assertThat(cause.reason()).contains(reason);
        assertThat(output.abandoned()).isEmpty();
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("dev.rein.situations.Situation10ServerHangsTest#hangs")
    void aServerThatSendsNoFirstTokenInTimeIsLeft(Api api, Form form, HangPoint point) {
        try (var provider = FakeProvider.start()) {
            // Also for a request that arrives after its run has ended, in a later try.
            provider.byDefault(Script.hangs(point));
            var tries = new AtomicInteger();
            var output = Waiting.withGrowingLimit(
                    limit -> {
                        tries.incrementAndGet();
                        var agent = Agent.builder()
                                .model(api.at(provider))
                                .store(store)
                                .storeWait(Waiting.LONG)
                                .limits(Limits.none().firstToken(limit))
                                .build();
                        return RunInvariants.checkCancelled(form.start(agent, "Go"), store);
                    },
                    _ -> provider.requestCount() > 0);
            assertKind(output, CancelKind.DEADLINE, "no first token within");
            provider.awaitRequest(1).awaitClosed(Waiting.SOON);
            assertThat(provider.requestCount()).isLessThanOrEqualTo(tries.get());
        }
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("dev.rein.situations.Situation10ServerHangsTest#apisAndForms")
    void aServerThatFallsSilentInMidAnswerIsLeft(Api api, Form form) {
        try (var provider = FakeProvider.start()) {
            provider.byDefault(Script.text("Once upon a time there was").hangAfter(4));
            var output = Waiting.withGrowingLimit(
                    limit -> {
                        var agent = Agent.builder()
                                .model(api.at(provider))
                                .store(store)
                                .storeWait(Waiting.LONG)
                                .limits(Limits.none().idle(limit))
                                .build();
                        return RunInvariants.checkCancelled(form.start(agent, "Go"), store);
                    },
                    stopped -> stopped.text().equals("Once upon a time"));
            assertKind(output, CancelKind.DEADLINE, "silent for ");
            assertThat(output.text()).isEqualTo("Once upon a time");
            provider.exchanges().forEach(exchange -> exchange.awaitClosed(Waiting.SOON));
        }
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @EnumSource
    void aServerThatIsSlowButAliveIsNotLeft(Api api) {
        try (var provider = FakeProvider.start()) {
            var output = Waiting.withGrowingLimit(
                    limit -> {
                        // Every pause is far below the limits, all of them together are above.
                        provider.enqueue(Script.text("a b c d e f g h i j k l m n o p q r s t u v w x y z")
                                .dripEvery(limit.dividedBy(20)));
                        var agent = Agent.builder()
                                .model(api.at(provider))
                                .store(store)
                                .storeWait(Waiting.LONG)
                                .limits(Limits.none().firstToken(limit).idle(limit))
                                .build();
                        return RunInvariants.check(Form.STREAM.start(agent, "Go"), store);
                    },
                    RunOutput::isCompleted);
            assertThat(output.isCompleted()).isTrue();
        }
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @EnumSource
    void theTokensOfThreeAgentsCountForOneBudgetAndNoStreamGoesOverByMoreThanAChunk(Form form) {
        var limit = 200;
        var children = new CopyOnWriteArrayList<RunOutput>();
        // Four characters are a token by the estimate; a chunk of "wordNNN " is two, and each stream may be in the
        // middle of one.
        var talker = ScriptedModel.of(Script.forever(Duration.ofMillis(1)).withoutUsage())
                .repeating();
        var subs = List.of(Agent.of(talker, ""), Agent.of(talker, ""));
        var model = ScriptedModel.of(Script.empty()
                .thenToolCall("first", "{}")
                .thenToolCall("second", "{}")
                .withoutUsage());
        var agent = Agent.builder()
                .model(model)
                .store(store)
                .storeWait(Waiting.LONG)
                .tools(
                        Tools.tool("first", _ -> children.add(subs.getFirst().run("Talk"))),
                        Tools.tool("second", _ -> children.add(subs.getLast().run("Talk"))))
                .build();

        var run = form.start(
                agent, "Go", RunOptions.defaults().limits(Limits.none().tokens(limit)));

        var output = RunInvariants.checkCancelled(run, store);
        assertKind(output, CancelKind.BUDGET, "tokens: 200 were allowed");
        assertThat(children).hasSize(2).allSatisfy(child -> {
            assertThat(child.isCancelled()).isTrue();
            assertThat(Objects.requireNonNull(child.cause()).kind()).isEqualTo(CancelKind.PARENT);
            assertThat(child.text()).isNotEmpty();
        });
        var used = output.metrics().usage().totalTokens()
                + children.stream()
                        .mapToLong(child -> child.metrics().usage().totalTokens())
                        .sum();
        var roundedOff = 3 * 2;
        var chunks = 2 * 2;
        assertThat(used).isBetween((long) limit - roundedOff, (long) limit + chunks);
        assertThat(model.callsStarted()).isEqualTo(1);
        assertThat(talker.callsStarted()).isEqualTo(2);
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("dev.rein.situations.Situation10ServerHangsTest#apisAndForms")
    void aBudgetEndsARealStreamWithinAChunk(Api api, Form form) {
        try (var provider = FakeProvider.start()) {
            provider.byDefault(Script.forever(Duration.ofMillis(2)));
            var agent = Agent.builder()
                    .model(api.at(provider))
                    .store(store)
                    .storeWait(Waiting.LONG)
                    .limits(Limits.none().tokens(50))
                    .build();

            var output = RunInvariants.checkCancelled(form.start(agent, "Go"), store);
            assertKind(output, CancelKind.BUDGET, "tokens: 50 were allowed");
            assertThat(output.text().length()).isBetween(4 * 45, 4 * 50 + "word999 ".length());
            provider.awaitRequest(1).awaitClosed(Waiting.SOON);
        }
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @EnumSource
    void whatTheProviderCountsReplacesTheEstimate(Form form) {
        var model = ScriptedModel.create()
                .answer(Script.empty().thenToolCall("look", "{}").usage(Usage.of(900, 200)))
                .answer("never asked for");
        var agent = Agent.builder()
                .model(model)
                .store(store)
                .storeWait(Waiting.LONG)
                .tools(Tools.instant("look"))
                .limits(Limits.none().tokens(1_000))
                .build();

        var output = RunInvariants.checkCancelled(form.start(agent, "Go"), store);
        assertKind(output, CancelKind.BUDGET, "tokens: 1000 were allowed");
        assertThat(output.tools()).isEmpty();
        assertThat(model.callsStarted()).isEqualTo(1);
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @EnumSource
    void onlySoManyToolCallsAreMade(Form form) {
        var model = ScriptedModel.create().toolCall("look", "{}").repeating();
        var agent = Agent.builder()
                .model(model)
                .store(store)
                .storeWait(Waiting.LONG)
                .tools(Tools.instant("look"))
                .limits(Limits.none().toolCalls(3))
                .build();

        var output = RunInvariants.checkCancelled(form.start(agent, "Go"), store);
        assertKind(output, CancelKind.BUDGET, "tool calls: 3 were allowed");
        assertThat(output.tools()).hasSize(3);
        assertThat(model.callsStarted()).isEqualTo(4);
    }
}
