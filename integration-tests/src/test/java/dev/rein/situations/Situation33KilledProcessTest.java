package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.cancel.CancelRequest;
import dev.rein.model.Message;
import dev.rein.run.Decision;
import dev.rein.run.RunStatus;
import dev.rein.runtime.RunOptions;
import dev.rein.session.StoredRun;
import dev.rein.store.JdbcSessionStore;
import dev.rein.testkit.MessageRules;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class Situation33KilledProcessTest {
    private static final Duration LEASE = Duration.ofSeconds(5);
    private static final RunOptions OPTIONS = RunOptions.defaults().sessionId(OtherProcess.SESSION);

    private final String run = UUID.randomUUID().toString();
    private JdbcSessionStore store;
    private OtherProcess other;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        var file = folder.resolve("rein.db");
        store = JdbcSessionStore.sqlite(file, LEASE);
        other = OtherProcess.start(file, LEASE);
    }

    @AfterEach
    void end() {
        other.close();
        store.close();
    }

    private StoredRun row(String id) {
        return store.run(id).orElseThrow();
    }

    private List<Message> nextTurn() {
        var model = ScriptedModel.of("And they lived happily.");
        assertThat(OtherProcess.teller(store, model).run("Go on", OPTIONS).isCompleted())
                .isTrue();
        var messages = model.request(1).messages();
        MessageRules.checkAll(messages);
        return messages;
    }

    private void goesOnHere(String requirement) throws Exception {
        var booked = new AtomicInteger();
        var booker = OtherProcess.booker(store, ScriptedModel.of("Done."), booked::incrementAndGet);
        var output = booker.continueRun(run, Decision.confirm(requirement)).await(Waiting.LONG);
        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(output.text()).isEqualTo("Done.");
        assertThat(booked).hasValue(1);
        assertThat(row(run).status()).isEqualTo(RunStatus.COMPLETED);
    }

    private void tellAndKill(boolean asked) throws Exception {
        other.order("tell " + run);
        other.awaitSaid("telling");
        Waiting.until("its text is stored", () -> row(run).text().equals("Once upon"));
        if (asked) {
            // Suspended, so that it can't take the stop.
            other.signal("STOP");
            store.requestCancel(run, CancelRequest.now().reason("enough"));
        }
        other.kill();
    }

    @Test
    void itsRunsAreFoundAndEndedAndTheSessionGoesOn() throws Exception {
        OtherProcess.teller(store, ScriptedModel.of("Hello")).run("Hi", OPTIONS);
        tellAndKill(false);
        Waiting.until("it is ended", () -> row(run).status().isTerminal());

        var row = row(run);
        assertThat(row.status()).isEqualTo(RunStatus.ERROR);
        assertThat(row.text()).isEqualTo("Once upon");
        MessageRules.checkAll(row.messages());
        assertThat(row.endedAt()).isNotNull();
        assertThat(nextTurn()).extracting(Message::content).contains("Hi", "Hello");
        assertThat(store.runs(OtherProcess.SESSION)).hasSize(3);
    }

    @Test
    void aRunThatHadBeenToldToStopEndsCancelledAndIsRemembered() throws Exception {
        OtherProcess.teller(store, ScriptedModel.of("x"));
        tellAndKill(true);
        Waiting.until("it is ended", () -> row(run).status().isTerminal());

        assertThat(row(run).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(Objects.requireNonNull(row(run).cause()).reason()).isEqualTo("enough");
        assertThat(nextTurn()).extracting(Message::content).anyMatch(text -> text.startsWith("Once upon"));
    }

    @Test
    void aRunThatWaitsForPeopleGoesOnInAnotherProcess() throws Exception {
        other.order("book " + run);
        var requirement = other.awaitSaid("paused").split(" ")[1];
        Waiting.until("its pause is stored", () -> row(run).status() == RunStatus.PAUSED);
        other.kill();

        goesOnHere(requirement);
    }

    /** @return the decision that its runs wait for */
    private Decision pausedAndKilled(String order) throws Exception {
        other.order(order + " " + run);
        if (!order.equals("lead")) {
            other.awaitSaid("planned");
        }
        var requirement = other.awaitSaid("paused").split(" ")[1];
        Waiting.until("its pause is stored", () -> row(run).status() == RunStatus.PAUSED);
        other.kill();
        return Decision.confirm(requirement);
    }

    @Test
    void aWorkflowThatWaitsAtAStepGoesOnInAnotherProcess() throws Exception {
        var decision = pausedAndKilled("publish");
        var planned = new AtomicInteger();
        var output = OtherProcess.publisher(store, planned::incrementAndGet)
                .continueRun(run, decision)
                .await(Waiting.LONG);
        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(output.text()).isEqualTo("Published the plan");
        assertThat(planned).as("that was done").hasValue(0);
        assertThat(row(run).status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void anAgentInAStepThatWaitsGoesOnInAnotherProcess() throws Exception {
        var decision = pausedAndKilled("travel");
        var planned = new AtomicInteger();
        var booked = new AtomicInteger();
        var output = OtherProcess.traveller(
                        store, planned::incrementAndGet, ScriptedModel.of("Done."), booked::incrementAndGet)
                .continueRun(run, decision)
                .await(Waiting.LONG);
        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(output.text()).isEqualTo("Done.");
        assertThat(planned).hasValue(0);
        assertThat(booked).hasValue(1);
        var agent = row(Objects.requireNonNull(output.steps().getLast().runId()));
        assertThat(agent.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(agent.rootRunId()).isEqualTo(run);
    }

    @Test
    void aTeamWhoseMemberWaitsGoesOnInAnotherProcess() throws Exception {
        var decision = pausedAndKilled("lead");
        var booked = new AtomicInteger();
        var team = OtherProcess.team(
                store, Script.text("All is booked."), ScriptedModel.of("Done."), booked::incrementAndGet);
        var output = team.continueRun(run, decision).await(Waiting.LONG);
        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(output.text()).isEqualTo("All is booked.");
        assertThat(booked).hasValue(1);
        assertThat(row(run).tools()).hasSize(1).allMatch(call -> "Done.".equals(call.result()));
    }

    @Test
    void itGoesOnInAnotherProcessAlsoWhenItsOwnHasEndedInGoodOrder() throws Exception {
        other.order("book " + run);
        var requirement = other.awaitSaid("paused").split(" ")[1];
        Waiting.until("its pause is stored", () -> row(run).status() == RunStatus.PAUSED);
        other.signal("TERM");
        other.awaitEnd();

        assertThat(row(run).status()).isEqualTo(RunStatus.PAUSED);
        assertThat(row(run).owner()).isNull();
        goesOnHere(requirement);
    }
}
