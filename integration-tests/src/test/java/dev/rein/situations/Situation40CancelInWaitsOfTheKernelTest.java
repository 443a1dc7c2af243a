package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.run.event.ModelRequestFailed;
import dev.rein.runtime.RetryPolicy;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.session.SessionPolicy;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.InterceptedStore;
import dev.rein.testkit.LeakCheck;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A run is stopped while the kernel waits, and after each token of a server. */
class Situation40CancelInWaitsOfTheKernelTest {
    @ParameterizedTest
    @EnumSource
    void inABackOff(Form form) {
        var model = ScriptedModel.of(Script.status(503, "busy"), Script.text("never asked for"));
        var agent = Agent.builder()
                .model(model)
                .retry(new RetryPolicy(1, Duration.ofMinutes(1), 1, Duration.ofMinutes(1)))
                .build();
        var run = form.start(agent, "Go");
        run.awaitEvent(ModelRequestFailed.class);
        Waiting.until(
                "the back-off",
                () -> Runs.shared().find(run.id()).orElseThrow().activity().startsWith("back-off"));
        run.cancel(CancelRequest.now().grace(Waiting.NEVER));

        run.end(Waiting.SOON);
        RunInvariants.checkCancelled(run);
        assertThat(model.callsStarted()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void inTheQueueOfItsSession(Form form) {
        var store = new InMemorySessionStore();
        var firstModel = ScriptedModel.create().waitsForever();
        var secondModel = ScriptedModel.of("never asked for");
        var options = RunOptions.defaults().sessionId("conversation");
        var builder = Agent.builder().store(store).storeWait(Waiting.LONG).sessionPolicy(SessionPolicy.QUEUE);
        var first = form.start(builder.model(firstModel).build(), "Go", options);
        firstModel.awaitWaiting(1);
        var second = form.start(builder.model(secondModel).build(), "Go", options);

        second.cancel(CancelRequest.now().grace(Waiting.NEVER));

        second.end(Waiting.SOON);
        RunInvariants.checkCancelled(second, store);
        assertThat(secondModel.callsStarted()).isZero();
        assertThat(first.isOver()).isFalse();
        first.cancel();
        RunInvariants.checkCancelled(first, store);
    }

    @Test
    void inTheWaitForAStoreThatDoesNotTakeTheFirstRow() throws Exception {
        var store = InterceptedStore.inMemory();
        var parked = store.park("insert");
        var model = ScriptedModel.of("never asked for");
        var agent = Agent.builder().model(model).store(store.store()).build();
        var runId = UUID.randomUUID().toString();
        var options = RunOptions.defaults().runId(runId);
        var ended = new AtomicReference<RunOutput>();
        Thread.ofPlatform().daemon().start(() -> ended.set(agent.run("Go", options)));
        parked.awaitCall();

        Runs.shared().cancel(runId, CancelRequest.now().grace(Waiting.NEVER));
        try {
            Waiting.until("the end", () -> ended.get() != null);
            assertThat(ended.get().isCancelled()).isTrue();
            assertThat(ended.get().stored()).isFalse();
        } finally {
            parked.open();
        }
        Waiting.until(
                "the late rows",
                () -> store.target()
                        .run(runId)
                        .map(row -> row.status() == RunStatus.CANCELLED)
                        .orElse(false));
        assertThat(model.callsStarted()).isZero();
    }

    // ---- on real sockets

    private static final Script FIRST_TURN =
            Script.text("Let me look.").thenToolCall("call_1", "look", "{\"where\":\"behind the mountain\"}");
    private static final Script SECOND_TURN = Script.text("It is there.");
    private static final int FIRST_TOKENS = 7;
    private static final int SECOND_TOKENS = 3;

    static Stream<Arguments> apis() {
        return Stream.of(Api.values()).map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("apis")
    void everyRuleHoldsAfterEachTokenOfAServer(Api api) {
        try (var provider = FakeProvider.start()) {
            provider.enqueue(Script.text("warm"));
            Agent.of(api.at(provider), "").run("up");
            provider.reset();
            try (var _ = LeakCheck.begin().within(Waiting.LONG)) {
                for (var form : Form.values()) {
                    IntStream.rangeClosed(1, FIRST_TOKENS).forEach(token -> stopAfter(provider, api, form, token, 0));
                    IntStream.rangeClosed(1, SECOND_TOKENS)
                            .forEach(token -> stopAfter(provider, api, form, FIRST_TOKENS, token));
                }
                Waiting.until("no connection is left", () -> provider.openConnections() <= 1);
            }
        }
    }

    private static void stopAfter(FakeProvider provider, Api api, Form form, int first, int second) {
        provider.reset();
        var scripts = new ArrayList<Script>();
        scripts.add(second == 0 ? FIRST_TURN.hangAfter(first) : FIRST_TURN);
        scripts.add(second == 0 ? Script.text("never asked for") : SECOND_TURN.hangAfter(second));
        provider.enqueue(scripts.toArray(Script[]::new));
        var tools = new AtomicInteger();
        var store = new InMemorySessionStore();
        var agent = Agent.builder()
                .model(api.at(provider))
                .store(store)
                .storeWait(Waiting.LONG)
                .tools(Tools.tool("look", _ -> tools.incrementAndGet()))
                .build();
        var run = form.start(agent, "Where is it?");
        var exchange = provider.awaitRequest(second == 0 ? 1 : 2).awaitHanging();
        var requests = provider.requestCount();

        run.cancel(CancelRequest.now().grace(Waiting.NEVER));

        exchange.awaitClosed(Waiting.SOON);
        assertThat(RunInvariants.checkCancelled(run, store).abandoned()).isEmpty();
        assertThat(provider.requestCount()).isEqualTo(requests);
        assertThat(tools).hasValue(second == 0 ? 0 : 1);
    }
}
