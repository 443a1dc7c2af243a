package dev.rein.store;

import static dev.rein.store.ReleasedRuns.confirmed;
import static dev.rein.store.ReleasedRuns.leave;
import static dev.rein.store.ReleasedRuns.pending;
import static dev.rein.store.ReleasedRuns.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rein.agent.Agent;
import dev.rein.run.Decision;
import dev.rein.run.RunOutput;
import dev.rein.run.RunRejectedException;
import dev.rein.run.RunStatus;
import dev.rein.run.TeamTask;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.TaskIterationStarted;
import dev.rein.run.event.TaskUpdated;
import dev.rein.runtime.Component;
import dev.rein.runtime.Runs;
import dev.rein.session.EventPolicy;
import dev.rein.session.RunQuery;
import dev.rein.session.StoredRun;
import dev.rein.team.Team;
import dev.rein.team.TeamMode;
import dev.rein.testkit.MessageRules;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tool.Tool;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** A team that has given work to several members in one call goes on in a process that has only the rows. */
class TeamResumedElsewhereTest extends TwoProcesses {
    private final List<String> booked = new CopyOnWriteArrayList<>();
    /** Books; people are asked before. */
    public final class Booking {
        @Tool(value = "Books a seat", requiresConfirmation = true)
        public String book(String who) {
            booked.add(who);
            return "seat for " + who;
        }
    }

    private Agent agent(String name, Script... script) {
        return Agent.builder()
                .name(name)
                .model(ScriptedModel.of(script))
                .tools(new Booking())
                .build();
    }

    private Agent asking(String who) {
        return agent(who, Script.toolCall("book", "{\"who\": \"" + who + "\"}"));
    }

    /** The same where it has been told. */
    private Agent told(String who) {
        return agent(who, Script.text("Booked for " + who + "."));
    }

    private Agent answering(String who) {
        return agent(who, Script.text("I am " + who + "."));
    }

    private static Agent failing(String who) {
        return Agent.builder()
                .name(who)
                .model(ScriptedModel.create().answerWith((_, _) -> {
                    throw new IllegalStateException("no luck");
                }))
                .build();
    }

    private Team team(TeamMode mode, ScriptedModel leader, Component... members) {
        return Team.builder()
                .name("Travellers")
                .model(leader)
                .mode(mode)
                .members(members)
                .store(store)
                .storeWait(Duration.ofMinutes(1))
                .storeEvents(EventPolicy.ALL)
                .build();
    }

    private RunOutput goOn(Team team, StoredRun row) throws Exception {
        return team.continueRun(row.runId(), confirmed(row)).await(LONG);
    }

    private long runs() {
        return other.runs(RunQuery.of("s").children(true)).items().size();
    }

    // ---- broadcast

    private static final Script BROADCAST =
            Script.text("All of you! ").thenToolCall("b", "delegate_task_to_members", "{\"task\": \"Book\"}");

    @Test
    void oneThatWaitsGoesOnAndWhatTheOthersHaveSaidStands() throws Exception {
        var row = leave(
                other,
                team(
                                TeamMode.BROADCAST,
                                ScriptedModel.of(BROADCAST),
                                answering("ann"),
                                asking("bob"),
                                failing("cid"),
                                asking("dan"))
                        .start("Go", SESSION));
        assertThat(pending(row)).hasSize(2);
        assertThat(runs()).isEqualTo(5);
        var leader = ScriptedModel.of("All booked.");
        var output = goOn(
                team(
                        TeamMode.BROADCAST,
                        leader,
                        agent("ann", Script.text("never asked again")),
                        told("bob"),
                        agent("cid", Script.text("never asked again")),
                        told("dan")),
                row);
        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(output.text()).isEqualTo("All of you! All booked.");
        assertThat(booked).containsExactlyInAnyOrder("bob", "dan");
        assertThat(runs()).isEqualTo(5);
        var messages = leader.request(1).messages();
        MessageRules.checkAll(messages);
        assertThat(messages.getLast().content())
                .isEqualTo("ann:\nI am ann.\n\nbob:\nBooked for bob.\n\ncid:\nMember cid failed: no luck\n\ndan:\n"
                        + "Booked for dan.");
        for (var below : Objects.requireNonNull(row.pause()).childRunIds()) {
            assertThat(row(other, below).status()).isEqualTo(RunStatus.COMPLETED);
        }
        assertThat(other.events(row.runId(), -1, 1000))
                .extracting(RunEvent::index)
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void aCallOfTheSameIdIsANewOne() throws Exception {
        var row = leave(
                other,
                team(TeamMode.BROADCAST, ScriptedModel.of(BROADCAST), asking("ann"))
                        .start("Go", SESSION));
        var output = goOn(
                team(
                        TeamMode.BROADCAST,
                        ScriptedModel.of(
                                Script.empty().thenToolCall("b", "delegate_task_to_members", "{\"task\": \"Again\"}"),
                                Script.text("Done.")),
                        agent("ann", Script.text("Booked."), Script.text("Once more."))),
                row);
        assertThat(output.text()).isEqualTo("Done.");
        assertThat(output.messages().get(output.messages().size() - 2).content())
                .isEqualTo("ann:\nOnce more.");
        assertThat(runs()).isEqualTo(3);
    }

    @Test
    void aTeamWithinATeamGoesOnToo() throws Exception {
        var inner = Team.builder()
                .name("Inner")
                .mode(TeamMode.BROADCAST)
                .model(ScriptedModel.of(BROADCAST))
                .members(answering("ann"), asking("bob"))
                .build();
        var row = leave(
                other,
                team(TeamMode.BROADCAST, ScriptedModel.of(BROADCAST), inner, answering("cid"))
                        .start("Go", SESSION));
        var goesOn = Team.builder()
                .name("Inner")
                .mode(TeamMode.BROADCAST)
                .model(ScriptedModel.of("Inner done."))
                .members(answering("ann"), told("bob"))
                .build();
        var output = goOn(team(TeamMode.BROADCAST, ScriptedModel.of("Outer done."), goesOn, answering("cid")), row);
        assertThat(output.text()).isEqualTo("All of you! Outer done.");
        assertThat(output.messages().get(output.messages().size() - 2).content())
                .isEqualTo("inner:\nAll of you! Inner done.\n\ncid:\nI am cid.");
        assertThat(booked).containsExactly("bob");
    }

    // ---- tasks

    private static Script task(String title, String assignee, String... after) {
        return Script.toolCall(
                "create_task",
                "{\"title\": \"" + title + "\", \"assignee\": \"" + assignee + "\", \"depends_on\": [\""
                        + String.join("\", \"", after) + "\"]}");
    }

    private static Script create(String title, String assignee) {
        return Script.toolCall("create_task", "{\"title\": \"" + title + "\", \"assignee\": \"" + assignee + "\"}");
    }

    @Test
    void tasksAreAsFarAsTheyWereAndGoOn() throws Exception {
        var row = leave(
                other,
                team(
                                TeamMode.TASKS,
                                ScriptedModel.of(
                                        create("Look", "ann"),
                                        create("Book", "bob"),
                                        create("Pack", "ann"),
                                        task("Fly", "ann", "task-2"),
                                        Script.text("Not yet."),
                                        Script.toolCall(
                                                "execute_task", "{\"task_id\": \"task-1\", \"member_id\": \"ann\"}"),
                                        Script.toolCall(
                                                "execute_tasks_parallel",
                                                "{\"task_ids\": [\"task-2\", \"task-3\", \"task-4\", \"task-9\"]}")),
                                agent("ann", Script.text("Looked."), Script.text("Packed.")),
                                asking("bob"))
                        .start("Go", SESSION));
        var left = Objects.requireNonNull(Objects.requireNonNull(row.pause()).team());
        assertThat(left.iteration()).isEqualTo(2);
        assertThat(left.tasks())
                .extracting(TeamTask::status)
                .containsExactly(
                        TeamTask.Status.COMPLETED,
                        TeamTask.Status.IN_PROGRESS,
                        TeamTask.Status.IN_PROGRESS,
                        TeamTask.Status.PENDING);
        var leader = ScriptedModel.of(
                Script.toolCall("execute_task", "{\"task_id\": \"task-4\", \"member_id\": \"ann\"}"),
                Script.text("All done."));
        var ann = ScriptedModel.of("Flown.");
        var output = goOn(
                team(
                        TeamMode.TASKS,
                        leader,
                        Agent.builder().name("ann").model(ann).build(),
                        told("bob")),
                row);
        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(output.text()).isEqualTo("All done.");
        assertThat(booked).containsExactly("bob");
        assertThat(leader.request(1).messages().getLast().content())
                .startsWith("task-4 was not executed: task task-4 depends on [task-2]")
                .contains("task-9 was not executed: there is no task \"task-9\"")
                .endsWith("task-2:\nBooked for bob.\n\ntask-3:\nPacked.");
        assertThat(ann.request(1).messages().getFirst().content())
                .as("what came of the task that was left is known")
                .contains("Result of \"Book\":\nBooked for bob.");
        var events = other.events(row.runId(), -1, 1000);
        assertThat(events.stream().filter(TaskIterationStarted.class::isInstance))
                .hasSize(2);
        assertThat(events.stream()
                        .filter(TaskUpdated.class::isInstance)
                        .map(TaskUpdated.class::cast)
                        .map(each -> each.task().id() + " " + each.task().status()))
                .containsExactly(
                        "task-1 IN_PROGRESS",
                        "task-1 COMPLETED",
                        "task-2 IN_PROGRESS",
                        "task-3 IN_PROGRESS",
                        "task-2 COMPLETED",
                        "task-3 COMPLETED",
                        "task-4 IN_PROGRESS",
                        "task-4 COMPLETED");
        assertThat(runs()).isEqualTo(5);
    }

    @Test
    void whatALeaderWithTasksAsksItselfIsAnsweredElsewhere() throws Exception {
        var members = new Component[] {answering("ann")};
        var row = leave(
                other,
                Team.builder()
                        .name("Travellers")
                        .mode(TeamMode.TASKS)
                        .model(ScriptedModel.of(
                                create("Look", "ann"), Script.toolCall("book", "{\"who\": \"the leader\"}")))
                        .members(members)
                        .tools(new Booking())
                        .store(store)
                        .storeWait(Duration.ofMinutes(1))
                        .build()
                        .start("Go", SESSION));
        var leader = ScriptedModel.of(Script.toolCall("list_tasks", "{}"), Script.text("Done."));
        var output = goOn(
                Team.builder()
                        .name("Travellers")
                        .mode(TeamMode.TASKS)
                        .maxIterations(1)
                        .model(leader)
                        .members(members)
                        .tools(new Booking())
                        .store(store)
                        .storeWait(Duration.ofMinutes(1))
                        .build(),
                row);
        assertThat(output.text()).isEqualTo("Done.");
        assertThat(booked).containsExactly("the leader");
        assertThat(leader.request(2).messages().getLast().content()).isEqualTo("task-1 [PENDING] Look, member ann");
    }

    @Test
    void aTeamOfAnotherModeIsRefused() throws Exception {
        var broadcast = leave(
                other,
                team(TeamMode.BROADCAST, ScriptedModel.of(BROADCAST), asking("ann"))
                        .start("Go", SESSION));
        var tasks = leave(
                other,
                team(
                                TeamMode.TASKS,
                                ScriptedModel.of(
                                        create("Book", "ann"),
                                        Script.toolCall(
                                                "execute_task", "{\"task_id\": \"task-1\", \"member_id\": \"ann\"}")),
                                asking("ann"))
                        .start("Go", SESSION));
        for (var mode : TeamMode.values()) {
            for (var row : List.of(broadcast, tasks)) {
                if ((mode == TeamMode.BROADCAST && row == broadcast) || (mode == TeamMode.TASKS && row == tasks)) {
                    continue;
                }
                assertThatThrownBy(() -> goOn(team(mode, ScriptedModel.of("x"), told("ann")), row))
                        .isInstanceOf(RunRejectedException.class)
                        .hasMessageContaining("its mode is now " + mode);
                assertThat(row(other, row.runId())).isEqualTo(row);
            }
        }
        assertThat(booked).isEmpty();
    }

    // ---- answers with a type

    record Seat(String who, int number) {}

    private Agent typed(Script... script) {
        return Agent.builder()
                .name("typed")
                .model(ScriptedModel.of(script))
                .tools(new Booking())
                .store(store)
                .storeWait(Duration.ofMinutes(1))
                .build();
    }

    @Test
    void anAgentThatAnswersWithAValueDoesSoElsewhere() throws Exception {
        var asking = typed(Script.toolCall("book", "{\"who\": \"ann\"}"));
        var run = asking.run("Go", Seat.class).output();
        assertThat(run.status()).isEqualTo(RunStatus.PAUSED);
        var row = leave(other, Runs.shared().handle(run.runId()).orElseThrow());
        var again = typed(Script.text("Number seven"), Script.text("{\"who\": \"ann\", \"number\": 7}"));
        assertThatThrownBy(() -> again.continueRun(row.runId(), confirmed(row)))
                .isInstanceOf(RunRejectedException.class)
                .hasMessageContaining("answers with a Seat: continue it with continueRun(runId, Seat.class, ..)");
        assertThatThrownBy(() -> again.continueRun(row.runId(), String.class, confirmed(row)))
                .isInstanceOf(RunRejectedException.class)
                .hasMessageContaining("answers with a Seat");
        assertThat(row(other, row.runId())).isEqualTo(row);
        var typed = again.continueRun(row.runId(), Seat.class, confirmed(row));
        assertThat(typed.value()).isEqualTo(new Seat("ann", 7));
        assertThat(typed.output().runId()).isEqualTo(row.runId());
        assertThat(booked).containsExactly("ann");
    }

    @Test
    void anAgentThatAnswersWithTextIsNotHeldToATypeElsewhere() throws Exception {
        var row = leave(
                other, typed(Script.toolCall("book", "{\"who\": \"ann\"}")).start("Go", SESSION));
        assertThatThrownBy(() -> typed(Script.text("x")).continueRun(row.runId(), Seat.class, confirmed(row)))
                .isInstanceOf(RunRejectedException.class)
                .hasMessageContaining("answers with text: continue it without a type");
    }

    @Test
    void aValueIsGivenInTheSameProcessToo() {
        var agent =
                typed(Script.toolCall("book", "{\"who\": \"ann\"}"), Script.text("{\"who\": \"ann\", \"number\": 7}"));
        var paused = agent.run("Go", Seat.class);
        assertThatThrownBy(paused::value).hasMessageContaining("is paused");
        var decision =
                Decision.confirm(paused.output().requirements().getFirst().id());
        assertThatThrownBy(() -> agent.continueRun(paused.output().runId(), Integer.class, decision))
                .isInstanceOf(RunRejectedException.class)
                .hasMessageContaining("answers with a Seat");
        assertThat(booked).isEmpty();
        assertThat(agent.continueRun(paused.output().runId(), Seat.class, decision)
                        .value())
                .isEqualTo(new Seat("ann", 7));
    }
}
