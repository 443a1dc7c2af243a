package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.run.RunStatus;
import dev.rein.run.event.RunCancelled;
import dev.rein.run.event.RunCompleted;
import dev.rein.run.event.RunContent;
import dev.rein.run.event.RunEvent;
import dev.rein.runtime.DisconnectPolicy;
import dev.rein.runtime.Limits;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.StreamExpiredException;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.ScriptedModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class Situation44SlowConsumerTest {
    /** What a run keeps of its events. */
    private static final int LOG = 10_000;

    private static final int TOKENS = 3 * LOG;
    private static final Duration IDLE = Duration.ofSeconds(2);

    private final InMemorySessionStore store = new InMemorySessionStore();
    private final AtomicInteger delivered = new AtomicInteger();

    private Agent talker() {
        return talker(new CountDownLatch(0));
    }

    /** An agent that says more than a run keeps, once {@code begin} is open. */
    private Agent talker(CountDownLatch begin) {
        return Agent.builder()
                .store(store)
                .storeWait(Waiting.LONG)
                .limits(Limits.none().idle(IDLE))
                .model(ScriptedModel.create().answerWith((_, call) -> {
                    Waiting.deaf(begin);
                    for (var i = 0; i < TOKENS; i++) {
                        call.text("x");
                        delivered.incrementAndGet();
                    }
                    return ModelResponse.of("x".repeat(TOKENS));
                }))
                .build();
    }

    /** Waits until nothing has been delivered for longer than the idle limit of the run. */
    private void awaitStandstill() {
        Awaitility.await("the run waits for its owner")
                .atMost(Waiting.LONG)
                .during(IDLE.plus(Duration.ofMillis(500)))
                .until(delivered::get, count -> count > LOG / 2 && count < LOG + 10);
    }

    private static int contents(List<RunEvent> events) {
        return (int) events.stream().filter(RunContent.class::isInstance).count();
    }

    @Test
    void theRunGoesOnWithoutASubscriberThatStopsReading() throws Exception {
        var subscribed = new CountDownLatch(1);
        var run = talker(subscribed).start("Talk");
        try (var slow = run.events()) {
            var iterator = slow.iterator();
            assertThat(iterator.next().index()).isZero();
            subscribed.countDown();

            var output = run.await(Waiting.LONG);
            assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
            assertThat(output.text()).hasSize(TOKENS);
            assertThatThrownBy(() -> {
                        while (iterator.hasNext()) {
                            iterator.next();
                        }
                    })
                    .isInstanceOf(StreamExpiredException.class)
                    .hasMessageContaining("stream_expired");
        }
        var oldest = oldestOf(run.id(), run.events(0).iterator()::next);
        var again = new ArrayList<RunEvent>();
        run.events(oldest - 1).forEach(again::add);
        assertThat(again.size()).isBetween(LOG / 2, LOG + 1);
        assertThat(again.getLast()).isInstanceOf(RunCompleted.class);
    }

    private static long oldestOf(String runId, Runnable reading) {
        try {
            reading.run();
            throw new AssertionError("all events of run " + runId + " are still there");
        } catch (StreamExpiredException e) {
            return e.oldestIndex();
        }
    }

    @Test
    void theRunWaitsForAnOwnerThatStopsReadingAndGoesOnWithIt() {
        try (var stream = talker().stream("Talk")) {
            awaitStandstill();
            assertThat(stream.status()).as("no idle limit runs out meanwhile").isEqualTo(RunStatus.RUNNING);

            var events = new ArrayList<RunEvent>();
            stream.forEach(events::add);

            assertThat(stream.output().status()).isEqualTo(RunStatus.COMPLETED);
            RunInvariants.checkEvents(events, stream.output());
            assertThat(contents(events)).isEqualTo(TOKENS);
        }
    }

    @Test
    void aCancelMeetsItsBoundWhileTheRunWaitsForItsOwner() {
        try (var stream = talker().stream("Talk")) {
            awaitStandstill();

            stream.cancel(CancelRequest.now().grace(Waiting.NEVER));

            Awaitility.await("the end")
                    .atMost(Waiting.SOON)
                    .until(() -> stream.output().status().isTerminal());
            var output = stream.output();
            assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
            assertThat(output.abandoned()).isEmpty();
            assertThat(store.run(stream.runId()).orElseThrow().text()).isEqualTo(output.text());

            var events = new ArrayList<RunEvent>();
            stream.forEach(events::add);
            RunInvariants.checkEvents(events, output);
            assertThat(events.getLast()).isInstanceOf(RunCancelled.class);
            assertThat(contents(events)).isEqualTo(output.text().length()).isLessThanOrEqualTo(LOG);
        }
    }

    @Test
    void anOwnerThatStaysAwayForTooLongHasGone() {
        var options = RunOptions.defaults().consumerStall(Duration.ofMillis(300));
        try (var stream = talker().stream("Talk", options)) {
            Awaitility.await("the end")
                    .atMost(Waiting.LONG)
                    .until(() -> stream.output().status().isTerminal());

            var output = stream.output();
            assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
            assertThat(Objects.requireNonNull(output.cause()).kind()).isEqualTo(CancelKind.DISCONNECT);
            assertThat(output.text().length()).isLessThanOrEqualTo(LOG);
            assertThat(store.run(stream.runId()).orElseThrow().text()).isEqualTo(output.text());
        }
    }

    @Test
    void aRunThatIsToGoOnWithoutItsOwnerDoesSoOnceThatHasGone() {
        var options =
                RunOptions.defaults().consumerStall(Duration.ofMillis(300)).onDisconnect(DisconnectPolicy.CONTINUE);
        try (var stream = talker().stream("Talk", options)) {
            Awaitility.await("the end")
                    .atMost(Waiting.LONG)
                    .until(() -> stream.output().status().isTerminal());

            assertThat(stream.output().status()).isEqualTo(RunStatus.COMPLETED);
            assertThat(stream.output().text()).hasSize(TOKENS);
        }
    }
}
