package dev.rein.run;

import static dev.rein.agent.TestModel.hangs;
import static dev.rein.agent.TestModel.says;
import static dev.rein.agent.TestModel.saysAndHangs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.rein.GrowingLimit;
import dev.rein.agent.Agent;
import dev.rein.agent.Events;
import dev.rein.agent.Gate;
import dev.rein.agent.TestModel;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.event.RunCancelled;
import dev.rein.run.event.RunEvent;
import dev.rein.runtime.DisconnectPolicy;
import dev.rein.runtime.Limits;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.RunStream;
import dev.rein.runtime.Runs;
import dev.rein.runtime.StreamExpiredException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The stream of a run's owner: the run waits for the owner, and closing the stream is a disconnect. */
class RunStreamTest {
    private static final int BOUND = 10_000;

    private final AtomicInteger said = new AtomicInteger();
    private final AtomicReference<Thread> talking = new AtomicReference<>();

    /** Delivers single characters and counts the consumed ones. */
    private TestModel.Turn chunks(int count) {
        return (request, call) -> {
            talking.set(Thread.currentThread());
            for (var n = 0; n < count; n++) {
                call.text("x");
                said.incrementAndGet();
            }
            return says().respond(request, call);
        };
    }

    private Agent talker(int count) {
        return Agent.of(TestModel.of(chunks(count)), "");
    }

    private static RunOptions onDisconnect(DisconnectPolicy policy) {
        return RunOptions.defaults().onDisconnect(policy);
    }

    /** Waits until the run waits for its owner. */
    private int awaitHeldUp(RunStream stream) {
        var waiting = EnumSet.of(Thread.State.WAITING, Thread.State.TIMED_WAITING);
        await().until(() -> said.get() >= BOUND - 10
                && waiting.contains(Objects.requireNonNull(talking.get()).getState()));
        assertThat(Runs.shared().find(stream.runId()).orElseThrow().status()).isEqualTo(RunStatus.RUNNING);
        return said.get();
    }

    // ---- back-pressure

    @Test
    void theRunWaitsForItsOwnerAndLosesNothing() {
        try (var stream = talker(30_000).stream("Go")) {
            var held = awaitHeldUp(stream);
            assertThat(held).isBetween(BOUND - 10, BOUND);
            var events = Events.rest(stream);
            assertThat(events)
                    .extracting(RunEvent::index)
                    .isEqualTo(LongStream.range(0, events.size()).boxed().toList());
            assertThat(stream.output().isCompleted()).isTrue();
            assertThat(stream.output().text()).hasSize(30_000);
        }
    }

    @Test
    void aStopMeetsARunThatWaitsForItsOwnerAndTheTerminalEventHasItsPlace() {
        try (var stream = talker(30_000).stream("Go")) {
            awaitHeldUp(stream);
            stream.cancel(CancelRequest.now().reason("while held up"));
            await().until(() -> stream.output().stopTook() != null);
            assertThat(stream.status()).isEqualTo(RunStatus.CANCELLED);
            var events = Events.rest(stream);
            assertThat(events.getLast()).isInstanceOf(RunCancelled.class);
            assertThat(events.size()).isBetween(BOUND, BOUND + 1);
            assertThat(stream.output().text()).hasSize(said.get());
        }
    }

    @Test
    void theIdleLimitStandsStillWhileTheOwnerIsSlow() throws Exception {
        var output = GrowingLimit.play(this::heldUpForLongerThanItsIdleLimit, RunOutput::isCompleted);
        assertThat(output.isCompleted()).isTrue();
    }

    private RunOutput heldUpForLongerThanItsIdleLimit(Duration limit) {
        said.set(0);
        var options = RunOptions.defaults().limits(Limits.none().idle(limit));
        try (var stream = talker(15_000).stream("Go", options)) {
            await().until(() -> said.get() >= BOUND - 10 || stream.status().isTerminal());
            var passed = Agent.of(TestModel.of(hangs()), "")
                    .run("Wait", RunOptions.defaults().limits(Limits.none().deadline(limit.multipliedBy(3))));
            assertThat(passed.isCancelled()).isTrue();
            Events.rest(stream);
            return stream.output();
        }
    }

    @Test
    void anOwnerThatStallsIsADisconnect() {
        var options = RunOptions.defaults().consumerStall(Duration.ofMillis(150));
        try (var stream = talker(30_000).stream("Go", options)) {
            await().until(() -> stream.output().stopTook() != null);
            var output = stream.output();
            assertThat(output.isCancelled()).isTrue();
            assertThat(output.cause()).isNotNull().satisfies(cause -> {
                assertThat(cause.kind()).isEqualTo(CancelKind.DISCONNECT);
                assertThat(cause.reason()).isEqualTo("its consumer did not read for 150 ms");
            });
        }
    }

    @Test
    void anOwnerThatStallsIsLeftBehindWhenTheRunIsToGoOn() {
        var options = onDisconnect(DisconnectPolicy.CONTINUE).consumerStall(Duration.ofMillis(150));
        try (var stream = talker(30_000).stream("Go", options)) {
            await().until(() -> stream.status().isTerminal());
            assertThat(stream.output().isCompleted()).isTrue();
            assertThatExceptionOfType(StreamExpiredException.class).isThrownBy(() -> Events.rest(stream));
        }
    }

    // ---- leaving

    @Test
    void leavingEarlyCancelsAndWaitsUntilTheRunHasEnded() {
        var agent = Agent.of(TestModel.of(saysAndHangs("a part")), "");
        RunStream left;
        try (var stream = agent.stream("Go")) {
            left = stream;
            for (var event : stream) {
                if (event.name().equals("RunContent")) {
                    break;
                }
            }
        }
        var output = left.output();
        assertThat(output.isCancelled()).isTrue();
        assertThat(output.stopTook()).isNotNull();
        assertThat(output.text()).isEqualTo("a part");
        assertThat(output.cause()).isNotNull().satisfies(cause -> {
            assertThat(cause.kind()).isEqualTo(CancelKind.DISCONNECT);
            assertThat(cause.reason()).isEqualTo("its stream was closed");
        });
        assertThat(Runs.shared().find(left.runId())).isEmpty();
    }

    @Test
    void closingWaitsForTheCleanupToo() {
        var gate = new Gate();
        var cleaned = new AtomicInteger();
        var agent = Agent.builder()
                .model(TestModel.of(hangs()))
                .onCancel((context, cause) -> {
                    gate.pass();
                    cleaned.incrementAndGet();
                })
                .build();
        var stream = agent.stream("Go");
        var closer = Thread.currentThread();
        Thread.ofVirtual().start(() -> {
            await().until(() -> gate.isReached() && closer.getState() == Thread.State.WAITING);
            gate.open();
        });
        stream.close();
        var cleanedAtClose = cleaned.get();
        assertThat(cleanedAtClose).isEqualTo(1);
        assertThat(Runs.shared().find(stream.runId())).isEmpty();
    }

    @Test
    void closingAfterTheLastEventChangesNothing() {
        RunStream closed;
        try (var stream = Agent.of(TestModel.of(says("a")), "").stream("Go")) {
            closed = stream;
            Events.rest(stream);
        }
        closed.close();
        assertThat(closed.output().isCompleted()).isTrue();
        assertThat(closed.output().requests()).isEmpty();
    }

    @Test
    void aRunThatIsToGoOnGoesOnWhenItsStreamIsClosed() throws Exception {
        var gate = new Gate();
        var agent = Agent.of(
                TestModel.of((request, call) -> {
                    gate.pass();
                    return says("went on").respond(request, call);
                }),
                "");
        var stream = agent.stream("Go", onDisconnect(DisconnectPolicy.CONTINUE));
        gate.awaitReached();
        stream.close();
        assertThat(stream.status()).isEqualTo(RunStatus.RUNNING);
        var handle = Runs.shared().handle(stream.runId()).orElseThrow();
        gate.open();
        assertThat(Events.end(handle).text()).isEqualTo("went on");
    }

    @Test
    void nobodyWaitsForAnOwnerThatHasLeft() throws Exception {
        var stream = talker(30_000).stream("Go", onDisconnect(DisconnectPolicy.CONTINUE));
        var handle = Runs.shared().handle(stream.runId()).orElseThrow();
        awaitHeldUp(stream);
        stream.close();
        assertThat(Events.end(handle).isCompleted()).isTrue();
    }

    @Test
    void aPolicyMayGiveTheRunATimeAfterItsConsumerHasLeft() throws Exception {
        var agent = Agent.of(TestModel.of(hangs()), "");
        var stream = agent.stream("Go", onDisconnect(DisconnectPolicy.cancelAfter(Duration.ofMillis(150))));
        var handle = Runs.shared().handle(stream.runId()).orElseThrow();
        var closed = System.nanoTime();
        stream.close();
        var output = Events.end(handle);
        assertThat(Duration.ofNanos(System.nanoTime() - closed)).isGreaterThanOrEqualTo(Duration.ofMillis(150));
        assertThat(output.cause())
                .isNotNull()
                .satisfies(cause -> assertThat(cause.kind()).isEqualTo(CancelKind.DISCONNECT));
    }

    @Test
    void aRunThatEndsInThatTimeIsNotCancelled() throws Exception {
        var gate = new Gate();
        var agent = Agent.of(
                TestModel.of((request, call) -> {
                    gate.pass();
                    return says("in time").respond(request, call);
                }),
                "");
        var stream = agent.stream("Go", onDisconnect(DisconnectPolicy.cancelAfter(Duration.ofMinutes(5))));
        var handle = Runs.shared().handle(stream.runId()).orElseThrow();
        stream.close();
        gate.open();
        assertThat(Events.end(handle).text()).isEqualTo("in time");
    }

    // ---- stopping by it

    @Test
    void aStreamKnowsItsRunBeforeTheFirstEvent() {
        try (var stream = Agent.of(TestModel.of(says("a")), "").stream("Go")) {
            assertThat(stream.runId()).isNotBlank();
            assertThat(stream.iterator().next().runId()).isEqualTo(stream.runId());
        }
    }

    @Test
    void cancelAfterStopsARunThatHasNotEnded() {
        try (var stream = Agent.of(TestModel.of(hangs()), "").stream("Go")) {
            stream.cancelAfter(Duration.ofMillis(100));
            Events.rest(stream);
            assertThat(stream.output().cause()).isNotNull().satisfies(cause -> {
                assertThat(cause.kind()).isEqualTo(CancelKind.USER);
                assertThat(cause.reason()).isEqualTo("cancelled after 100 ms");
            });
        }
    }

    @Test
    void theOwnerStopsItsRunAndReadsOnToTheEnd() {
        try (var stream = Agent.of(TestModel.of(saysAndHangs("a")), "").stream("Go")) {
            for (var event : stream) {
                if (event.name().equals("RunContent")) {
                    assertThat(stream.cancel().effective()).isTrue();
                }
            }
            assertThat(stream.output().isCancelled()).isTrue();
        }
    }
}
