package dev.rein.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rein.agent.Agent;
import dev.rein.agent.AgentBuilder;
import dev.rein.cancel.CancelKind;
import dev.rein.guardrail.LengthLimit;
import dev.rein.queue.DurableOptions;
import dev.rein.queue.RunQueue;
import dev.rein.queue.RunQueue.Claimable;
import dev.rein.run.CancelResult.Outcome;
import dev.rein.run.ComponentKind;
import dev.rein.run.RunRejectedException;
import dev.rein.run.RunRejectedException.Reason;
import dev.rein.run.RunStatus;
import dev.rein.run.StepOutput;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.WorkflowCompleted;
import dev.rein.runtime.Limits;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.session.SessionPolicy;
import dev.rein.session.SharedStore.LiveQuery;
import dev.rein.testkit.InterceptedStore;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tool.ToolSpec;
import dev.rein.workflow.Step;
import dev.rein.workflow.StepFunction;
import dev.rein.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Durable runs of two processes: each is played by runs and a store of its own on the same database. The first one executes none. */
@Timeout(120)
abstract class DurableRunsContract {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final RunOptions DURABLE = RunOptions.defaults().durable();

    /** One process. */
    record Process(Runs runs, RunQueue store) {
        Workflow workflow(StepFunction step) {
            return workflow("Flow", step, SessionPolicy.ALLOW);
        }

        Workflow workflow(String name, StepFunction step, SessionPolicy policy) {
            return Workflow.builder()
                    .name(name)
                    .runs(runs)
                    .store(store)
                    .storeWait(LONG)
                    .sessionPolicy(policy)
                    .steps(Step.of("only", step))
                    .build();
        }

        AgentBuilder agent(ScriptedModel model) {
            return Agent.builder()
                    .name("Clerk")
                    .runs(runs)
                    .store(store)
                    .storeWait(LONG)
                    .model(model);
        }
    }

    private Process here;
    private Process there;

    abstract RunQueue open(Duration lease);

    @BeforeEach
    void openBoth() {
        here = new Process(Runs.create(), open(JdbcSessionStore.DEFAULT_LEASE));
        there = new Process(Runs.create(), open(JdbcSessionStore.DEFAULT_LEASE));
        here.runs.durableSlots(0);
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

    private static final StepFunction NEVER_HERE = _ -> {
        throw new IllegalStateException("this process executes none");
    };

    private RunHandle start(RunOptions options) {
        return here.workflow(NEVER_HERE).start("Go", options);
    }

    private static StepFunction says(String text) {
        return _ -> StepOutput.of(text);
    }

    /** A step that waits until it is stopped. */
    private static StepFunction hangs(CountDownLatch begun) {
        return input -> {
            begun.countDown();
            new CountDownLatch(1).await();
            return StepOutput.of("never");
        };
    }

    // ---- executed elsewhere

    @Test
    void aRunIsExecutedByTheProcessThatHasItsComponent() throws Exception {
        var run = start(DURABLE.sessionId("s").userId("ann").metadata(Map.of("k", "v")));
        assertThat(run.status()).isEqualTo(RunStatus.PENDING);
        assertThat(run.output().status()).isEqualTo(RunStatus.PENDING);
        there.runs.executeDurableRuns(there.workflow("Other", says("wrong"), SessionPolicy.ALLOW));
        there.runs.executeDurableRuns(there.workflow(input -> {
            var context = input.context();
            return StepOutput.of(context.userId() + " " + context.metadata() + " " + input.text());
        }));
        var output = run.await(LONG);
        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(output.text()).isEqualTo("ann {k=v} Go");
        assertThat(output.sessionId()).isEqualTo("s");
        assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(here.store.run(run.id()).orElseThrow().text()).isEqualTo("ann {k=v} Go");
    }

    @Test
    void theProcessThatStartsARunExecutesItIfNobodyElseDoes() throws Exception {
        var flow = there.workflow(says("done"));
        assertThat(flow.start("Go", DURABLE).await(LONG).text()).isEqualTo("done");
    }

    @Test
    void theOptionsOfTheRunHoldWhereItIsExecuted() throws Exception {
        var model = ScriptedModel.of(Script.tokens("Once").thenHang());
        there.runs.executeDurableRuns(there.agent(model).build());
        var clerk = here.agent(ScriptedModel.of("never")).build();
        var limited = clerk.start(
                "Go",
                DURABLE.limits(Limits.none().deadline(Duration.ofMillis(50)))
                        .instructions("Be kind.")
                        .sessionState(Map.of("count", 7))
                        .sessionId("s"));
        var output = limited.await(LONG);
        assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(output.cause().kind()).isEqualTo(CancelKind.DEADLINE);
        assertThat(model.request(1).messages().getFirst().content()).contains("Be kind.");
        assertThat(here.store.session("s").orElseThrow().state()).containsEntry("count", 7);
    }

    @Test
    void aFollowerInAnotherProcessSeesEveryEventOnce() throws Exception {
        var run = start(DURABLE);
        var seen = new ArrayList<RunEvent>();
        try (var events = run.events()) {
            there.runs.executeDurableRuns(there.workflow(says("done")));
            events.forEach(seen::add);
        }
        assertThat(seen.getLast()).isInstanceOf(WorkflowCompleted.class);
        assertThat(seen).extracting(RunEvent::index).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void theEndIsToldToListenersWhereverItComes() throws Exception {
        var run = start(DURABLE);
        var told = new CountDownLatch(1);
        run.onEnd(output -> {
            if (output.text().equals("done")) {
                told.countDown();
            }
        });
        there.runs.executeDurableRuns(there.workflow(says("done")));
        told.await();
    }

    // ---- accepted or not

    @Test
    void theSameKeyIsTheSameRun() throws Exception {
        var keyed = DURABLE.durable(DurableOptions.defaults().idempotencyKey("order 7"));
        var first = start(keyed);
        var second = start(keyed);
        assertThat(second.id()).isEqualTo(first.id());
        var executions = new AtomicInteger();
        there.runs.executeDurableRuns(there.workflow(_ -> StepOutput.of("no. " + executions.incrementAndGet())));
        assertThat(second.await(LONG).text()).isEqualTo("no. 1");
        assertThat(start(keyed).await(LONG).text()).isEqualTo("no. 1");
        assertThatExceptionOfType(RunRejectedException.class)
                .isThrownBy(() ->
                        here.workflow("Other", NEVER_HERE, SessionPolicy.ALLOW).start("Go", keyed))
                .withMessageContaining("order 7")
                .withMessageContaining(first.id());
    }

    @Test
    void aKeyDoesNotLeadToTheRunOfAnotherUser() {
        var keyed = DURABLE.durable(DurableOptions.defaults().idempotencyKey("order 7"));
        var first = start(keyed.userId("ann"));
        assertThat(start(keyed.userId("ann")).id()).isEqualTo(first.id());
        for (var options : List.of(keyed.userId("bob"), keyed)) {
            assertThatExceptionOfType(RunRejectedException.class)
                    .isThrownBy(() -> start(options))
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.ID_USED))
                    .withMessageContaining("order 7")
                    .withMessageNotContaining(first.id());
        }
    }

    @Test
    void aWaitEndsInTimeAlthoughTheStoredRunIsOverAndItsCodeGoesOn() throws Exception {
        var begun = new CountDownLatch(1);
        var gate = new CountDownLatch(1);
        here.runs.durableSlots(4);
        var run = here.workflow(_ -> {
                    begun.countDown();
                    gate.await();
                    return StepOutput.of("done");
                })
                .start("Go", DURABLE.sessionId("s"));
        begun.await();
        there.store.finish(
                there.store.run(run.id()).orElseThrow().ended(RunStatus.COMPLETED, null, null, null, Instant.now()),
                List.of());
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> run.await(Duration.ofMillis(50)));
        gate.countDown();
        run.await(LONG);
    }

    @Test
    void aFullQueueRejectsTheNextRun() {
        var bounded = DURABLE.durable(DurableOptions.defaults().maxQueued(2));
        start(bounded);
        start(bounded);
        assertThatExceptionOfType(RunRejectedException.class)
                .isThrownBy(() -> start(bounded))
                .withMessageContaining("2 durable runs are queued")
                .extracting(RunRejectedException::reason)
                .isEqualTo(Reason.QUEUE_FULL);
    }

    @Test
    void anIdIsUsedOnce() {
        start(DURABLE.runId("mine"));
        assertThatExceptionOfType(RunRejectedException.class)
                .isThrownBy(() -> start(DURABLE.runId("mine")))
                .extracting(RunRejectedException::reason)
                .isEqualTo(Reason.ID_USED);
    }

    @Test
    void whatCanNotBeStoredOrWaitedForIsRejectedWithTheWayOut() {
        var clerk = here.agent(ScriptedModel.of("never")).build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> clerk.start("Go", DURABLE.model(ScriptedModel.of("own"))))
                .withMessageContaining("give them to the component");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> clerk.start(
                        "Go",
                        DURABLE.tools(ToolSpec.external("own", "d", JsonNodeFactory.instance.objectNode(), "ask"))))
                .withMessageContaining("give them to the component");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> clerk.start("Go", DURABLE.dependency("db", new Object())))
                .withMessageContaining("[db]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> clerk.run("Go", DURABLE))
                .withMessageContaining("start(input, options)");
        assertThatIllegalArgumentException().isThrownBy(() -> clerk.stream("Go", DURABLE));
        assertThatIllegalArgumentException().isThrownBy(() -> clerk.start("Go", String.class, DURABLE));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Agent.builder()
                        .name("Clerk")
                        .store(new InMemorySessionStore())
                        .model(ScriptedModel.of("never"))
                        .build()
                        .start("Go", DURABLE))
                .withMessageContaining("InMemorySessionStore")
                .withMessageContaining("JdbcSessionStore");
        assertThat(here.store.queued("any")).isEmpty();
    }

    @Test
    void anEndingProcessAcceptsNone() {
        here.runs.drain(Duration.ZERO);
        assertThatExceptionOfType(RunRejectedException.class)
                .isThrownBy(() -> start(DURABLE))
                .extracting(RunRejectedException::reason)
                .isEqualTo(Reason.CLOSED);
    }

    // ---- order and slots

    private List<String> executed(Set<String> runIds, ConcurrentLinkedQueue<String> order) {
        until(() -> order.size() == runIds.size());
        return List.copyOf(order);
    }

    @Test
    void theHighestPriorityIsExecutedFirstAndNoneBeforeItsTime() throws Exception {
        there.runs.durableSlots(1);
        var later = start(DURABLE.durable(
                DurableOptions.defaults().notBefore(Instant.now().plusSeconds(3_600))));
        var low = start(DURABLE.priority(-1));
        var middle = start(DURABLE);
        var high = start(DURABLE.priority(5));
        var order = new ConcurrentLinkedQueue<String>();
        there.runs.executeDurableRuns(there.workflow(input -> {
            order.add(input.context().runId());
            return StepOutput.of("done");
        }));
        assertThat(executed(Set.of(low.id(), middle.id(), high.id()), order))
                .containsExactly(high.id(), middle.id(), low.id());
        low.await(LONG);
        assertThat(later.status()).isEqualTo(RunStatus.PENDING);
    }

    @Test
    void aComponentHasNoMoreThanItsSlots() throws Exception {
        var working = new AtomicInteger();
        var most = new AtomicInteger();
        var gate = new CountDownLatch(1);
        StepFunction step = _ -> {
            most.accumulateAndGet(working.incrementAndGet(), Math::max);
            gate.await();
            working.decrementAndGet();
            return StepOutput.of("done");
        };
        var runs = new ArrayList<RunHandle>();
        for (var i = 0; i < 6; i++) {
            runs.add(start(DURABLE));
        }
        var other = here.workflow("Other", NEVER_HERE, SessionPolicy.ALLOW).start("Go", DURABLE);
        there.runs.executeDurableRuns(there.workflow(step), 2);
        there.runs.executeDurableRuns(there.workflow("Other", says("done"), SessionPolicy.ALLOW));
        // It is claimed after those that are full.
        other.await(LONG);
        until(() -> working.get() == 2);
        gate.countDown();
        for (var run : runs) {
            assertThat(run.await(LONG).status()).isEqualTo(RunStatus.COMPLETED);
        }
        assertThat(most).hasValue(2);
    }

    @Test
    void runsOfAComponentThatIsFullDoNotHoldUpThoseOfAnother() {
        var first = start(DURABLE);
        start(DURABLE);
        start(DURABLE);
        var other = here.workflow("Other", NEVER_HERE, SessionPolicy.ALLOW).start("Go", DURABLE);
        var wanted = List.of(
                new Claimable(ComponentKind.WORKFLOW, "flow", 1), new Claimable(ComponentKind.WORKFLOW, "other", 1));
        there.store.register("another process");
        assertThat(there.store.claim("another process", wanted, 2))
                .extracting(claim -> claim.run().runId())
                .containsExactly(first.id(), other.id());
    }

    @Test
    void runsOfOneSessionAreExecutedInTheirOrder() throws Exception {
        var queued = here.workflow("Flow", NEVER_HERE, SessionPolicy.QUEUE);
        var working = new AtomicInteger();
        var order = new ConcurrentLinkedQueue<String>();
        var runs = new ArrayList<RunHandle>();
        for (var i = 0; i < 4; i++) {
            // A priority does not let it overtake.
            runs.add(queued.start("Go", DURABLE.sessionId("s").priority(i)));
        }
        there.runs.executeDurableRuns(there.workflow(
                "Flow",
                input -> {
                    order.add(input.context().runId());
                    var alone = working.incrementAndGet() == 1;
                    working.decrementAndGet();
                    return StepOutput.of(alone ? "alone" : "beside another");
                },
                SessionPolicy.QUEUE));
        for (var run : runs) {
            assertThat(run.await(LONG).text()).isEqualTo("alone");
        }
        assertThat(order)
                .containsExactlyElementsOf(runs.stream().map(RunHandle::id).toList());
    }

    @Test
    void aBusySessionIsRejectedIfItsPolicySaysSo() {
        var rejecting = here.workflow("Flow", NEVER_HERE, SessionPolicy.REJECT);
        var first = rejecting.start("Go", DURABLE.sessionId("s"));
        assertThatExceptionOfType(RunRejectedException.class)
                .isThrownBy(() -> rejecting.start("Go", DURABLE.sessionId("s")))
                .withMessageContaining(first.id())
                .extracting(RunRejectedException::reason)
                .isEqualTo(Reason.SESSION_BUSY);
    }

    // ---- stops

    @Test
    void aQueuedRunIsStoppedAtOnceFromAnyProcess() throws Exception {
        var mine = start(DURABLE);
        var other = start(DURABLE);
        assertThat(mine.cancel().outcome()).isEqualTo(Outcome.REQUESTED);
        assertThat(mine.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(there.workflow(says("never")).cancelRun(other.id())).isTrue();
        assertThat(other.await(LONG).status()).isEqualTo(RunStatus.CANCELLED);
        var executed = new AtomicInteger();
        there.runs.executeDurableRuns(there.workflow(_ -> StepOutput.of("no. " + executed.incrementAndGet())));
        assertThat(start(DURABLE).await(LONG).text()).isEqualTo("no. 1");
    }

    @Test
    void aRunningOneIsStoppedInTheProcessThatHasIt() throws Exception {
        var begun = new CountDownLatch(1);
        var run = start(DURABLE);
        there.runs.executeDurableRuns(there.workflow(hangs(begun)));
        begun.await();
        assertThat(run.cancel().stopping()).isTrue();
        var output = run.await(LONG);
        assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(output.cause().kind()).isEqualTo(CancelKind.USER);
        until(() -> there.runs.live().isEmpty());
    }

    @Test
    void aDeletedSessionEndsItsQueuedRuns() throws Exception {
        var run = start(DURABLE.sessionId("s"));
        there.store.delete(List.of("s"));
        var output = run.await(LONG);
        assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(output.stored()).isFalse();
    }

    // ---- again

    @Test
    void anExecutionThatFailsIsRepeatedWithEventsThatGoOn() throws Exception {
        var tries = new AtomicInteger();
        var run = start(DURABLE.durable(DurableOptions.defaults().backoff(Duration.ofMillis(10))));
        there.runs.executeDurableRuns(there.workflow(_ -> {
            if (tries.incrementAndGet() < 3) {
                throw new IllegalStateException("not yet");
            }
            return StepOutput.of("at last");
        }));
        var output = run.await(LONG);
        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(output.text()).isEqualTo("at last");
        assertThat(there.store.queued(run.id()).orElseThrow().attempt()).isEqualTo(3);
        var events = here.store.events(run.id(), -1, 1_000);
        assertThat(events).extracting(RunEvent::index).doesNotHaveDuplicates().isSorted();
        assertThat(events).filteredOn(WorkflowCompleted.class::isInstance).hasSize(1);
        assertThat(events.getLast()).isInstanceOf(WorkflowCompleted.class);
    }

    @Test
    void theLastExecutionThatFailsIsTheEnd() throws Exception {
        var run = start(DURABLE.durable(DurableOptions.defaults().attempts(2).backoff(Duration.ZERO)));
        var tries = new AtomicInteger();
        there.runs.executeDurableRuns(there.workflow(_ -> {
            throw new IllegalStateException("failure " + tries.incrementAndGet());
        }));
        var output = run.await(LONG);
        assertThat(output.status()).isEqualTo(RunStatus.ERROR);
        assertThat(output.failure().message()).contains("failure 2");
        assertThat(there.store.queued(run.id()).orElseThrow().error()).contains("failure 1");
    }

    @Test
    void whatAGuardrailRefusesIsNotRepeated() throws Exception {
        var model = ScriptedModel.of("never");
        there.runs.executeDurableRuns(
                there.agent(model).guardrails(LengthLimit.characters(1)).build());
        var run = here.agent(ScriptedModel.of("never")).build().start("Too long", DURABLE);
        var output = run.await(LONG);
        assertThat(output.status()).isEqualTo(RunStatus.ERROR);
        assertThat(there.store.queued(run.id()).orElseThrow().attempt()).isEqualTo(1);
    }

    @Test
    void aProcessThatEndsHandsItsRunsOverAtOnce() throws Exception {
        var begun = new CountDownLatch(1);
        var run = start(DURABLE.durable(DurableOptions.defaults().attempts(1)));
        there.runs.executeDurableRuns(there.workflow(hangs(begun)));
        begun.await();
        there.runs.close();
        assertThat(run.status()).isEqualTo(RunStatus.PENDING);
        here.runs.durableSlots(4);
        here.runs.executeDurableRuns(here.workflow(says("done here")));
        assertThat(run.await(LONG).text()).isEqualTo("done here");
    }

    @Test
    void aClaimWhoseAnswerIsLostIsGivenBack() throws Exception {
        var losing = InterceptedStore.of(RunQueue.class, there.store);
        var failed = new CountDownLatch(1);
        losing.after("claim", _ -> {
            // It has claimed the run, or there is none yet.
            if (failed.getCount() > 0
                    && there.store.live(new LiveQuery(null, null, null, null, null, false, 10)).stream()
                            .anyMatch(run -> run.owner() != null)) {
                failed.countDown();
                throw new IllegalStateException("the answer is lost");
            }
        });
        var process = new Process(there.runs, losing.store());
        there.runs.executeDurableRuns(process.workflow(says("done")));
        var run = start(DURABLE);
        failed.await();
        assertThat(run.await(LONG).text()).isEqualTo("done");
        assertThat(there.store.queued(run.id()).orElseThrow().attempt()).isEqualTo(1);
    }

    @Test
    void aRunThatCanNotBeStartedGoesBack() throws Exception {
        var run = here.agent(ScriptedModel.of("never")).build().start("Go", DURABLE);
        // Its runs need a history, which this run has no session for.
        there.runs.executeDurableRuns(
                there.agent(ScriptedModel.of("never")).addHistory(3).build());
        until(() -> there.store.queued(run.id()).orElseThrow().availableAt() != null);
        here.runs.durableSlots(4);
        here.runs.executeDurableRuns(here.agent(ScriptedModel.of("done")).build());
        there.runs.close();
        assertThat(run.await(LONG).text()).isEqualTo("done");
    }
}
