package dev.rein.run;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.hangs;
import static dev.rein.agent.TestModel.says;
import static dev.rein.agent.TestModel.saysAndHangs;
import static dev.rein.agent.TestTools.tool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.rein.agent.Agent;
import dev.rein.agent.Events;
import dev.rein.agent.TestModel;
import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.model.ModelException;
import dev.rein.run.CancelResult.Outcome;
import dev.rein.run.RunRejectedException.Reason;
import dev.rein.run.event.RunCancelled;
import dev.rein.run.event.RunCompleted;
import dev.rein.run.event.Terminal;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.session.StoredRun;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Storing of runs, and behavior with a slow store. */
class StoringTest extends StoringTestBase {
    // ---- what is stored

    @Test
    void aRunIsARowFromItsStart() throws Exception {
        var model = TestModel.of(hangs());
        var run = agent().model(model)
                .build()
                .start(
                        "Go",
                        RunOptions.defaults().sessionId("s-row").userId("u-row").metadata(Map.of("a", 1)));
        model.awaitRequests(1);
        var row = row(run.id());
        assertThat(row.status()).isIn(RunStatus.PENDING, RunStatus.RUNNING);
        assertThat(row.sessionId()).isEqualTo("s-row");
        assertThat(row.userId()).isEqualTo("u-row");
        assertThat(row.componentId()).isEqualTo("stored");
        assertThat(row.metadata()).containsExactly(Map.entry("a", 1));
        assertThat(row.input().text()).isEqualTo("Go");
        assertThat(row.endedAt()).isNull();
        assertThat(run.output().stored()).as("its end").isFalse();
        await().until(() -> row(run.id()).status() == RunStatus.RUNNING);
        run.cancel();
        assertThat(Events.end(run).stored()).isTrue();
    }

    @Test
    void aCompletedRunIsStoredBeforeItsLastEventIsSeen() throws Exception {
        var run = agent(says("Hello")).build().start("Go");
        try (var events = run.events()) {
            for (var event : events) {
                if (event instanceof RunCompleted completed) {
                    assertThat(completed.stored()).isTrue();
                    assertThat(row(run.id()).status()).isEqualTo(RunStatus.COMPLETED);
                }
            }
        }
        var output = Events.end(run);
        var row = row(run.id());
        assertThat(row.text()).isEqualTo("Hello");
        assertThat(row.messages()).isEqualTo(output.messages());
        assertThat(row.metrics()).isNotNull();
        assertThat(row.endedAt()).isNotNull().isAfterOrEqualTo(row.createdAt());
        assertThat(output.stored()).isTrue();
    }

    @Test
    void aCancelledRunIsStoredWithItsCauseAndWhatWasDelivered() throws Exception {
        var model = TestModel.of(saysAndHangs("One ", "two"));
        var run = agent().model(model).build().start("Go");
        await().until(() -> run.output().text().equals("One two"));
        run.cancel(CancelRequest.now().reason("enough").actor("ops"));
        var output = Events.end(run);
        var row = row(run.id());
        assertThat(row.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(row.text()).isEqualTo("One two").isEqualTo(output.text());
        assertThat(row.cause()).isEqualTo(output.cause());
        assertThat(row.effectiveMode()).isEqualTo(CancelMode.NOW);
        assertThat(row.failure()).isNull();
    }

    @Test
    void aFailedRunIsStoredWithItsFailure() throws Exception {
        var run = agent(TestModel.fails(ModelException.Kind.AUTHENTICATION, "bad key"))
                .build()
                .start("Go");
        Events.end(run);
        var row = row(run.id());
        assertThat(row.status()).isEqualTo(RunStatus.ERROR);
        assertThat(row.failure())
                .isNotNull()
                .satisfies(failure -> assertThat(failure.message()).isEqualTo("bad key"));
    }

    @Test
    void theRowsOfATreeKnowTheirParents() throws Exception {
        var member = agent(says("below")).build();
        var run = agent(calls("ask"), says("x"))
                .tools(tool("ask", context -> member.run("Ask").runId()))
                .build()
                .start("Go", RunOptions.defaults().sessionId("s-tree"));
        var output = Events.end(run);
        var child = row(String.valueOf(output.tools().getFirst().result()));
        assertThat(child.parentRunId()).isEqualTo(run.id());
        assertThat(child.rootRunId()).isEqualTo(run.id());
        assertThat(child.sessionId()).isEqualTo("s-tree");
        assertThat(memory.runs("s-tree")).extracting(StoredRun::runId).containsExactly(run.id());
    }

    // ---- ids

    @Test
    void anIdThatIsLiveIsRefused() throws Exception {
        var model = TestModel.of(hangs());
        var agent = Agent.of(model, "");
        var options = RunOptions.defaults().runId(UUID.randomUUID().toString());
        var run = agent.start("Go", options);
        assertThatExceptionOfType(RunRejectedException.class)
                .isThrownBy(() -> agent.start("Go", options))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.ID_LIVE))
                .withMessageContaining(run.id());
        assertThat(Runs.shared().handle(run.id())).contains(run);
        run.cancel();
        Events.end(run);
    }

    @Test
    void anIdThatIsStoredIsRefusedAndTheFirstRunStays() throws Exception {
        var model = TestModel.of(says("first"));
        var agent = agent().model(model).build();
        var options = RunOptions.defaults().runId(UUID.randomUUID().toString());
        var first = agent.run("Go", options);
        var row = row(first.runId());
        assertThatExceptionOfType(RunRejectedException.class)
                .isThrownBy(() -> agent.start("Go again", options))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.ID_USED))
                .withMessageContaining(first.runId());
        assertThat(row(first.runId())).isEqualTo(row);
        assertThat(model.requests()).hasSize(1);
        assertThat(Runs.shared().find(first.runId())).isEmpty();
        var late = Runs.shared().cancel(first.runId(), CancelRequest.now());
        assertThat(late.outcome()).isEqualTo(Outcome.ALREADY_FINISHED);
        assertThat(late.status()).isEqualTo(RunStatus.COMPLETED);
    }

    // ---- a slow store

    @Test
    void anEndThatTheStoreDoesNotTakeInTimeSaysSoAndIsWrittenLater() throws Exception {
        var run = agent(says("Hello"))
                .store(parked())
                .storeWait(Duration.ofMillis(100))
                .build()
                .start("Go");
        var output = Events.end(run);
        assertThat(output.isCompleted()).isTrue();
        assertThat(output.stored()).isFalse();
        assertThat(Events.only(RunCompleted.class, Events.of(run)).getFirst().stored())
                .isFalse();
        assertThat(row(run.id()).status()).isIn(RunStatus.PENDING, RunStatus.RUNNING);
        gate.open();
        await().until(() -> row(run.id()).status() == RunStatus.COMPLETED);
        assertThat(row(run.id()).text()).isEqualTo("Hello");
    }

    @Test
    void aStopMeetsARunWhoseStoreIsParked() throws Exception {
        var model = TestModel.of(hangs());
        var run = agent().model(model)
                .store(parked())
                .storeWait(Duration.ofMillis(100))
                .build()
                .start("Go");
        model.awaitRequests(1);
        run.cancel();
        var output = Events.end(run);
        assertThat(output.isCancelled()).isTrue();
        assertThat(Events.only(RunCancelled.class, Events.of(run)).getFirst().stored())
                .isFalse();
        gate.open();
        await().until(() -> row(run.id()).status() == RunStatus.CANCELLED);
    }

    @Test
    void aCancelWhileTheOutcomeIsBeingWrittenComesTooLate() throws Exception {
        var run = agent(says("Hello"))
                .store(parked())
                .storeWait(Duration.ofMinutes(1))
                .build()
                .start("Go");
        gate.awaitReached();
        var result = run.cancel();
        assertThat(result.outcome()).isEqualTo(Outcome.ALREADY_FINISHED);
        assertThat(result.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(Runs.shared().find(run.id()).orElseThrow().status()).isEqualTo(RunStatus.RUNNING);
        assertThat(run.status()).as("as long as its end is not stored").isEqualTo(RunStatus.RUNNING);
        assertThat(run.output().status()).isEqualTo(RunStatus.RUNNING);
        gate.open();
        assertThat(Events.end(run).isCompleted()).isTrue();
        assertThat(row(run.id()).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(Events.only(Terminal.class, Events.of(run))).hasSize(1);
    }

    @Test
    void aRunThatWasRefusedBecauseTheStoreWasBusyLeavesNoRowBehind() throws Exception {
        var store = parked();
        var busy = agent(says("x")).store(store).storeWait(Duration.ofMillis(1)).build();
        Events.end(busy.start("Go"));
        gate.awaitReached();
        var id = UUID.randomUUID().toString();
        assertThatExceptionOfType(RunRejectedException.class)
                .isThrownBy(() -> busy.start("Go", RunOptions.defaults().runId(id)))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.STORE_UNAVAILABLE));
        gate.open();
        var patient =
                agent(says("x")).store(store).storeWait(Duration.ofSeconds(20)).build();
        assertThat(patient.run("Go").stored())
                .as("written after all that waited")
                .isTrue();
        assertThat(memory.run(id)).isEmpty();
    }

    @Test
    void aRunThatTheStoreCannotHoldIsRefusedAsMisuse() {
        var store = new TestStore(memory) {
            @Override
            public boolean insert(StoredRun run) {
                throw new IllegalArgumentException("the user id has a NUL character");
            }
        };
        var id = UUID.randomUUID().toString();
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> agent(says("x"))
                        .store(store)
                        .build()
                        .start("Go", RunOptions.defaults().runId(id)))
                .withMessageContaining("the user id has a NUL character");
        assertThat(Runs.shared().find(id)).isEmpty();
    }
}
