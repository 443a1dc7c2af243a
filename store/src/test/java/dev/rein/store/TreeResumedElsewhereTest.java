package dev.rein.store;

import static dev.rein.store.ReleasedRuns.confirmed;
import static dev.rein.store.ReleasedRuns.leave;
import static dev.rein.store.ReleasedRuns.pending;
import static dev.rein.store.ReleasedRuns.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.Decision;
import dev.rein.run.RunRejectedException;
import dev.rein.run.RunStatus;
import dev.rein.run.StepOutput;
import dev.rein.run.event.RunEvent;
import dev.rein.runtime.Component;
import dev.rein.session.EventPolicy;
import dev.rein.session.RunQuery;
import dev.rein.session.SessionPolicy;
import dev.rein.session.StoredRun;
import dev.rein.team.Team;
import dev.rein.team.TeamMode;
import dev.rein.testkit.MessageRules;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tool.Tool;
import dev.rein.workflow.Parallel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import dev.rein.workflow.WorkflowStep;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A tree of runs of which one below the top waits for people goes on in a process that has only the rows. */
class TreeResumedElsewhereTest extends TwoProcesses {
    /** Books; people are asked before. */
    public static final class Booking {
        private final List<String> booked = new CopyOnWriteArrayList<>();

        @Tool(value = "Books a seat", requiresConfirmation = true)
        public String book(String who) {
            booked.add(who);
            return "seat for " + who;
        }
    }

    private final Booking booking = new Booking();

    private Agent booker(String name, Script... script) {
        return Agent.builder()
                .name(name)
                .model(ScriptedModel.of(script))
                .tools(booking)
                .build();
    }

    /** One that asks whether it may book. */
    private Agent asking(String who) {
        return booker(who, Script.text("I'll see. ").thenToolCall("book", "{\"who\": \"" + who + "\"}"));
    }

    /** The same where it has been told: it only has to say so. */
    private Agent told(String who) {
        return booker(who, Script.text("Booked for " + who + "."));
    }

    private Workflow workflow(WorkflowStep... steps) {
        return Workflow.builder()
                .name("Trip")
                .store(store)
                .storeWait(Duration.ofMinutes(1))
                .storeEvents(EventPolicy.ALL)
                .steps(steps)
                .build();
    }

    private static String below(StoredRun row) {
        return Objects.requireNonNull(row.pause()).childRunIds().getFirst();
    }

    // ---- agents in steps

    @Test
    void anAgentInAStepGoesOnWithItsOwnRun() throws Exception {
        var tell = Step.of("tell", input -> StepOutput.of("Told: " + input.text()));
        var inOne = workflow(
                        Step.of(
                                "book",
                                booker(
                                        "ann",
                                        Script.text("I'll see. ").thenToolCall("book", "{\"who\": \"ann\"}"),
                                        Script.text("Booked for ann."))),
                        tell)
                .start("Go", SESSION);
        inOne.await(LONG)
                .requirements()
                .forEach(each -> workflow(tell).continueRun(inOne.id(), Decision.confirm(each.id())));
        assertThat(inOne.await(LONG).status()).isEqualTo(RunStatus.COMPLETED);

        var row = leave(other, workflow(Step.of("book", asking("ann")), tell).start("Go", SESSION));
        var child = below(row);
        assertThat(row(other, child).status()).isEqualTo(RunStatus.PAUSED);
        assertThat(booking.booked).hasSize(1);
        var output = workflow(Step.of("book", told("ann")), tell)
                .continueRun(row.runId(), confirmed(row))
                .await(LONG);
        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(output.text()).isEqualTo("Told: I'll see. Booked for ann.");
        assertThat(output.steps().getFirst().runId()).isEqualTo(child);
        assertThat(booking.booked).containsExactly("ann", "ann");
        var end = row(other, child);
        assertThat(end.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(end.parentRunId()).isEqualTo(row.runId());
        assertThat(end.epoch()).isEqualTo(row(other, row.runId()).epoch());
        assertThat(end.tools()).hasSize(1).allMatch(tool -> "seat for ann".equals(tool.result()));
        MessageRules.checkAll(end.messages());
        assertThat(other.events(row.runId(), -1, 1000))
                .extracting(RunEvent::name)
                .isEqualTo(other.events(inOne.id(), -1, 1000).stream()
                        .map(RunEvent::name)
                        .toList());
        assertThat(other.events(row.runId(), -1, 1000))
                .extracting(RunEvent::index)
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void agentsInBranchesGoOnEachWithItsOwn() throws Exception {
        var row = leave(
                other,
                workflow(Parallel.of("all", Step.of("a", asking("ann")), Step.of("b", asking("bob"))))
                        .start("Go", SESSION));
        assertThat(pending(row)).hasSize(2);
        var output = workflow(Parallel.of("all", Step.of("a", told("ann")), Step.of("b", told("bob"))))
                .continueRun(row.runId(), confirmed(row))
                .await(LONG);
        assertThat(output.text()).isEqualTo("a:\nI'll see. Booked for ann.\n\nb:\nI'll see. Booked for bob.");
        assertThat(booking.booked).containsExactlyInAnyOrder("ann", "bob");
    }

    @Test
    void itMayPauseAgainAndGoOnInAThirdProcess() throws Exception {
        var row = leave(other, workflow(Step.of("a", asking("ann"))).start("Go", SESSION));
        var child = below(row);
        var again = workflow(Step.of("a", booker("ann", Script.toolCall("book", "{\"who\": \"bob\"}"))))
                .continueRun(row.runId(), confirmed(row));
        var second = leave(other, again);
        assertThat(below(second)).isEqualTo(child);
        assertThat(pending(second)).hasSize(1).doesNotContainAnyElementsOf(pending(row));
        var output = workflow(Step.of("a", told("ann")))
                .continueRun(row.runId(), confirmed(second))
                .await(LONG);
        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(booking.booked).containsExactly("ann", "bob");
    }

    // ---- workflows in steps

    private Workflow nested(String name, List<String> done, Component agent) {
        return Workflow.builder()
                .name(name)
                .steps(
                        Step.of("first", input -> {
                            done.add("first");
                            input.sessionState().put("first", "done");
                            return StepOutput.of("1");
                        }),
                        Step.of("book", agent),
                        Step.of(
                                        "last",
                                        input -> StepOutput.of(input.text() + " "
                                                + input.sessionState().get("first")))
                                .confirm("Last?"))
                .build();
    }

    @Test
    void aWorkflowInAStepGoesOnWhereItWas() throws Exception {
        var done = new CopyOnWriteArrayList<String>();
        var row = leave(
                other,
                workflow(Step.of("in", nested("In", done, asking("ann")))).start("Go", SESSION));
        var child = below(row);
        assertThat(row(other, below(row(other, child))).source()).hasToString("AGENT");
        var second = leave(
                other,
                workflow(Step.of("in", nested("In", done, told("ann")))).continueRun(row.runId(), confirmed(row)));
        assertThat(below(second)).isEqualTo(child);
        var output = workflow(Step.of("in", nested("In", done, told("ann"))))
                .continueRun(row.runId(), confirmed(second))
                .await(LONG);
        assertThat(output.text()).isEqualTo("I'll see. Booked for ann. done");
        assertThat(done).containsExactly("first");
        assertThat(booking.booked).containsExactly("ann");
        assertThat(row(other, child).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(other.session("s").orElseThrow().state()).isEqualTo(Map.of("first", "done"));
    }

    // ---- members of teams

    private Team team(TeamMode mode, List<Component> members, Script... script) {
        return Team.builder()
                .name("Travellers")
                .model(ScriptedModel.of(script))
                .mode(mode)
                .members(members.toArray(Component[]::new))
                .store(store)
                .storeWait(Duration.ofMinutes(1))
                .storeEvents(EventPolicy.ALL)
                .build();
    }

    private static String task(String member) {
        return "{\"member_id\": \"" + member + "\", \"task\": \"Book\"}";
    }

    @Test
    void aMemberGoesOnAndItsLeaderReadsItsAnswer() throws Exception {
        var team = team(
                TeamMode.COORDINATE,
                List.of(asking("ann"), asking("bob"), Agent.of(ScriptedModel.of("Hello."), "")),
                Script.text("Let's see. ")
                        .thenToolCall("a", "delegate_task_to_member", task("ann"))
                        .thenToolCall("b", "delegate_task_to_member", task("bob"))
                        .thenToolCall("c", "delegate_task_to_member", task("nobody")));
        var row = leave(other, team.start("Go", SESSION));
        assertThat(pending(row)).hasSize(2);
        assertThat(booking.booked).isEmpty();
        var leader = ScriptedModel.of("All booked.");
        var again = Team.builder()
                .name("Travellers")
                .model(leader)
                .members(told("ann"), told("bob"))
                .store(store)
                .storeWait(Duration.ofMinutes(1))
                .build();
        var output = again.continueRun(row.runId(), confirmed(row)).await(LONG);
        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(output.text()).isEqualTo("Let's see. All booked.");
        assertThat(booking.booked).containsExactlyInAnyOrder("ann", "bob");
        var told = leader.request(1).messages();
        MessageRules.checkAll(told);
        assertThat(told)
                .extracting(each -> each.content())
                .contains("I'll see. Booked for ann.", "I'll see. Booked for bob.")
                .anyMatch(text -> text.contains("There is no member \"nobody\""));
        var end = row(other, row.runId());
        assertThat(end.tools()).hasSize(3);
        assertThat(end.tools().getFirst().childRunId()).isEqualTo(below(row));
        assertThat(row(other, below(row)).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(row(other, below(row)).text()).isEqualTo("I'll see. Booked for ann.");
    }

    @Test
    void aMemberThatTheRequestWasHandedOverToAnswersForItsTeam() throws Exception {
        var row = leave(
                other,
                team(TeamMode.ROUTE, List.of(asking("ann")), Script.toolCall("delegate_task_to_member", task("ann")))
                        .start("Go", SESSION));
        var output = team(TeamMode.ROUTE, List.of(told("ann")), Script.text("never asked"))
                .continueRun(row.runId(), confirmed(row))
                .await(LONG);
        assertThat(output.text()).isEqualTo("I'll see. Booked for ann.");
        assertThat(booking.booked).containsExactly("ann");
    }

    @Test
    void whatALeaderAsksItselfIsAskedWhenItsMembersHaveAnswered() throws Exception {
        Supplier<Team> team = () -> Team.builder()
                .name("Travellers")
                .model(ScriptedModel.of(Script.text("All booked.")))
                .members(told("ann"))
                .tools(booking)
                .store(store)
                .storeWait(Duration.ofMinutes(1))
                .build();
        var first = Team.builder()
                .name("Travellers")
                .model(ScriptedModel.of(Script.toolCall("delegate_task_to_member", task("ann"))
                        .thenToolCall("book", "{\"who\": \"me\"}")))
                .members(asking("ann"))
                .tools(booking)
                .store(store)
                .storeWait(Duration.ofMinutes(1))
                .build();
        var row = leave(other, first.start("Go", SESSION));
        assertThat(pending(row)).as("of the member").hasSize(1);
        var second = leave(other, team.get().continueRun(row.runId(), confirmed(row)));
        assertThat(booking.booked).containsExactly("ann");
        assertThat(pending(second)).as("of the leader").hasSize(1);
        var output = team.get().continueRun(row.runId(), confirmed(second)).await(LONG);
        assertThat(output.text()).isEqualTo("All booked.");
        assertThat(booking.booked).containsExactly("ann", "me");
        MessageRules.checkAll(row(other, row.runId()).messages());
    }

    @Test
    void aTeamInAStepGoesOnWithItsMember() throws Exception {
        var asks = team(
                TeamMode.COORDINATE, List.of(asking("ann")), Script.toolCall("delegate_task_to_member", task("ann")));
        var row = leave(other, workflow(Step.of("team", asks)).start("Go", SESSION));
        var goesOn = team(TeamMode.COORDINATE, List.of(told("ann")), Script.text("All booked."));
        var output = workflow(Step.of("team", goesOn))
                .continueRun(row.runId(), confirmed(row))
                .await(LONG);
        assertThat(output.text()).isEqualTo("All booked.");
        assertThat(booking.booked).containsExactly("ann");
    }

    @Test
    void aTeamThatHasChangedIsRefused() throws Exception {
        var row = leave(
                other,
                team(
                                TeamMode.COORDINATE,
                                List.of(asking("ann")),
                                Script.toolCall("delegate_task_to_member", task("ann")))
                        .start("Go", SESSION));
        for (var changed : List.of(
                team(TeamMode.COORDINATE, List.of(told("bob")), Script.text("x")),
                team(TeamMode.BROADCAST, List.of(told("ann")), Script.text("x")))) {
            assertThatThrownBy(() -> changed.continueRun(row.runId(), confirmed(row)))
                    .isInstanceOf(RunRejectedException.class)
                    .hasMessageContaining("as it is built here");
        }
        assertThat(row(other, row.runId())).isEqualTo(row);
    }

    @Test
    void aTeamInAStepThatHasChangedIsNotRunAgain() throws Exception {
        var asks = team(
                TeamMode.COORDINATE, List.of(asking("ann")), Script.toolCall("delegate_task_to_member", task("ann")));
        var row = leave(other, workflow(Step.of("team", asks)).start("Go", SESSION));
        var changed = team(TeamMode.COORDINATE, List.of(told("bob")), Script.text("again"));
        var output = workflow(Step.of("team", changed).retries(2))
                .continueRun(row.runId(), confirmed(row))
                .await(LONG);
        assertThat(output.status()).isEqualTo(RunStatus.ERROR);
        assertThat(Objects.requireNonNull(output.failure()).message()).contains("it no longer has a member ann");
        assertThat(row(other, below(row)).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(other.runs(RunQuery.of("s").children(true)).items()).hasSize(3);
        assertThat(booking.booked).isEmpty();
    }

    // ---- stops

    @Test
    void aStopEndsAllOfATreeThatNobodyHas() throws Exception {
        var row = leave(other, workflow(Step.of("a", asking("ann"))).start("Go", SESSION));
        var child = below(row);
        assertThat(workflow(Step.of("a", told("ann")))
                        .cancel(row.runId(), CancelRequest.now())
                        .acknowledged())
                .isTrue();
        assertThat(row(other, row.runId()).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(row(other, child).status()).isEqualTo(RunStatus.CANCELLED);
        assertThatThrownBy(() -> workflow(Step.of("a", told("ann"))).continueRun(row.runId(), confirmed(row)))
                .isInstanceOf(RunRejectedException.class);
        assertThat(booking.booked).isEmpty();
    }

    /** Stops a run that was left, while it waits for its turn to go on. */
    private void stopBeforeItGoesOn(Component component, StoredRun row) throws Exception {
        var release = new CountDownLatch(1);
        var before = workflow(Step.of("x", _ -> {
                    release.await();
                    return StepOutput.of("x");
                }))
                .start("Go", SESSION);
        var queued = component.continueRun(row.runId(), confirmed(row));
        assertThat(row(other, row.runId()).status()).isEqualTo(RunStatus.RUNNING);
        queued.cancel();
        assertThat(queued.await(LONG).status()).isEqualTo(RunStatus.CANCELLED);
        release.countDown();
        before.await(LONG);
        assertThat(booking.booked).isEmpty();
    }

    @Test
    void aStopBeforeItIsComeToAgainEndsWhatIsBelow() throws Exception {
        var steps = List.of(Step.of("first", _ -> StepOutput.of("done")), Step.of("a", asking("ann")));
        var row = leave(other, workflow(steps.toArray(WorkflowStep[]::new)).start("Go", SESSION));
        stopBeforeItGoesOn(
                Workflow.builder()
                        .name("Trip")
                        .store(store)
                        .storeWait(Duration.ofMinutes(1))
                        .sessionPolicy(SessionPolicy.QUEUE)
                        .steps(steps.toArray(WorkflowStep[]::new))
                        .build(),
                row);
        assertThat(row(other, below(row)).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(row(other, row.runId()).steps()).isEqualTo(row.steps()).hasSize(2);
    }

    @Test
    void whatAnAgentHadDeliveredStaysWhenItIsStoppedBeforeItGoesOn() throws Exception {
        var agent = Agent.builder()
                .name("ann")
                .model(ScriptedModel.of(Script.text("I'll see. ").thenToolCall("book", "{\"who\": \"ann\"}")))
                .tools(booking)
                .store(store)
                .storeWait(Duration.ofMinutes(1))
                .sessionPolicy(SessionPolicy.QUEUE)
                .build();
        var row = leave(other, agent.start("Go", SESSION));
        stopBeforeItGoesOn(agent, row);
        var end = row(other, row.runId());
        assertThat(end.text()).isEqualTo("I'll see. ");
        assertThat(end.tools()).isEqualTo(row.tools()).hasSize(1);
        MessageRules.checkAll(end.messages());
        assertThat(end.messages()).hasSizeGreaterThan(2);
    }

    // ---- what can't go on

    @Test
    void aRunBelowThatHasBeenStoppedMeanwhileIsNotStartedAgain() throws Exception {
        var row = leave(other, workflow(Step.of("a", asking("ann"))).start("Go", SESSION));
        other.requestCancel(below(row), CancelRequest.now());
        assertThatThrownBy(() -> workflow(Step.of("a", told("ann"))).continueRun(row.runId(), confirmed(row)))
                .isInstanceOf(RunRejectedException.class)
                .hasMessageContaining("is CANCELLED: cancel it");
        assertThat(row(other, row.runId())).isEqualTo(row);
    }

    @Test
    void anotherExecutorIsRefused() throws Exception {
        var row = leave(other, workflow(Step.of("a", asking("ann"))).start("Go", SESSION));
        assertThatThrownBy(() -> workflow(Step.of("a", told("bob"))).continueRun(row.runId(), confirmed(row)))
                .isInstanceOf(RunRejectedException.class)
                .hasMessageContaining("is no longer executed by ann");
        assertThatThrownBy(() -> told("ann").continueRun(below(row), confirmed(row)))
                .isInstanceOf(RunRejectedException.class)
                .hasMessageContaining("it is part of run " + row.runId());
        assertThat(row(other, row.runId())).isEqualTo(row);
    }
}
