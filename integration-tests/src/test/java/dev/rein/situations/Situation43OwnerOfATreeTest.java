package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.Terminal;
import dev.rein.runtime.Component;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Situations 43 to 45 for teams and workflows. */
class Situation43OwnerOfATreeTest {
    /** What a run keeps of its events. */
    private static final int LOG = 10_000;

    private final InMemorySessionStore store = new InMemorySessionStore();

    private static Agent part(ScriptedModel model) {
        return Teams.member("Part", model);
    }

    // ---- 43: the owner is interrupted

    @ParameterizedTest
    @EnumSource
    void anInterruptInRunClosesTheConnectionsOfEveryPart(Tree tree) {
        interrupted(tree, whole -> whole.run("Go"));
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptInAnIteratorClosesTheConnectionsOfEveryPart(Tree tree) {
        interrupted(tree, whole -> {
            try (var stream = whole.stream("Go")) {
                stream.forEach(_ -> {});
                return stream.output();
            }
        });
    }

    private interface Owning {
        RunOutput own(Component whole) throws Exception;
    }

    private void interrupted(Tree tree, Owning owning) {
        try (var provider = FakeProvider.start()) {
            provider.enqueue(Script.text("Half a story").hangAfter(2));
            var whole = tree.around(Teams.member("Part", Api.CHAT.at(provider)), store);
            var stillInterrupted = new AtomicBoolean();
            var back = new CompletableFuture<RunOutput>();
            Callable<RunOutput> code = () -> owning.own(whole);
            var owner = Thread.ofPlatform().daemon().start(() -> {
                try {
                    var output = code.call();
                    stillInterrupted.set(Thread.currentThread().isInterrupted());
                    back.complete(output);
                } catch (Throwable e) {
                    back.completeExceptionally(e);
                }
            });
            var exchange = provider.awaitRequest(1).awaitHanging();

            owner.interrupt();

            assertThat(back).succeedsWithin(Waiting.LONG);
            var output = back.join();
            exchange.awaitClosed(Waiting.SOON);
            assertThat(stillInterrupted).isTrue();
            assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
            assertThat(Objects.requireNonNull(output.cause()).kind()).isEqualTo(CancelKind.DISCONNECT);
            assertThat(Objects.requireNonNull(Tree.part(output).cause()).kind()).isEqualTo(CancelKind.PARENT);
            assertThat(output.abandoned()).isEmpty();
            assertThat(store.run(output.runId()).orElseThrow().status()).isEqualTo(RunStatus.CANCELLED);
            assertThat(Runs.shared().live()).noneMatch(live -> live.rootRunId().equals(output.runId()));
        }
    }

    // ---- 44: the owner stops reading

    @ParameterizedTest
    @EnumSource
    void aPartWaitsForTheOwnerOfTheWholeAndACancelMeetsItsBound(Tree tree) {
        var delivered = new AtomicInteger();
        var talker = ScriptedModel.create().answerWith((_, call) -> {
            for (var i = 0; i < 3 * LOG; i++) {
                call.text("x");
                delivered.incrementAndGet();
            }
            return ModelResponse.of("x".repeat(3 * LOG));
        });
        try (var stream = tree.around(part(talker), store).stream("Talk")) {
            Awaitility.await("the part waits for the owner")
                    .atMost(Waiting.LONG)
                    .during(Duration.ofMillis(200))
                    .until(delivered::get, count -> count > LOG / 2 && count < LOG + 10);

            stream.cancel(CancelRequest.now().grace(Waiting.NEVER));

            Awaitility.await("the end")
                    .atMost(Waiting.SOON)
                    .until(() -> stream.output().status().isTerminal());
            var output = stream.output();
            var events = new ArrayList<RunEvent>();
            stream.forEach(events::add);
            RunInvariants.checkEvents(events, output);
            assertThat(((Terminal) events.getLast()).isRoot()).isTrue();
            assertThat(output.abandoned()).isEmpty();
            var said = Tree.part(output).text();
            assertThat(said).hasSizeBetween(LOG / 2, LOG);
            assertThat(store.run(Tree.part(output).runId()).orElseThrow().text())
                    .isEqualTo(said);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theWholeGoesOnWithoutASubscriberThatStopsReading(Tree tree) throws Exception {
        var begin = new Gate();
        var talker = ScriptedModel.create().answerWith((_, call) -> {
            begin.passDeaf();
            for (var i = 0; i < 2 * LOG; i++) {
                call.text("x");
            }
            return ModelResponse.of("x".repeat(2 * LOG));
        });
        var run = tree.around(part(talker), store).start("Talk");
        try (var slow = run.events()) {
            assertThat(slow.iterator().next().index()).isZero();
            begin.open();

            var output = run.await(Waiting.LONG);

            assertThat(output.isCompleted()).isTrue();
            assertThat(Tree.part(output).text()).hasSize(2 * LOG);
            assertThat(output.text()).isEqualTo(Tree.LAST);
        }
    }

    // ---- 45: two runs of one session

    @ParameterizedTest
    @MethodSource("dev.rein.situations.Tree#withForms")
    void theOtherRunOfTheSessionIsUntouchedAndTheStateHoldsBoth(Tree tree, Form form) {
        var options = RunOptions.defaults().sessionId("conversation");
        var firstGate = new Gate();
        var secondGate = new Gate();
        var first = form.start(tree.around(noting("first", firstGate), store), "Note this", options);
        firstGate.awaitArrival();
        var second = form.start(tree.around(noting("second", secondGate), store), "Note that", options);
        secondGate.awaitArrival();

        first.cancel(CancelRequest.now().grace(Waiting.NEVER));

        RunInvariants.checkCancelled(first, store);
        assertThat(second.isOver()).isFalse();
        secondGate.open();
        var completed = RunInvariants.check(second, store);
        assertThat(completed.isCompleted()).isTrue();
        assertThat(completed.text()).isEqualTo(Tree.LAST);
        assertThat(completed.requests()).isEmpty();
        assertThat(store.session("conversation").orElseThrow().state())
                .isEqualTo(Map.of("first", true, "second", true));
        assertThat(store.runs("conversation"))
                .extracting("status")
                .containsExactly(RunStatus.CANCELLED, RunStatus.COMPLETED);
    }

    private static Agent noting(String key, Gate gate) {
        return Agent.builder()
                .name("Part")
                .model(ScriptedModel.of(Script.toolCall("note", "{}"), Script.text("Noted.")))
                .tools(Tools.tool("note", context -> {
                    context.sessionState().put(key, true);
                    gate.pass();
                    return "noted";
                }))
                .build();
    }
}
