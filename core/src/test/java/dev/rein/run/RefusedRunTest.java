package dev.rein.run;

import static dev.rein.agent.TestModel.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rein.agent.Agent;
import dev.rein.agent.Events;
import dev.rein.agent.Gate;
import dev.rein.agent.TestModel;
import dev.rein.agent.TestTools;
import dev.rein.cancel.CancelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.run.CancelResult.Outcome;
import dev.rein.run.RunRejectedException.Reason;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.session.SessionPolicy;
import dev.rein.session.StoredRun;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A run whose start is refused by its store, in the eyes of those who have found it meanwhile. */
class RefusedRunTest {
    private final Gate inserting = new Gate();
    private final TestStore store = new TestStore(new InMemorySessionStore()) {
        @Override
        public boolean insert(StoredRun run) {
            if (run.runId().equals("used") && inner.run("used").isPresent()) {
                inserting.passDeaf();
            }
            return super.insert(run);
        }
    };

    private final Agent agent = Agent.builder()
            .model(TestModel.of((_, _) -> ModelResponse.of("x")))
            .store(store)
            .sessionPolicy(SessionPolicy.QUEUE)
            .build();

    @BeforeEach
    void useTheId() {
        assertThat(agent.run("Go", RunOptions.defaults().runId("used")).isCompleted())
                .isTrue();
    }

    @AfterEach
    void noneIsLeft() {
        inserting.open();
        assertThat(Runs.shared().live()).isEmpty();
    }

    private Future<RunHandle> startAgain(RunOptions options) throws InterruptedException {
        var starter = Executors.newVirtualThreadPerTaskExecutor();
        var start = starter.submit(() -> agent.start("Go", options.runId("used")));
        starter.shutdown();
        inserting.awaitReached();
        return start;
    }

    private static void assertRefused(Future<?> start) {
        assertThatThrownBy(() -> start.get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        RunRejectedException.class, e -> assertThat(e.reason()).isEqualTo(Reason.ID_USED));
    }

    @Test
    void itsHandleSeesThatItHasFailed() throws Exception {
        var start = startAgain(RunOptions.defaults());
        var found = Runs.shared().handle("used").orElseThrow();
        var told = new CompletableFuture<RunOutput>();
        found.onEnd(told::complete);
        assertThat(found.status()).isEqualTo(RunStatus.PENDING);
        inserting.open();
        assertRefused(start);

        var output = Events.end(found);
        assertThat(output.status()).isEqualTo(RunStatus.ERROR);
        assertThat(output.stored()).isFalse();
        assertThat(output.failure()).satisfies(why -> assertThat(why.message()).contains("is stored already"));
        assertThat(Events.names(found)).containsExactly("RunStarted", "RunError");
        assertThat(told).succeedsWithin(Duration.ofSeconds(20)).isSameAs(output);
        var stop = found.cancel();
        assertThat(stop.outcome()).isEqualTo(Outcome.ALREADY_FINISHED);
        assertThat(stop.status()).isEqualTo(RunStatus.ERROR);
        assertThat(Runs.shared().find("used")).isEmpty();
    }

    @Test
    void itsIdStillMeansTheRunThatWasThereBefore() throws Exception {
        var start = startAgain(RunOptions.defaults());
        inserting.open();
        assertRefused(start);
        var stop = Runs.shared().cancel("used", CancelRequest.now());
        assertThat(stop.outcome()).isEqualTo(Outcome.ALREADY_FINISHED);
        assertThat(stop.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(store.run("used")).get().satisfies(row -> {
            assertThat(row.status()).isEqualTo(RunStatus.COMPLETED);
            assertThat(row.text()).isEqualTo("x");
        });
    }

    @Test
    void aStopThatWasAcceptedBeforeTheRefusalIsItsEnd() throws Exception {
        var start = startAgain(RunOptions.defaults());
        var found = Runs.shared().handle("used").orElseThrow();
        assertThat(found.cancel().outcome()).isEqualTo(Outcome.REQUESTED);
        inserting.open();
        // The stop ends the wait for the store, so the start succeeds unless the store has answered before.
        try {
            start.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            assertThat(e).hasCauseInstanceOf(RunRejectedException.class);
        }
        assertThat(Events.end(found).isCancelled()).isTrue();
    }

    @Test
    void whoeverQueuesBehindItInItsSessionGoesOn() throws Exception {
        var session = RunOptions.defaults().sessionId("S");
        var start = startAgain(session);
        var behind = CompletableFuture.supplyAsync(() -> agent.start("Go", session));
        var waiting = CompletableFuture.supplyAsync(() -> agent.run("Go", session));
        inserting.open();
        assertRefused(start);
        assertThat(Events.end(behind.get(20, TimeUnit.SECONDS)).isCompleted()).isTrue();
        assertThat(waiting.get(20, TimeUnit.SECONDS).isCompleted()).isTrue();
    }

    @Test
    void aReaderOfARefusedRunBelowAnotherComesToTheEnd() throws Exception {
        var above = Agent.builder()
                .model(TestModel.of(TestModel.calls("ask"), says("done")))
                .tools(TestTools.tool(
                        "ask",
                        _ -> agent.run("Go", RunOptions.defaults().runId("used"))
                                .text()))
                .build()
                .start("Go");
        inserting.awaitReached();
        var found = Runs.shared().handle("used").orElseThrow();
        var read = CompletableFuture.supplyAsync(() -> Events.of(found));
        inserting.open();
        assertThat(Events.end(found).status()).isEqualTo(RunStatus.ERROR);
        assertThat(read)
                .succeedsWithin(Duration.ofSeconds(20))
                .satisfies(events -> assertThat(events).isEmpty());
        assertThat(Events.end(above).isCompleted()).isTrue();
        assertThat(Events.of(above)).noneMatch(event -> event.runId().equals("used"));
    }
}
