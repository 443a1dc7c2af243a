package dev.rein.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.agent.Agent;
import dev.rein.model.Message;
import dev.rein.queue.Checkpoints;
import dev.rein.queue.DurableOptions;
import dev.rein.queue.RunQueue;
import dev.rein.run.Decision;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.run.StepOutput;
import dev.rein.run.event.RunEvent;
import dev.rein.runtime.Component;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.session.RunQuery;
import dev.rein.session.StoredRun;
import dev.rein.team.Team;
import dev.rein.testkit.MessageRules;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tool.Tool;
import dev.rein.workflow.Loop;
import dev.rein.workflow.Parallel;
import dev.rein.workflow.Step;
import dev.rein.workflow.StepFunction;
import dev.rein.workflow.Workflow;
import dev.rein.workflow.WorkflowStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Durable runs that go on in another process. The first one dies: its lease ends without its knowledge, and what it writes from then on
 * is late.
 */
@Timeout(120)
abstract class DurableCheckpointsContract {
    private static final String UNKNOWN =
            "Interrupted: the run was stopped while this tool ran. Its effects are unknown.";

    private static final Duration LONG = Duration.ofSeconds(60);

    private final Runs first = Runs.create();
    private final Runs second = Runs.create();
    private RunQueue store;
    private RunQueue other;

    /** What the tools and steps of both processes have done, in its order. */
    private final ConcurrentLinkedQueue<String> done = new ConcurrentLinkedQueue<>();

    private final CountDownLatch hangs = new CountDownLatch(1);

    abstract RunQueue open(Duration lease);

    @BeforeEach
    void open() {
        store = open(JdbcSessionStore.DEFAULT_LEASE);
        other = open(JdbcSessionStore.DEFAULT_LEASE);
    }

    @AfterEach
    void close() {
        first.close();
        second.close();
        store.close();
        other.close();
    }

    private static RunOptions durable(Checkpoints checkpoints) {
        return RunOptions.defaults()
                .sessionId("s")
                .durable(DurableOptions.defaults().checkpoints(checkpoints));
    }

    /** Ends the lease of the process that has a run, which notices nothing for a while, and has the second one execute it. */
    private RunOutput dieAndGoOn(RunHandle run, Component there) throws Exception {
        hangs.await();
        var owner = store.run(run.id()).orElseThrow().owner();
        first.durableSlots(0);
        second.executeDurableRuns(there);
        other.deregister(owner);
        other.endRunsOf(owner);
        await().atMost(LONG).until(() -> {
            var row = store.run(run.id()).orElseThrow();
            return row.status().isTerminal() || row.status() == RunStatus.PAUSED;
        });
        return run.await(LONG);
    }

    // ---- agents

    final class Tools {
        private final boolean isFirst;

        Tools(boolean isFirst) {
            this.isFirst = isFirst;
        }

        @Tool("Charges a card")
        public String charge(int amount) {
            done.add("charge " + amount);
            return "charged " + amount;
        }

        @Tool("Ships a parcel")
        public String ship() throws InterruptedException {
            done.add("ship");
            if (isFirst) {
                hangs.countDown();
                new CountDownLatch(1).await();
            }
            return "shipped";
        }
    }

    private Agent agent(boolean isFirst, ScriptedModel model) {
        return Agent.builder()
                .name("Clerk")
                .runs(isFirst ? first : second)
                .store(isFirst ? store : other)
                .storeWait(LONG)
                .model(model)
                .tools(new Tools(isFirst))
                .build();
    }

    private static ScriptedModel firstModel() {
        return ScriptedModel.of(
                Script.toolCall("charge", "{\"amount\":7}"), Script.toolCall("ship", "{}"), Script.text("never"));
    }

    @Test
    void finishedToolCallsAreNotRepeatedAndOneUnderWayIsToldAsUnknown() throws Exception {
        var model = ScriptedModel.of("All done.");
        var run = agent(true, firstModel()).start("Order 4711", durable(Checkpoints.TURN));
        var output = dieAndGoOn(run, agent(false, model));
        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(output.text()).isEqualTo("All done.");
        assertThat(done).containsExactly("charge 7", "ship");
        var messages = model.request(1).messages();
        MessageRules.checkAll(messages);
        assertThat(messages).extracting(Message::content).contains("Order 4711", "charged 7", UNKNOWN);
        var row = store.run(run.id()).orElseThrow();
        assertThat(row.pause()).isNull();
        assertThat(row.tools()).hasSize(2);
        assertThat(store.events(run.id(), -1, 1_000))
                .extracting(RunEvent::index)
                .doesNotHaveDuplicates()
                .isSorted();
    }

    @Test
    void withoutCheckpointsTheAgentBeginsAnew() throws Exception {
        var model = ScriptedModel.of(Script.toolCall("charge", "{\"amount\":7}"), Script.text("Again."));
        var run = agent(true, firstModel()).start("Order 4711", durable(Checkpoints.NONE));
        var output = dieAndGoOn(run, agent(false, model));
        assertThat(output.text()).isEqualTo("Again.");
        assertThat(done).containsExactly("charge 7", "ship", "charge 7");
        assertThat(model.request(1).messages()).hasSize(1);
    }

    @Test
    void aResponseThatWasNotFinishedIsAskedForAgain() throws Exception {
        var broken = ScriptedModel.of(
                Script.toolCall("charge", "{\"amount\":7}"),
                Script.tokens("Half an ").thenHang());
        var model = ScriptedModel.of("A whole answer.");
        var run = agent(true, broken).start("Order 4711", durable(Checkpoints.TOOL));
        await().atMost(LONG)
                .until(() -> store.run(run.id()).orElseThrow().text().contains("Half"));
        hangs.countDown();
        var output = dieAndGoOn(run, agent(false, model));
        assertThat(output.text()).isEqualTo("A whole answer.");
        assertThat(done).containsExactly("charge 7");
    }

    @Test
    void aRunThatWasAnsweringBeforeAnyToolCallBeginsAnew() throws Exception {
        var broken = ScriptedModel.of(Script.tokens("Half an ").thenHang());
        var run = agent(true, broken).start("Order 4711", durable(Checkpoints.TURN));
        await().atMost(LONG)
                .until(() -> store.run(run.id()).orElseThrow().text().contains("Half"));
        hangs.countDown();
        var output = dieAndGoOn(run, agent(false, ScriptedModel.of("Whole.")));
        assertThat(output.text()).isEqualTo("Whole.");
        assertThat(output.messages()).extracting(Message::content).containsExactly("Order 4711", "Whole.");
    }

    // ---- teams

    private Team team(boolean isFirst, ScriptedModel leader, ScriptedModel quick) {
        return Team.builder()
                .name("Desk")
                .runs(isFirst ? first : second)
                .store(isFirst ? store : other)
                .storeWait(LONG)
                .model(leader)
                .members(
                        Agent.builder().name("quick").model(quick).build(),
                        Agent.builder()
                                .name("slow")
                                .model(ScriptedModel.of(Script.toolCall("ship", "{}"), Script.text("never")))
                                .tools(new Tools(isFirst))
                                .build())
                .build();
    }

    private static Script delegate(String member) {
        return Script.toolCall("delegate_task_to_member", "{\"member_id\": \"" + member + "\", \"task\": \"Do it\"}");
    }

    @Test
    void whatMembersHaveAnsweredIsKeptAndOneThatWasWorkingIsToldAsUnknown() throws Exception {
        var leader = ScriptedModel.of(delegate("quick"), delegate("slow"), Script.text("never"));
        var model = ScriptedModel.of("Both asked.");
        var run = team(true, leader, ScriptedModel.of("Quick answer.")).start("Order 4711", durable(Checkpoints.TURN));
        var output = dieAndGoOn(run, team(false, model, ScriptedModel.of("not asked again")));
        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(output.text()).endsWith("Both asked.");
        assertThat(done).containsExactly("ship");
        assertThat(model.request(1).messages())
                .extracting(Message::content)
                .anyMatch(text -> text.contains("Quick answer."))
                .contains(UNKNOWN);
        assertThat(store.runs(RunQuery.of("s").children(true)).items())
                .extracting(StoredRun::status)
                .containsExactlyInAnyOrder(RunStatus.COMPLETED, RunStatus.COMPLETED, RunStatus.ERROR);
    }

    // ---- workflows

    private Workflow workflow(boolean isFirst, WorkflowStep... steps) {
        return Workflow.builder()
                .name("Flow")
                .runs(isFirst ? first : second)
                .store(isFirst ? store : other)
                .storeWait(LONG)
                .steps(steps)
                .build();
    }

    private Step does(String name) {
        return Step.of(name, input -> {
            done.add(name);
            input.context().sessionState().put(name, "done");
            return StepOutput.of(name + " done");
        });
    }

    private Step hangsIn(String name, boolean isFirst) {
        StepFunction step = _ -> {
            done.add(name);
            if (isFirst) {
                hangs.countDown();
                new CountDownLatch(1).await();
            }
            return StepOutput.of(name + " done");
        };
        return Step.of(name, step);
    }

    private RunOutput dieInWorkflow(Checkpoints checkpoints, Steps steps) throws Exception {
        var run = workflow(true, steps.of(true)).start("Go", durable(checkpoints));
        return dieAndGoOn(run, workflow(false, steps.of(false)));
    }

    private interface Steps {
        WorkflowStep[] of(boolean isFirst);
    }

    @Test
    void finishedStepsAreNotRepeatedAndTheirResultsAndStateAreKept() throws Exception {
        var output = dieInWorkflow(
                Checkpoints.STEP, isFirst -> new WorkflowStep[] {does("one"), hangsIn("two", isFirst), does("three")});
        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(done).containsExactly("one", "two", "two", "three");
        assertThat(output.steps())
                .extracting(StepOutput::content)
                .containsExactly("one done", "two done", "three done");
        assertThat(store.session("s").orElseThrow().state()).containsKeys("one", "three");
    }

    @Test
    void aWorkflowWithoutCheckpointsBeginsAnew() throws Exception {
        dieInWorkflow(Checkpoints.NONE, isFirst -> new WorkflowStep[] {does("one"), hangsIn("two", isFirst)});
        assertThat(done).containsExactly("one", "two", "one", "two");
    }

    @Test
    void aLoopGoesOnInItsIteration() throws Exception {
        var count = new ArrayList<String>();
        var output = dieInWorkflow(Checkpoints.TURN, isFirst -> new WorkflowStep[] {
            Loop.of("loop", does("one"), Step.of("two", _ -> {
                        done.add("two");
                        synchronized (count) {
                            count.add("x");
                            if (isFirst && count.size() == 2) {
                                hangs.countDown();
                            } else {
                                return StepOutput.of("two done");
                            }
                        }
                        new CountDownLatch(1).await();
                        return StepOutput.of("never");
                    }))
                    .maxIterations(2)
        });
        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(done).containsExactly("one", "two", "one", "two", "two");
    }

    @Test
    void aBranchThatHasEndedIsNotRepeated() throws Exception {
        var output = dieInWorkflow(Checkpoints.TURN, isFirst -> new WorkflowStep[] {
            Parallel.of(
                    "both",
                    Step.of("quick", _ -> {
                        done.add("quick");
                        return StepOutput.of("quick done");
                    }),
                    Step.of("slow", _ -> {
                        if (isFirst) {
                            // The step of the other branch is stored.
                            await().atMost(LONG)
                                    .until(() -> store.latest("s", Set.of(RunStatus.RUNNING), 1).stream()
                                            .anyMatch(row ->
                                                    row.steps().toString().contains("quick done")));
                            hangs.countDown();
                            new CountDownLatch(1).await();
                        }
                        done.add("slow");
                        return StepOutput.of("slow done");
                    }))
        });
        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(done).containsExactly("quick", "slow");
    }

    // ---- the process that has lost it

    @Test
    void aProcessThatHasLostTheRunStartsNoFurtherStep() throws Exception {
        var gate = new CountDownLatch(1);
        var run = workflow(
                        true,
                        Step.of("one", _ -> {
                            done.add("first one");
                            hangs.countDown();
                            gate.await();
                            return StepOutput.of("late");
                        }),
                        Step.of("two", _ -> {
                            done.add("first two");
                            return StepOutput.of("late");
                        }))
                .start("Go", durable(Checkpoints.STEP));
        hangs.await();
        var owner = store.run(run.id()).orElseThrow().owner();
        first.durableSlots(0);
        other.deregister(owner);
        other.endRunsOf(owner);
        gate.countDown();
        await().atMost(LONG).until(() -> first.live().isEmpty());
        assertThat(done).containsExactly("first one");
        assertThat(store.run(run.id()).orElseThrow().status()).isEqualTo(RunStatus.PENDING);
        second.executeDurableRuns(workflow(false, does("one"), does("two")));
        assertThat(run.await(LONG).text()).isEqualTo("two done");
    }

    // ---- pauses

    @Test
    void aContinuedRunIsFromThenOnOneOfItsProcess() throws Exception {
        var flow = workflow(
                true, does("one"), Step.of("ask", _ -> StepOutput.of("asked")).confirm("Go on?"), hangsIn("two", true));
        var run = flow.start("Go", durable(Checkpoints.TURN));
        var paused = run.await(LONG);
        assertThat(paused.status()).isEqualTo(RunStatus.PAUSED);
        flow.continueRun(
                run.id(), Decision.confirm(paused.requirements().getFirst().id()));
        hangs.await();
        var owner = store.run(run.id()).orElseThrow().owner();
        other.deregister(owner);
        other.endRunsOf(owner);
        assertThat(store.run(run.id()).orElseThrow().status()).isEqualTo(RunStatus.ERROR);
    }
}
