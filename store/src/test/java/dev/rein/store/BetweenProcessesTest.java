package dev.rein.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.rein.agent.Agent;
import dev.rein.agent.AgentBuilder;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.CancelResult;
import dev.rein.run.CancelResult.Outcome;
import dev.rein.run.Decision;
import dev.rein.run.RunRejectedException;
import dev.rein.run.RunStatus;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.RunSelector;
import dev.rein.runtime.Runs;
import dev.rein.session.SharedStore;
import dev.rein.session.StoredRun;
import dev.rein.testkit.InterceptedStore;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tool.Tool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What another process does just between two calls that this one makes of their store. */
@Timeout(120)
class BetweenProcessesTest extends TwoProcesses {
    private InterceptedStore<SharedStore> intercepted;

    @BeforeEach
    void intercept() {
        intercepted = InterceptedStore.of(SharedStore.class, store);
    }

    private AgentBuilder agent(ScriptedModel model) {
        return Agent.builder()
                .name("Teller")
                .model(model)
                .store(intercepted.store())
                .storeWait(Duration.ofMinutes(1));
    }

    private StoredRun row(String runId) {
        return other.run(runId).orElseThrow();
    }

    private static void until(Callable<Boolean> condition) {
        await().atMost(LONG).until(condition);
    }

    private RunHandle waiting() throws Exception {
        return waiting(RunOptions.defaults());
    }

    private RunHandle waiting(RunOptions options) throws Exception {
        var model = ScriptedModel.of(Script.tokens("Once").thenHang());
        var run = agent(model).build().start("Tell me", options);
        model.awaitWaiting(1);
        return run;
    }

    /** Pays when people have agreed. */
    public static final class Payment {
        private final AtomicInteger paid = new AtomicInteger();
        private final CountDownLatch began = new CountDownLatch(1);
        private final CountDownLatch ends = new CountDownLatch(1);

        @Tool(value = "Pays", requiresConfirmation = true)
        public String pay(int amount) throws InterruptedException {
            paid.incrementAndGet();
            began.countDown();
            ends.await();
            return "paid " + amount;
        }
    }

    private RunHandle paused(Agent agent) throws Exception {
        var run = agent.start("Pay", RunOptions.defaults());
        assertThat(run.await(LONG).status()).isEqualTo(RunStatus.PAUSED);
        until(() -> row(run.id()).status() == RunStatus.PAUSED);
        return run;
    }

    // ---- stops

    @Test
    void aStopThatComesBeforeAnEarlierOneIsAcknowledgedReachesTheRun() throws Exception {
        var isFirst = new AtomicBoolean(true);
        var runId = UUID.randomUUID().toString();
        intercepted.before("acknowledge", _ -> {
            if (isFirst.getAndSet(false)) {
                other.requestCancel(runId, CancelRequest.now().reason("at once"));
            }
        });
        var run = waiting(RunOptions.defaults().runId(runId));
        other.requestCancel(runId, CancelRequest.afterTurn().reason("when it suits"));
        var output = run.await(LONG);
        assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(output.effectiveMode()).isEqualTo(CancelMode.NOW);
        until(() -> other.isAcknowledged(run.id()));
    }

    @Test
    void eachStopOfAnotherProcessIsListedOnce() throws Exception {
        var run = waiting();
        other.requestCancel(run.id(), CancelRequest.afterStep());
        until(() -> other.isAcknowledged(run.id()));
        other.requestCancel(run.id(), CancelRequest.now());
        assertThat(run.await(LONG).requests())
                .extracting(CancelRequest::mode)
                .containsExactly(CancelMode.AFTER_STEP, CancelMode.NOW);
    }

    @Test
    void aStopIsListedOnceAlsoWhenItsAcknowledgementFails() throws Exception {
        intercepted.fail(() -> new StoreException("the disk is full", null), "acknowledge");
        var run = waiting();
        other.requestCancel(run.id(), CancelRequest.afterStep());
        until(() -> intercepted.calls("acknowledge") > 1);
        intercepted.pass();
        run.cancel();
        assertThat(run.await(LONG).requests())
                .extracting(CancelRequest::mode)
                .containsExactly(CancelMode.AFTER_STEP, CancelMode.NOW);
    }

    @Test
    void aStopThatMeetsTheFirstRowOfARunOfThisProcessIsAnsweredByTheRun() throws Exception {
        var runId = UUID.randomUUID().toString();
        var agent = agent(ScriptedModel.of("x")).build();
        var isStored = new CountDownLatch(1);
        var isAnswered = new CountDownLatch(1);
        intercepted.after("insert", _ -> {
            isStored.countDown();
            isAnswered.await();
        });
        var started = new AtomicReference<RunHandle>();
        var starter = new Thread(
                () -> started.set(agent.start("Go", RunOptions.defaults().runId(runId))));
        // It was not live when the caller of the stop looked for it, and is in the store when the stop comes there.
        intercepted.before("requestCancel", _ -> {
            starter.start();
            isStored.await();
        });
        var result = Runs.shared().cancel(runId, CancelRequest.now().reason("enough"));
        isAnswered.countDown();
        assertThat(result.outcome()).isEqualTo(Outcome.REQUESTED);
        assertThat(result.effectiveMode()).isEqualTo(CancelMode.NOW);
        assertThat(Objects.requireNonNull(result.cause()).reason()).isEqualTo("enough");
        starter.join();
        assertThat(started.get().await(LONG).status()).isEqualTo(RunStatus.CANCELLED);
    }

    @Test
    void aStopGivenToTheFormerProcessOfARunReachesTheOneThatHasAdoptedIt() throws Exception {
        var agent = agent(ScriptedModel.of(Script.toolCall("pay", "{\"amount\":1}")))
                .tools(new Payment())
                .build();
        var run = paused(agent);
        // This process has not heard of it yet.
        intercepted.on("poll", _ -> SharedStore.Updates.NONE);
        other.register("other");
        assertThat(other.adopt(run.id(), row(run.id()).epoch(), "other")).isPresent();

        var result = run.cancel(CancelRequest.now().reason("enough"));
        assertThat(result.outcome()).isEqualTo(Outcome.REQUESTED);
        assertThat(result.acknowledged()).as("the other one has not answered").isFalse();
        assertThat(result.status()).isEqualTo(RunStatus.RUNNING);
        var heard = other.poll("other").cancelRequests();
        assertThat(heard).hasSize(1);
        assertThat(heard.getFirst().requests())
                .extracting(CancelRequest::reason)
                .containsExactly("enough");
        assertThat(run.await(LONG).stored()).isFalse();
    }

    @Test
    void aStopThatCrossesAnAdoptionReachesTheNewProcess() throws Exception {
        var agent = agent(ScriptedModel.of(Script.toolCall("pay", "{\"amount\":1}")))
                .tools(new Payment())
                .build();
        var run = paused(agent);
        other.register("other");
        // After the look at the row, and before the end is written.
        intercepted.before("finish", _ -> other.adopt(run.id(), row(run.id()).epoch(), "other"));
        run.cancel(CancelRequest.now().reason("enough"));
        run.await(LONG);
        until(() -> other.poll("other").cancelRequests().size() == 1);
        assertThat(row(run.id()).status()).isEqualTo(RunStatus.RUNNING);
    }

    @Test
    void aRunThatItsProcessDoesNotHaveEndsWhenItIsStopped() throws Exception {
        var run = waiting();
        var owner = Objects.requireNonNull(row(run.id()).owner());
        other.insert(SampleRows.pending("ghost", "s").ownedBy(owner, 1));
        assertThat(other.requestCancel("ghost", CancelRequest.now().reason("enough"))
                        .orElseThrow()
                        .outcome())
                .isEqualTo(Outcome.REQUESTED);
        until(() -> row("ghost").status() == RunStatus.CANCELLED);
        assertThat(Objects.requireNonNull(row("ghost").cause()).reason()).isEqualTo("enough");
        run.cancel();
        run.await(LONG);
    }

    @Test
    void aCallerWhoMayStopOnlySomeRunsDoesNotReachTheRunOfAnotherProcess() {
        agent(ScriptedModel.of("x")).build();
        other.register("other");
        other.insert(SampleRows.pending("elsewhere", "s").ownedBy("other", 1));
        var bob = RunSelector.all().user("bob");
        assertThat(Runs.shared().cancel("elsewhere", CancelRequest.now(), bob).outcome())
                .isEqualTo(Outcome.REMEMBERED);
        var start = RunOptions.defaults().runId("elsewhere").userId("bob");
        assertThatExceptionOfType(RunRejectedException.class)
                .isThrownBy(() -> agent(ScriptedModel.of("x")).build().start("Go", start))
                .returns(RunRejectedException.Reason.ID_USED, RunRejectedException::reason);
        assertThat(other.poll("other").cancelRequests()).isEmpty();

        var owners = RunSelector.all().session("s");
        assertThat(Runs.shared()
                        .cancel("elsewhere", CancelRequest.now(), owners)
                        .outcome())
                .isEqualTo(Outcome.REQUESTED);
        assertThat(other.poll("other").cancelRequests()).hasSize(1);
    }

    @Test
    void stopsOfUnknownRunsTakeFewThreadsWhileTheStoreHangs() throws Exception {
        agent(ScriptedModel.of("x")).build();
        var parked = intercepted.park("requestCancel");
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Future<CancelResult>>();
            for (var i = 0; i < 200; i++) {
                answers.add(callers.submit(
                        () -> Runs.shared().cancel(UUID.randomUUID().toString(), CancelRequest.now())));
            }
            var mostThreads = 0L;
            for (var answer : answers) {
                var result = answer.get();
                mostThreads = Math.max(mostThreads, callingThreads());
                assertThat(result.outcome()).isEqualTo(Outcome.REMEMBERED);
                assertThat(result.note()).contains("not every store of this process could be asked");
            }
            assertThat(mostThreads).isBetween(1L, 8L);
        } finally {
            parked.open();
        }
    }

    private static long callingThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> List.of(thread.getStackTrace()).toString().contains("requestCancel"))
                .count();
    }

    @Test
    void eachNotificationMakesTheProcessPollAtOnce() throws Exception {
        var listener = new AtomicReference<Consumer<String>>();
        intercepted.before(
                "listen", call -> listener.set(consumer(call.arguments().getFirst())));
        var run = waiting();
        var owner = Objects.requireNonNull(row(run.id()).owner());
        var before = intercepted.calls("poll");
        for (var i = 0; i < 200; i++) {
            Objects.requireNonNull(listener.get()).accept(owner);
        }
        // Without them it would poll 60 times.
        until(() -> intercepted.calls("poll") >= before + 200);
        run.cancel();
        run.await(LONG);
    }

    @SuppressWarnings("unchecked") // It is what the method is given.
    private static Consumer<String> consumer(Object argument) {
        return (Consumer<String>) argument;
    }

    // ---- paused runs

    @Test
    void noProcessCanAdoptARunWhileItsGatedToolsRunElsewhere() throws Exception {
        var payment = new Payment();
        var agent = agent(ScriptedModel.of(
                        Script.toolCall("pay", "{\"amount\":1}").thenToolCall("pay", "{\"amount\":2}"),
                        Script.text("Paid.")))
                .tools(payment)
                .build();
        var run = paused(agent);
        var asked = run.output().requirements();
        assertThat(asked).hasSize(2);
        var claims = new AtomicInteger();
        var firstHasDecided = new CountDownLatch(1);
        var first = new Thread(() -> {
            agent.continueRun(run.id(), Decision.confirm(asked.get(0).id()));
            firstHasDecided.countDown();
        });
        var second = new Thread(
                () -> agent.continueRun(run.id(), Decision.confirm(asked.get(1).id())));
        intercepted.after("adopt", _ -> {
            if (claims.incrementAndGet() == 1) {
                // The second claim is to wait behind the first, and what the first call changes behind both.
                second.start();
                until(() -> second.getState() == Thread.State.TIMED_WAITING);
            } else {
                firstHasDecided.await();
            }
        });
        var isPausedAgain = new AtomicBoolean();
        intercepted.before("save", call -> {
            var runs = (List<?>) call.arguments().getFirst();
            if (claims.get() >= 2 && runs.stream().anyMatch(row -> ((StoredRun) row).status() == RunStatus.PAUSED)) {
                isPausedAgain.set(true);
            }
        });
        first.start();
        payment.began.await();
        until(() -> row(run.id()).status() == RunStatus.RUNNING);
        payment.ends.countDown();
        assertThat(isPausedAgain).isFalse();
        assertThat(run.await(LONG).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(payment.paid).hasValue(2);
    }

    // ---- lost runs

    @Test
    void aRunThatIsLostEndsAsLeaseLost() throws Exception {
        var agent = agent(ScriptedModel.of(Script.toolCall("pay", "{\"amount\":1}")))
                .tools(new Payment())
                .build();
        var run = paused(agent);
        other.register("other");
        other.adopt(run.id(), row(run.id()).epoch(), "other");
        var output = run.await(LONG);
        until(() -> run.status().isTerminal());
        assertThat(Objects.requireNonNull(run.output().cause()).kind()).isEqualTo(CancelKind.LEASE_LOST);
        assertThat(output.status()).isEqualTo(RunStatus.PAUSED);
        assertThat(other.poll("other").cancelRequests()).isEmpty();
    }
}
