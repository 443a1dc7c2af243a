package dev.rein.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.rein.agent.Agent;
import dev.rein.agent.AgentBuilder;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.CancelResult.Outcome;
import dev.rein.run.Decision;
import dev.rein.run.RunRejectedException;
import dev.rein.run.RunRejectedException.Reason;
import dev.rein.run.RunStatus;
import dev.rein.run.StepOutput;
import dev.rein.runtime.Limits;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.session.RunQuery;
import dev.rein.session.SessionPolicy;
import dev.rein.session.SharedStore;
import dev.rein.session.StoredRun;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tool.Tool;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The turns of one session, for runs of two processes: each is played by runs and a store of its own on the same database. */
@Timeout(120)
abstract class SessionTurnsContract {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final RunOptions SESSION = RunOptions.defaults().sessionId("s");

    /** One process. */
    record Process(Runs runs, SharedStore store) {
        AgentBuilder agent(ScriptedModel model, SessionPolicy policy) {
            return Agent.builder()
                    .name("Talker")
                    .model(model)
                    .runs(runs)
                    .store(store)
                    .storeWait(LONG)
                    .addHistory(50)
                    .sessionPolicy(policy);
        }

        RunHandle hanging(SessionPolicy policy) throws Exception {
            var model = ScriptedModel.of(Script.tokens("Once").thenHang());
            var run = agent(model, policy).build().start("Tell me", SESSION);
            model.awaitWaiting(1);
            return run;
        }

        RunHandle quick(SessionPolicy policy) {
            return agent(ScriptedModel.of("Hello."), policy).build().start("Hi", SESSION);
        }
    }

    private Process here;
    private Process there;

    abstract SharedStore open(Duration lease);

    @BeforeEach
    void openBoth() {
        here = new Process(Runs.create(), open(JdbcSessionStore.DEFAULT_LEASE));
        there = new Process(Runs.create(), open(JdbcSessionStore.DEFAULT_LEASE));
    }

    @AfterEach
    void closeBoth() {
        for (var process : List.of(here, there)) {
            process.runs.close();
            process.store.close();
        }
    }

    private static void until(Callable<Boolean> condition) {
        await().atMost(LONG).pollInterval(Duration.ofMillis(5)).until(condition);
    }

    private StoredRun row(RunHandle run) {
        return here.store.run(run.id()).orElseThrow();
    }

    // ---- QUEUE

    @Test
    void aRunWaitsForThoseOfAnotherProcessAndThenSeesThem() throws Exception {
        var first = here.hanging(SessionPolicy.QUEUE);
        var model = ScriptedModel.of("Hello.");
        var second = there.agent(model, SessionPolicy.QUEUE).build().start("Hi", SESSION);
        var third = here.quick(SessionPolicy.QUEUE);
        assertThat(second.status()).isEqualTo(RunStatus.PENDING);
        assertThat(third.status()).isEqualTo(RunStatus.PENDING);
        assertThat(model.requests()).isEmpty();

        first.cancel();
        assertThat(second.await(LONG).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(third.await(LONG).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(model.request(1).messages().toString()).contains("Tell me", "Once");
        assertThat(row(second).endedAt())
                .isBeforeOrEqualTo(Objects.requireNonNull(row(third).endedAt()));
    }

    @Test
    void theRunsOfTwoProcessesWorkOneAfterTheOtherInTheOrderOfTheStore() throws Exception {
        var order = new ConcurrentLinkedQueue<String>();
        var all = new ArrayList<RunHandle>();
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var starts = new ArrayList<Future<RunHandle>>();
            for (var process : List.of(here, there)) {
                var workflow = Workflow.builder()
                        .name("Turns")
                        .runs(process.runs)
                        .store(process.store)
                        .storeWait(LONG)
                        .sessionPolicy(SessionPolicy.QUEUE)
                        .steps(Step.of("turn", input -> {
                            order.add("begin " + input.context().runId());
                            order.add("end " + input.context().runId());
                            return StepOutput.of("done");
                        }))
                        .build();
                for (var i = 0; i < 10; i++) {
                    starts.add(callers.submit(() -> workflow.start("Go", SESSION)));
                }
            }
            for (var start : starts) {
                all.add(start.get());
            }
        }
        for (var run : all) {
            assertThat(run.await(LONG).status()).isEqualTo(RunStatus.COMPLETED);
        }
        var expected = here.store.runs(RunQuery.of("s").page(1, 100)).items().stream()
                .flatMap(run -> List.of("begin " + run.runId(), "end " + run.runId()).stream())
                .toList();
        assertThat(order).hasSize(40).containsExactlyElementsOf(expected);
    }

    @Test
    void otherSessionsAndRunsThatDoNotQueueAreNotHeldUp() throws Exception {
        var first = here.hanging(SessionPolicy.QUEUE);
        var agent = there.agent(ScriptedModel.of("Hello."), SessionPolicy.QUEUE).build();
        assertThat(agent.run("Hi", SESSION.sessionId("other")).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(there.quick(SessionPolicy.ALLOW).await(LONG).status()).isEqualTo(RunStatus.COMPLETED);
        first.cancel();
    }

    @Test
    void aRunThatWaitsIsStoppedAtOnceFromAnyProcess() throws Exception {
        var first = here.hanging(SessionPolicy.QUEUE);
        var second = there.quick(SessionPolicy.QUEUE);
        var third = there.quick(SessionPolicy.QUEUE);
        assertThat(here.runs
                        .cancel(second.id(), CancelRequest.now().reason("enough"))
                        .outcome())
                .isEqualTo(Outcome.REQUESTED);
        assertThat(second.await(LONG).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(row(second).messages().toString()).doesNotContain("Hello.");
        assertThat(third.status()).isEqualTo(RunStatus.PENDING);
        first.cancel();
        assertThat(third.await(LONG).status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void theWaitForARunOfAnotherProcessIsLimited() throws Exception {
        var first = here.hanging(SessionPolicy.QUEUE);
        var second = there.agent(ScriptedModel.of("Hello."), SessionPolicy.QUEUE)
                .limits(Limits.none().queue(Duration.ofMillis(100)))
                .build()
                .start("Hi", SESSION);
        var output = second.await(LONG);
        assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(Objects.requireNonNull(output.cause()).kind()).isEqualTo(CancelKind.DEADLINE);
        first.cancel();
    }

    @Test
    void aProcessThatHasDiedHoldsUpNobodyOnceItsLeaseIsOver() throws Exception {
        here.store.register("dead");
        here.store.insert(SampleRows.pending("left", "s").ownedBy("dead", 1));
        var second = there.quick(SessionPolicy.QUEUE);
        assertThat(second.status()).isEqualTo(RunStatus.PENDING);
        here.store.deregister("dead");
        assertThat(second.await(LONG).status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void aRunIsNotHeldUpByTheSlotsOfAnotherProcess() throws Exception {
        there.runs.maxConcurrentRuns(1, 1);
        var first = here.hanging(SessionPolicy.QUEUE);
        var second = there.quick(SessionPolicy.QUEUE);
        // While it waits for its turn it takes no slot.
        var agent = there.agent(ScriptedModel.of("Hello."), SessionPolicy.QUEUE).build();
        assertThat(agent.start("Hi", SESSION.sessionId("other")).await(LONG).status())
                .isEqualTo(RunStatus.COMPLETED);
        assertThatExceptionOfType(RunRejectedException.class)
                .isThrownBy(() -> there.quick(SessionPolicy.QUEUE))
                .returns(Reason.QUEUE_FULL, RunRejectedException::reason);
        first.cancel();
        assertThat(second.await(LONG).status()).isEqualTo(RunStatus.COMPLETED);
        until(() -> there.runs.live().isEmpty());
        assertThat(there.quick(SessionPolicy.QUEUE).await(LONG).status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void aRunWhoseSessionIsDeletedWhileItWaitsIsStopped() throws Exception {
        var first = here.hanging(SessionPolicy.QUEUE);
        var second = there.quick(SessionPolicy.QUEUE);
        here.store.delete(List.of("s"));
        assertThat(second.await(LONG).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(first.await(LONG).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(there.quick(SessionPolicy.QUEUE).await(LONG).status()).isEqualTo(RunStatus.COMPLETED);
    }

    // ---- pauses

    /** People are asked before it books. */
    public static final class Booking {
        @Tool(value = "Books a seat", requiresConfirmation = true)
        public String book() {
            return "booked";
        }
    }

    private Agent booker() {
        return here.agent(ScriptedModel.of(Script.toolCall("book", "{}"), Script.text("Booked.")), SessionPolicy.QUEUE)
                .tools(new Booking())
                .build();
    }

    private RunHandle paused(Agent agent) throws Exception {
        var run = agent.start("Book it", SESSION);
        assertThat(run.await(LONG).status()).isEqualTo(RunStatus.PAUSED);
        until(() -> row(run).status() == RunStatus.PAUSED);
        return run;
    }

    @Test
    void aPausedRunGivesItsTurnAwayAndTakesItAgain() throws Exception {
        var booker = booker();
        var paused = paused(booker);
        assertThat(there.quick(SessionPolicy.QUEUE).await(LONG).status()).isEqualTo(RunStatus.COMPLETED);

        var busy = there.hanging(SessionPolicy.QUEUE);
        var later = here.quick(SessionPolicy.QUEUE);
        var asked = paused.output().requirements().getFirst();
        booker.continueRun(paused.id(), Decision.confirm(asked.id()));
        assertThat(paused.await(LONG).status()).as("beside the one that works").isEqualTo(RunStatus.COMPLETED);
        assertThat(later.status()).isEqualTo(RunStatus.PENDING);
        busy.cancel();
        assertThat(later.await(LONG).status()).isEqualTo(RunStatus.COMPLETED);
    }

    // ---- REJECT

    @Test
    void oneOfManyThatStartAtOnceIsAccepted() throws Exception {
        var models = new ArrayList<ScriptedModel>();
        var barrier = new CyclicBarrier(8);
        var starts = new ArrayList<Future<RunHandle>>();
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var i = 0; i < 8; i++) {
                var process = i % 2 == 0 ? here : there;
                var model = ScriptedModel.of(Script.tokens("Once").thenHang());
                models.add(model);
                var agent = process.agent(model, SessionPolicy.REJECT).build();
                starts.add(callers.submit(() -> {
                    barrier.await();
                    return agent.start("Hi", SESSION);
                }));
            }
        }
        var accepted = starts.stream()
                .filter(start -> start.state() == Future.State.SUCCESS)
                .toList();
        assertThat(accepted).hasSize(1);
        var run = accepted.getFirst().resultNow();
        for (var start : starts) {
            if (start.state() == Future.State.FAILED) {
                assertThat(start.exceptionNow())
                        .isInstanceOfSatisfying(
                                RunRejectedException.class,
                                e -> assertThat(e.reason()).isEqualTo(Reason.SESSION_BUSY));
            }
        }
        assertThatExceptionOfType(RunRejectedException.class)
                .isThrownBy(() -> there.quick(SessionPolicy.REJECT))
                .withMessageContaining(run.id());
        run.cancel();
        run.await(LONG);
        assertThat(there.quick(SessionPolicy.REJECT).await(LONG).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(here.store.runs("s")).as("what was refused is not stored").hasSize(2);
    }

    @Test
    void aPausedRunOfAnotherProcessRefusesOthers() throws Exception {
        var paused = paused(booker());
        assertThatExceptionOfType(RunRejectedException.class)
                .isThrownBy(() -> there.quick(SessionPolicy.REJECT))
                .returns(Reason.SESSION_BUSY, RunRejectedException::reason)
                .withMessageContaining(paused.id());
        paused.cancel();
        paused.await(LONG);
        assertThat(there.quick(SessionPolicy.REJECT).await(LONG).status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void anIdThatIsUsedIsRefusedAsSuch() throws Exception {
        var first = here.hanging(SessionPolicy.QUEUE);
        var agent = there.agent(ScriptedModel.of("x"), SessionPolicy.QUEUE).build();
        assertThatExceptionOfType(RunRejectedException.class)
                .isThrownBy(() -> agent.start("Hi", SESSION.runId(first.id())))
                .returns(Reason.ID_USED, RunRejectedException::reason);
        first.cancel();
    }
}
