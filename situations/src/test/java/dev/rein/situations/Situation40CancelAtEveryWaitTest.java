package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.CancelResult;
import dev.rein.run.CancelResult.Outcome;
import dev.rein.run.RetryPolicy;
import dev.rein.run.RunOptions;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.run.Runs;
import dev.rein.run.event.ModelRequestFailed;
import dev.rein.session.InMemorySessionStore;
import dev.rein.session.SessionPolicy;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.LeakCheck;
import dev.rein.testkit.MessageRules;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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

class Situation40CancelAtEveryWaitTest {
    /** What the stop of one point came to. */
    private record Stopped(CancelResult told, int begunAtCancel, int modelCallsAtCancel) {}

    static Stream<Arguments> waysToRun() {
        return Stream.of(Form.values())
                .flatMap(form -> Stream.of(true, false).map(sequential -> Arguments.of(form, sequential)));
    }

    /** Every point that the reference agent passes when nobody stops it. */
    private static List<String> allPoints(Form form, boolean sequential) {
        var points = Points.record();
        var reference = new Reference(points);
        try (var _ = new Traced(event -> points.pass("event " + event))) {
            var run = form.start(reference.agent(sequential), "Where is it?", options());
            var output = RunInvariants.check(run, reference.store());
            assertThat(output.status()).as("%s", output.failure()).isEqualTo(RunStatus.COMPLETED);
        }
        assertThat(points.passed()).hasSizeGreaterThan(50).doesNotHaveDuplicates();
        return points.passed();
    }

    private static RunOptions options() {
        return RunOptions.defaults()
                .sessionId("conversation")
                .runId(UUID.randomUUID().toString());
    }

    @ParameterizedTest
    @MethodSource("waysToRun")
    void everyRuleHoldsWhereverTheStopComes(Form form, boolean sequential) {
        var points = allPoints(form, sequential);
        try (var _ = LeakCheck.begin()) {
            for (var point : points) {
                checkStopAt(point, form, sequential, CancelMode.NOW);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = "NOW", mode = EnumSource.Mode.EXCLUDE)
    void everyRuleHoldsForGracefulStopsToo(CancelMode mode) {
        for (var sequential : List.of(true, false)) {
            for (var point : allPoints(Form.START, sequential)) {
                checkStopAt(point, Form.START, sequential, mode);
            }
        }
    }

    private static void checkStopAt(String point, Form form, boolean sequential, CancelMode mode) {
        try {
            stopAt(point, form, sequential, mode);
        } catch (AssertionError e) {
            throw new AssertionError("stopped at: " + point, e);
        }
    }

    private static void stopAt(String point, Form form, boolean sequential, CancelMode mode) {
        var options = options();
        var runId = Objects.requireNonNull(options.runId());
        var stopped = new AtomicReference<Stopped>();
        var reference = new AtomicReference<Reference>();
        var points = Points.at(point, () -> {
            var told = Runs.cancel(runId, CancelRequest.of(mode).grace(Waiting.NEVER));
            stopped.set(
                    new Stopped(told, reference.get().begun(), reference.get().modelCalls()));
        });
        reference.set(new Reference(points));
        RunOutput output;
        try (var _ = new Traced(event -> points.pass("event " + event))) {
            var run = form.start(reference.get().agent(sequential), "Where is it?", options);
            output = RunInvariants.check(run, reference.get().store());
            Waiting.until("the stop at " + point, () -> stopped.get() != null);
        }
        toldTheTruth(stopped.get().told(), output, mode);
        assertThat(output.abandoned()).isEmpty();
        nothingStarted(stopped.get(), reference.get(), sequential, mode);
        theCleanupsRan(points, output);
        theConversationGoesOn(reference.get(), output);
    }

    private static void toldTheTruth(CancelResult told, RunOutput output, CancelMode mode) {
        if (told.effective()) {
            assertThat(told.outcome()).isEqualTo(Outcome.REQUESTED);
            if (mode == CancelMode.NOW) {
                assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
            } else {
                assertThat(output.status()).isIn(RunStatus.CANCELLED, RunStatus.COMPLETED);
            }
            assertThat(output.cause()).isEqualTo(told.cause());
        } else {
            assertThat(told.outcome()).isEqualTo(Outcome.ALREADY_FINISHED);
            assertThat(told.status()).isEqualTo(output.status()).isEqualTo(RunStatus.COMPLETED);
        }
    }

    /** Beside the thread that stands at the point, another tool's may have been let in just before the stop. */
    private static void nothingStarted(Stopped stopped, Reference reference, boolean sequential, CancelMode mode) {
        assertThat(reference.modelCalls() - stopped.modelCallsAtCancel())
                .as("model calls after the stop")
                .isBetween(0, sequential || mode != CancelMode.NOW ? inASubAgent(mode) : 1);
        if (mode == CancelMode.NOW) {
            assertThat(reference.begun() - stopped.begunAtCancel())
                    .as("models, tools and hooks begun after the stop")
                    .isBetween(0, sequential ? 0 : 1);
        }
    }

    /** A graceful stop lets the running batch finish, and its agent make the calls of one turn. */
    private static int inASubAgent(CancelMode mode) {
        return mode == CancelMode.NOW ? 0 : 1;
    }

    private static void theCleanupsRan(Points points, RunOutput output) {
        var expected = output.isCancelled() ? 1 : 0;
        assertThat(points.count("cleanup")).as("cleanups of the agent").isEqualTo(expected);
        assertThat(points.count("cleanup of look"))
                .as("cleanups of the tool")
                .isBetween(0, Math.min(expected, points.count("begin tool look")));
    }

    private static void theConversationGoesOn(Reference reference, RunOutput stopped) {
        var model = ScriptedModel.of("I see.");
        var agent = Agent.builder()
                .model(model)
                .instructions("Be brief.")
                .store(reference.store())
                .addHistory(5)
                .build();
        assertThat(agent.run("And now?", RunOptions.defaults().sessionId("conversation"))
                        .isCompleted())
                .isTrue();
        MessageRules.checkAll(model.request(1).messages());
        assertThat(model.request(1).messages())
                .hasSizeGreaterThanOrEqualTo(stopped.messages().size());
    }

    // ---- the waits of the kernel itself

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
                () -> Runs.find(run.id()).orElseThrow().activity().startsWith("back-off"));
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
        var builder = Agent.builder().store(store).sessionPolicy(SessionPolicy.QUEUE);
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
    void inTheWaitForAStoreThatDoesNotTakeTheFirstRow() {
        var store = new ParkingStore();
        var parked = store.parkInsert();
        var model = ScriptedModel.of("never asked for");
        var agent = Agent.builder().model(model).store(store).build();
        var options = options();
        var runId = Objects.requireNonNull(options.runId());
        var ended = new AtomicReference<RunOutput>();
        Thread.ofPlatform().daemon().start(() -> ended.set(agent.run("Go", options)));
        parked.awaitArrival();

        Runs.cancel(runId, CancelRequest.now().grace(Waiting.NEVER));
        try {
            Waiting.until("the end", () -> ended.get() != null);
            assertThat(ended.get().isCancelled()).isTrue();
            assertThat(ended.get().stored()).isFalse();
        } finally {
            parked.open();
        }
        Waiting.until(
                "the late rows",
                () -> store.run(runId)
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
