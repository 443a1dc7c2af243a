package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.Decision;
import dev.rein.run.RunRejectedException;
import dev.rein.run.RunStatus;
import dev.rein.run.StepOutput;
import dev.rein.runtime.Component;
import dev.rein.runtime.Limits;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.LeakCheck;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Situation40BackgroundQueueTest {
    /** What is queued. */
    enum Kind {
        AGENT,
        TEAM,
        WORKFLOW
    }

    private final InMemorySessionStore store = new InMemorySessionStore();
    private final ScriptedModel waiting = ScriptedModel.create().waitsForever().repeating();
    private final ScriptedModel asked = ScriptedModel.always("answer");
    private final List<String> order = new CopyOnWriteArrayList<>();

    @AfterEach
    void unbounded() {
        Runs.shared().maxConcurrentRuns(Integer.MAX_VALUE, Integer.MAX_VALUE);
        assertThat(Runs.shared().live()).isEmpty();
    }

    private Component of(Kind kind, ScriptedModel model) {
        var agent = Agent.builder()
                .name("Agent")
                .model(model)
                .store(store)
                .storeWait(Waiting.LONG)
                .build();
        return switch (kind) {
            case AGENT -> agent;
            case TEAM ->
                Teams.of("Team", model, agent)
                        .store(store)
                        .storeWait(Waiting.LONG)
                        .build();
            case WORKFLOW ->
                Workflow.builder()
                        .store(store)
                        .storeWait(Waiting.LONG)
                        .steps(Step.of("step", agent))
                        .build();
        };
    }

    /** A run that works, and holds a slot until it is stopped. */
    private Started working(Kind kind, int priority) {
        var before = waiting.callsWaiting();
        var run =
                Form.START.start(of(kind, waiting), "Go", RunOptions.defaults().priority(priority));
        waiting.awaitWaiting(before + 1);
        return run;
    }

    private Component noting(String name) {
        return Workflow.builder()
                .name(name)
                .store(store)
                .storeWait(Waiting.LONG)
                .steps(Step.of("note", _ -> {
                    order.add(name);
                    return StepOutput.of(name);
                }))
                .build();
    }

    private static RunStatus status(Started run) {
        return Runs.shared().find(run.id()).orElseThrow().status();
    }

    @ParameterizedTest
    @EnumSource
    void aQueuedRunIsPendingAndIsStoppedAtOnce(Kind kind) {
        Runs.shared().maxConcurrentRuns(1, 10);
        try (var _ = LeakCheck.begin()) {
            var first = working(kind, 0);
            for (var mode : CancelMode.values()) {
                var queued = Form.START.start(of(kind, asked), "Go");
                assertThat(status(queued)).isEqualTo(RunStatus.PENDING);

                queued.cancel(CancelRequest.of(mode).grace(Waiting.NEVER));

                queued.end(Waiting.SOON);
                RunInvariants.checkCancelled(queued, store);
            }
            assertThat(asked.callsStarted()).isZero();
            assertThat(status(first)).isEqualTo(RunStatus.RUNNING);
            first.cancel();
            RunInvariants.checkCancelled(first, store);
        }
    }

    @Test
    void aStoppedRunGivesItsSlotToTheOneWithTheHighestPriority() {
        Runs.shared().maxConcurrentRuns(1, 10);
        var first = working(Kind.TEAM, 0);
        var low = Form.START.start(noting("low"), "Go", RunOptions.defaults().priority(-1));
        var middle = Form.START.start(noting("middle"), "Go");
        var high = Form.START.start(noting("high"), "Go", RunOptions.defaults().priority(5));
        var alsoMiddle = Form.START.start(noting("also middle"), "Go");

        first.cancel();

        RunInvariants.checkCancelled(first, store);
        for (var run : List.of(low, middle, high, alsoMiddle)) {
            assertThat(RunInvariants.check(run, store).isCompleted()).isTrue();
        }
        assertThat(order).containsExactly("high", "middle", "also middle", "low");
    }

    @Test
    void moreThanMayQueueAreRefusedAndLeaveNothing() {
        Runs.shared().maxConcurrentRuns(1, 1);
        var first = working(Kind.AGENT, 0);
        var queued = Form.START.start(noting("queued"), "Go");
        var options = RunOptions.defaults().runId("one-too-many");

        assertThatThrownBy(() -> noting("refused").start("Go", options))
                .isInstanceOf(RunRejectedException.class)
                .extracting(e -> ((RunRejectedException) e).reason())
                .isEqualTo(RunRejectedException.Reason.QUEUE_FULL);

        assertThat(Runs.shared().find("one-too-many")).isEmpty();
        assertThat(store.run("one-too-many")).isEmpty();
        queued.cancel();
        RunInvariants.checkCancelled(queued, store);
        // The place in the queue is free again, and so is the id.
        var again = noting("again").start("Go", options);
        first.cancel();
        RunInvariants.checkCancelled(first, store);
        Waiting.until("the end", () -> again.status() == RunStatus.COMPLETED);
        assertThat(order).containsExactly("again");
    }

    @Test
    void roomIsMadeByStoppingTheLeastImportant() {
        Runs.shared().maxConcurrentRuns(3, 10);
        var high = working(Kind.WORKFLOW, 5);
        var older = working(Kind.TEAM, 0);
        var younger = working(Kind.AGENT, 0);
        var urgent =
                Form.START.start(noting("urgent"), "Go", RunOptions.defaults().priority(9));

        var results = Runs.shared().preempt(2);

        assertThat(results).extracting("runId").containsExactlyInAnyOrder(older.id(), younger.id());
        for (var run : List.of(older, younger)) {
            var cause = Objects.requireNonNull(
                    RunInvariants.checkCancelled(run, store).cause());
            assertThat(cause.reason()).contains("room was made");
        }
        assertThat(RunInvariants.check(urgent, store).isCompleted()).isTrue();
        assertThat(status(high)).isEqualTo(RunStatus.RUNNING);
        assertThat(Runs.shared().preempt(2)).as("there is room already").isEmpty();
        high.cancel();
        RunInvariants.checkCancelled(high, store);
    }

    @Test
    void aPausedRunFreesItsSlotAndGoesOnWithoutOne() {
        Runs.shared().maxConcurrentRuns(1, 10);
        var payer = Agent.builder()
                .name("Payer")
                .store(store)
                .storeWait(Waiting.LONG)
                .model(ScriptedModel.of(Script.toolCall("pay", "{}"), Script.text("Paid.")))
                .tools(Tools.instant("pay").withConfirmation("Pay?"))
                .build();
        var leader = ScriptedModel.of(Teams.delegates("payer"), Script.text("Done."));
        var team = Teams.of("Team", leader, payer)
                .store(store)
                .storeWait(Waiting.LONG)
                .build();
        var paused = team.start("Go");
        var behind = working(Kind.WORKFLOW, 0);
        assertThat(paused.status()).isEqualTo(RunStatus.PAUSED);

        team.continueRun(
                paused.id(),
                Decision.confirm(paused.output().requirements().getFirst().id()));
        Waiting.until("the end", () -> paused.output().status().isTerminal());

        assertThat(paused.output().text()).isEqualTo("Done.");
        assertThat(status(behind)).isEqualTo(RunStatus.RUNNING);
        var queued = Form.START.start(noting("queued"), "Go");
        assertThat(status(queued)).isEqualTo(RunStatus.PENDING);
        behind.cancel();
        RunInvariants.checkCancelled(behind, store);
        assertThat(RunInvariants.check(queued, store).isCompleted()).isTrue();
    }

    @Test
    void aPausedRunThatIsStoppedFreesNoSlotTwice() {
        Runs.shared().maxConcurrentRuns(1, 10);
        var asking = Workflow.builder()
                .store(store)
                .storeWait(Waiting.LONG)
                .steps(Step.of("ask", _ -> StepOutput.of("x")).confirm("Sure?"))
                .build();
        var paused = asking.start("Go");
        var behind = working(Kind.AGENT, 0);
        var queued = Form.START.start(noting("queued"), "Go");

        paused.cancel();
        Waiting.until("the end", () -> paused.output().status().isTerminal());

        assertThat(paused.output().isCancelled()).isTrue();
        assertThat(status(queued)).as("the only slot is taken").isEqualTo(RunStatus.PENDING);
        behind.cancel();
        RunInvariants.checkCancelled(behind, store);
        assertThat(RunInvariants.check(queued, store).isCompleted()).isTrue();
    }

    @Test
    void aQueueHasItsTimeLimit() {
        Runs.shared().maxConcurrentRuns(1, 10);
        var first = working(Kind.AGENT, 0);
        var queued = Form.START.start(
                noting("queued"),
                "Go",
                RunOptions.defaults().limits(Limits.none().queue(Duration.ofMillis(100))));

        var output = RunInvariants.checkCancelled(queued, store);
        assertThat(Objects.requireNonNull(output.cause()).kind()).isEqualTo(CancelKind.DEADLINE);
        assertThat(order).isEmpty();
        first.cancel();
        RunInvariants.checkCancelled(first, store);
    }

    @Test
    void membersAndStepsOfARunThatWorksDoNotQueue() {
        Runs.shared().maxConcurrentRuns(1, 0);
        var leader = ScriptedModel.of(Teams.delegates("agent"), Script.text("Done."));
        var team = Teams.of("Team", leader, (Agent) of(Kind.AGENT, asked)).build();
        var flow = Workflow.builder()
                .store(store)
                .storeWait(Waiting.LONG)
                .steps(Step.of("team", team), Step.of("agent", of(Kind.AGENT, asked)))
                .build();

        assertThat(RunInvariants.check(Form.START.start(flow, "Go"), store).isCompleted())
                .isTrue();
    }

    @Test
    void aLongQueueIsStoppedAsAWhole() {
        Runs.shared().maxConcurrentRuns(2, 1_000);
        try (var _ = LeakCheck.begin()) {
            var working = List.of(working(Kind.AGENT, 0), working(Kind.WORKFLOW, 0));
            var queued = new ArrayList<RunHandle>();
            IntStream.range(0, 500)
                    .forEach(number -> queued.add(noting("n" + number).start("Go")));
            assertThat(queued).allMatch(run -> run.status() == RunStatus.PENDING);

            assertThat(Runs.shared().cancelAll(CancelRequest.now().grace(Waiting.NEVER)))
                    .hasSize(502);

            working.forEach(run -> RunInvariants.checkCancelled(run, store));
            Waiting.until("all have ended", () -> queued.stream().allMatch(run -> run.status() == RunStatus.CANCELLED));
            assertThat(order).isEmpty();
        }
    }
}
