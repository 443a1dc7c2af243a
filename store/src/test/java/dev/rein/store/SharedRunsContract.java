package dev.rein.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rein.agent.Agent;
import dev.rein.agent.AgentBuilder;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.CancelResult.Outcome;
import dev.rein.run.Decision;
import dev.rein.run.RunRejectedException;
import dev.rein.run.RunStatus;
import dev.rein.run.ToolExecution;
import dev.rein.run.event.RunContinued;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.RunPaused;
import dev.rein.run.event.Terminal;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.session.SharedStore;
import dev.rein.session.StoredRun;
import dev.rein.testkit.MessageRules;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tool.Tool;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** This process among others that share its store. The others are played by a second store on the same database. */
abstract class SharedRunsContract {
    private static final RunOptions SESSION = RunOptions.defaults().sessionId("s");
    private static final CancelRequest REQUEST =
            CancelRequest.now().reason("enough").actor("ann");

    private SharedStore store;
    private SharedStore other;

    abstract SharedStore open(Duration lease) throws Exception;

    @BeforeEach
    void openBoth() throws Exception {
        store = open(JdbcSessionStore.DEFAULT_LEASE);
        other = open(JdbcSessionStore.DEFAULT_LEASE);
    }

    @AfterEach
    void closeBoth() {
        store.close();
        other.close();
    }

    private AgentBuilder agent(ScriptedModel model) {
        return Agent.builder()
                .name("Teller")
                .model(model)
                .store(store)
                .storeWait(Duration.ofMinutes(1))
                .addHistory(10);
    }

    private StoredRun row(String runId) {
        return other.run(runId).orElseThrow();
    }

    private static void until(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(10))
                .until(condition);
    }

    /** Books; people are asked before. */
    public static final class Booking {
        private final AtomicInteger booked = new AtomicInteger();

        @Tool(value = "Books a seat", requiresConfirmation = true)
        public String book() {
            return "seat " + booked.incrementAndGet();
        }

        @Tool("Looks for seats")
        public String look() {
            return "there are seats";
        }
    }

    private final Booking booking = new Booking();

    private RunHandle paused(ScriptedModel model) throws Exception {
        var run = agent(model).tools(booking).build().start("Book it", SESSION);
        run.await(Duration.ofSeconds(30));
        assertThat(run.status()).isEqualTo(RunStatus.PAUSED);
        until(() -> row(run.id()).status() == RunStatus.PAUSED);
        return run;
    }

    private static ScriptedModel booker() {
        return ScriptedModel.of(
                Script.text("I'll see. ").thenToolCall("look", "{}").thenToolCall("book", "{}"),
                Script.text("Booked."));
    }

    // ---- owners

    @Test
    void aLiveRunHasAnOwnerWithALease() throws Exception {
        var model = ScriptedModel.of(Script.tokens("Once").thenHang());
        var run = agent(model).build().start("Tell me", SESSION);
        model.awaitWaiting(1);
        var row = row(run.id());
        assertThat(row.owner()).isNotNull();
        assertThat(row.epoch()).isEqualTo(1);
        assertThat(other.poll(null).deadOwners()).isEmpty();
        run.cancel();
        run.await();
    }

    @Test
    void runsOfDeadProcessesAreFoundAndEnded() {
        agent(ScriptedModel.of("x")).build();
        other.insert(SampleRows.row("dead", "s", RunStatus.RUNNING, "so far", Map.of())
                .ownedBy("nobody", 1));
        until(() -> row("dead").status() == RunStatus.ERROR);
        assertThat(row("dead").text()).isEqualTo("so far");
    }

    @Test
    void runsWhoseLeaseWasLostEndAsLeaseLost() throws Exception {
        var model = ScriptedModel.of(Script.tokens("Once").thenHang(), Script.text("x"));
        try (var shortLived = open(Duration.ofSeconds(1))) {
            var agent = agent(model).store(shortLived).build();
            var run = agent.start("Tell me", SESSION);
            model.awaitWaiting(1);
            var owner = Objects.requireNonNull(row(run.id()).owner());
            other.deregister(owner);
            other.endRunsOf(owner);
            var output = run.await(Duration.ofSeconds(30));
            assertThat(output.cause()).isNotNull();
            assertThat(output.cause().kind()).isEqualTo(CancelKind.LEASE_LOST);
            assertThat(output.status()).as("as its row says").isEqualTo(RunStatus.ERROR);
            assertThat(row(run.id()).status()).isEqualTo(RunStatus.ERROR);
            assertThat(agent.run("Again", SESSION).status())
                    .as("the next run has a lease again")
                    .isEqualTo(RunStatus.COMPLETED);
        }
    }

    // ---- stops

    @Test
    void aStopThatAnotherProcessAsksForReachesTheRun() throws Exception {
        var model = ScriptedModel.of(Script.tokens("Once").thenHang());
        var run = agent(model).build().start("Tell me", SESSION);
        model.awaitWaiting(1);
        assertThat(other.requestCancel(run.id(), REQUEST).orElseThrow().outcome())
                .isEqualTo(Outcome.REQUESTED);
        var output = run.await(Duration.ofSeconds(30));
        assertThat(output.isCancelled()).isTrue();
        assertThat(output.cause()).isNotNull();
        assertThat(output.cause().reason()).isEqualTo("enough");
        assertThat(output.cause().actor()).isEqualTo("ann");
        assertThat(row(run.id()).cause()).isEqualTo(output.cause());
        until(() -> other.isAcknowledged(run.id()));
    }

    @Test
    void theAnswerToAStopSaysWhetherTheOwnerHasAcknowledgedIt() throws Exception {
        var agent = agent(ScriptedModel.of("x")).build();
        other.register("other");
        other.insert(
                SampleRows.row("deaf", "s", RunStatus.RUNNING, "", Map.of()).ownedBy("other", 1));
        var unacknowledged = agent.cancel("deaf", REQUEST);
        assertThat(unacknowledged.outcome()).isEqualTo(Outcome.REQUESTED);
        assertThat(unacknowledged.status()).isEqualTo(RunStatus.RUNNING);
        assertThat(unacknowledged.stopping()).isTrue();
        assertThat(unacknowledged.acknowledged()).isFalse();
        assertThat(unacknowledged.note()).contains("has not answered yet");

        other.insert(
                SampleRows.row("quick", "s", RunStatus.RUNNING, "", Map.of()).ownedBy("other", 1));
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = executor.submit(() -> Runs.shared().cancel("quick", REQUEST));
            until(() -> !other.isAcknowledged("quick"));
            other.acknowledge("other", other.poll("other"));
            assertThat(asked.get().acknowledged()).isTrue();
            assertThat(asked.get().note()).isNull();
        }
        assertThat(Runs.shared().cancel(UUID.randomUUID().toString(), REQUEST).outcome())
                .isEqualTo(Outcome.REMEMBERED);
    }

    @Test
    void aPausedRunOfAnotherProcessIsStoppedAtOnceAndItsApprovalRefusedThere() throws Exception {
        var run = paused(booker());
        var requirement = run.output().requirements().getFirst().id();
        assertThat(other.requestCancel(run.id(), REQUEST).orElseThrow().acknowledged())
                .isTrue();
        assertThat(row(run.id()).status()).isEqualTo(RunStatus.CANCELLED);
        var agent = agent(booker()).tools(booking).build();
        assertThatThrownBy(() -> agent.continueRun(run.id(), Decision.confirm(requirement)))
                .isInstanceOf(RunRejectedException.class);
        var row = row(run.id());
        until(() -> run.status() == RunStatus.CANCELLED);
        assertThat(run.await(Duration.ofSeconds(30)).cause()).isEqualTo(row.cause());
        assertThat(row(run.id())).isEqualTo(row);
        assertThat(booking.booked).hasValue(0);
    }

    // ---- paused runs

    private String left() throws Exception {
        return ReleasedRuns.leave(other, paused(booker())).runId();
    }

    @Test
    void aPausedAgentThatAnotherProcessHasLeftGoesOnInThisOne() throws Exception {
        var id = left();
        assertThat(row(id).owner()).isNull();
        var model = ScriptedModel.of("Booked.");
        var agent = agent(model).tools(booking).build();
        var requirement = Objects.requireNonNull(row(id).pause()).requirements().getFirst();
        var run = agent.continueRun(id, Decision.confirm(requirement.id()));
        var output = run.await(Duration.ofSeconds(30));

        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(output.text()).isEqualTo("I'll see. Booked.");
        assertThat(booking.booked).hasValue(1);
        var told = model.request(1).messages();
        MessageRules.checkAll(told);
        assertThat(told).extracting(each -> each.content()).contains("there are seats", "seat 1");
        var row = row(id);
        assertThat(row.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(row.epoch()).isGreaterThan(2);
        assertThat(row.messages())
                .isEqualTo(output.messages()
                        .subList(output.messages().size() - 5, output.messages().size()));
        assertThat(row.tools()).hasSize(2).allMatch(tool -> tool.result() != null && !tool.error());
        assertThatThrownBy(() -> agent.continueRun(id, Decision.confirm(requirement.id())))
                .hasMessageContaining("is COMPLETED and accepts no further decisions");
        assertThat(booking.booked).hasValue(1);
    }

    @Test
    void theEventsOfARunThatGoesOnElsewhereGoOnToo() throws Exception {
        var run = paused(booker());
        var before = other.events(run.id(), -1, 100);
        assertThat(before).last().isInstanceOf(RunPaused.class);
        var requirement = run.output().requirements().getFirst().id();
        var pause = Objects.requireNonNull(row(run.id()).pause());
        assertThat(pause.nextIndex()).isEqualTo(before.getLast().index() + 1);
        var id = ReleasedRuns.leave(other, run).runId();
        try (var stream = agent(ScriptedModel.of("Booked."))
                .tools(booking)
                .build()
                .continueStream(id, Decision.confirm(requirement))) {
            var first = stream.iterator().next();
            assertThat(first).isInstanceOf(RunContinued.class);
            assertThat(first.index()).isEqualTo(pause.nextIndex());
            RunEvent last = first;
            for (var event : stream) {
                last = event;
            }
            assertThat(last).isInstanceOf(Terminal.class);
        }
        assertThat(other.events(id, pause.nextIndex() - 1, 100)).first().isInstanceOf(RunContinued.class);
    }

    @Test
    void whatWasDecidedBeforeCountsWithWhatIsDecidedElsewhere() throws Exception {
        var run = paused(ScriptedModel.of(
                Script.toolCall("book", "{}").thenToolCall("book", "{}").thenToolCall("book", "{}")));
        var asked = run.output().requirements();
        var agent = agent(ScriptedModel.of("Booked.")).tools(booking).build();
        agent.continueRun(run.id(), Decision.confirm(asked.get(1).id()));
        agent.continueRun(run.id(), Decision.reject(asked.get(0).id()));
        var id = ReleasedRuns.leave(other, run).runId();
        assertThat(booking.booked).as("it waits for the third").hasValue(0);
        var output = agent.continueRun(id, Decision.confirm(asked.get(2).id())).await(Duration.ofSeconds(30));
        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(booking.booked).hasValue(2);
        MessageRules.checkAll(output.messages());
        assertThat(row(id).tools()).extracting(ToolExecution::error).containsExactly(true, false, false);
    }

    @Test
    void aPausedAgentThatAnotherProcessTakesOverEndsHereAsLeaseLost() throws Exception {
        var run = paused(booker());
        other.register("other");
        var adopted = other.adopt(run.id(), 1, "other").orElseThrow();
        var requirement = run.output().requirements().getFirst().id();
        assertThatThrownBy(() ->
                        agent(booker()).tools(booking).build().continueRun(run.id(), Decision.confirm(requirement)))
                .isInstanceOf(RunRejectedException.class);
        until(() -> run.status().isTerminal());
        assertThat(run.output().cause()).isNotNull();
        assertThat(run.output().cause().kind()).isEqualTo(CancelKind.LEASE_LOST);
        assertThat(row(run.id())).isEqualTo(adopted);
        assertThat(booking.booked).hasValue(0);
    }

    @Test
    void decisionsThatDoNotFitAreRefusedAndTheRunStays() throws Exception {
        var id = left();
        var agent = agent(ScriptedModel.of("x")).tools(booking).build();
        assertThatThrownBy(() -> agent.continueRun(id))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is missing");
        assertThatThrownBy(() -> agent.continueRun(id, Decision.confirm("unknown")))
                .isInstanceOf(RunRejectedException.class)
                .hasMessageContaining("it waits for");
        var stranger = Agent.builder()
                .name("Stranger")
                .model(ScriptedModel.of("x"))
                .store(store)
                .storeWait(Duration.ofMinutes(1))
                .build();
        var requirement = Objects.requireNonNull(row(id).pause())
                .requirements()
                .getFirst()
                .id();
        assertThatThrownBy(() -> stranger.continueRun(id, Decision.confirm(requirement)))
                .hasMessageContaining("continue it with the component");
        assertThat(row(id).status()).isEqualTo(RunStatus.PAUSED);
        assertThat(agent.cancel(id, REQUEST).acknowledged()).isTrue();
        assertThat(row(id).status()).isEqualTo(RunStatus.CANCELLED);
    }
}
