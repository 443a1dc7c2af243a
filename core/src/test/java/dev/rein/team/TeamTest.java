package dev.rein.team;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.fails;
import static dev.rein.agent.TestModel.says;
import static dev.rein.agent.TestModel.saysAndHangs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rein.agent.Agent;
import dev.rein.agent.Events;
import dev.rein.agent.TestModel;
import dev.rein.agent.TestTools;
import dev.rein.cancel.CancelKind;
import dev.rein.model.ModelException;
import dev.rein.model.ToolCall;
import dev.rein.run.ComponentKind;
import dev.rein.run.RunInput;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.run.TeamTask;
import dev.rein.run.ToolExecution;
import dev.rein.run.event.RunContent;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.TaskStateUpdated;
import dev.rein.run.event.TaskUpdated;
import dev.rein.runtime.Component;
import dev.rein.runtime.Runs;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TeamTest {

    private static Agent agent(String name, TestModel.Turn... turns) {
        return Agent.builder()
                .name(name)
                .role("Is " + name)
                .model(TestModel.of(turns))
                .build();
    }

    private static TestModel.Turn delegates(String... members) {
        return calls(java.util.stream.IntStream.range(0, members.length)
                .mapToObj(i -> new ToolCall(
                        "d" + i, "delegate_task_to_member", "{\"member_id\":\"" + members[i] + "\",\"task\":\"Work\"}"))
                .toArray(ToolCall[]::new));
    }

    private static TestModel.Turn tool(String name, String arguments) {
        return calls(new ToolCall("t-" + name, name, arguments));
    }

    private static TeamBuilder team(TestModel leader, Component... members) {
        return Team.builder().name("Story Team").model(leader).members(members);
    }

    @Test
    void theLeaderDelegatesAndAnswersAndTheEventsAreThoseOfTheWireContract() {
        var leader = TestModel.of(delegates("writer"), says("The ", "end."));
        var team = team(leader, agent("Writer", says("Once."))).build();

        try (var stream = team.stream("A story")) {
            var events = Events.rest(stream);
            assertThat(Events.names(events))
                    .containsExactly(
                            "TeamRunStarted",
                            "TeamModelRequestStarted",
                            "TeamModelRequestCompleted",
                            "TeamToolCallStarted",
                            "RunStarted",
                            "ModelRequestStarted",
                            "RunContent",
                            "ModelRequestCompleted",
                            "RunContentCompleted",
                            "RunCompleted",
                            "TeamToolCallCompleted",
                            "TeamModelRequestStarted",
                            "TeamRunContent",
                            "TeamRunContent",
                            "TeamModelRequestCompleted",
                            "TeamRunContentCompleted",
                            "TeamRunCompleted");
            var output = stream.output();
            assertThat(output.text()).isEqualTo("The end.");
            var member = output.memberResponses().getFirst();
            assertThat(member.text()).isEqualTo("Once.");
            assertThat(member.parentRunId()).isEqualTo(stream.runId());
            assertThat(output.tools().getFirst().childRunId()).isEqualTo(member.runId());
        }
        assertThat(leader.told(1).content()).isEqualTo("Once.");
        assertThat(leader.asked(0).getFirst().content()).contains("- writer (Writer): Is Writer");
    }

    @Test
    void theLeaderReadsWhichMembersThereAreInTheSchemaOfItsTool() {
        var leader = TestModel.of(says("Hello."));
        team(leader, agent("Writer", says("x")), agent("Editor", says("y")))
                .build()
                .run("Go");
        var member =
                leader.requests().getFirst().tools().getFirst().parameters().at("/properties/member_id/enum");
        assertThat(member.toString()).isEqualTo("[\"writer\",\"editor\"]");
    }

    @Test
    void anUnknownMemberBecomesAResultThatListsTheValidOnes() {
        var leader = TestModel.of(delegates("nobody"), says("Sorry."));
        var output = team(leader, agent("Writer", says("x")), agent("Editor", says("y")))
                .build()
                .run("Go");
        assertThat(leader.told(1).content())
                .isEqualTo(
                        "Error: ToolArgumentException: There is no member \"nobody\". The members are: writer, editor.");
        assertThat(output.tools().getFirst().error()).isTrue();
    }

    @Test
    void hiddenMembersAreNotInTheStreamButTheirResponsesAre() {
        var team = team(TestModel.of(delegates("writer"), says("End.")), agent("Writer", says("Once.")))
                .streamMemberEvents(false)
                .build();
        try (var stream = team.stream("Go")) {
            var events = Events.rest(stream);
            assertThat(events).allMatch(event -> event.source() == ComponentKind.TEAM);
            assertThat(events.stream().map(RunEvent::index))
                    .containsExactlyElementsOf(java.util.stream.LongStream.range(0, events.size())
                            .boxed()
                            .toList());
            assertThat(stream.output().memberResponses())
                    .extracting(RunOutput::text)
                    .containsExactly("Once.");
        }
    }

    @Test
    void theAnswerOfARoutedMemberIsTheTeams() {
        var leader = TestModel.of(delegates("writer"));
        var team = team(leader, agent("Writer", says("Once ", "upon.")))
                .mode(TeamMode.ROUTE)
                .build();
        try (var stream = team.stream("Go")) {
            var events = Events.rest(stream);
            assertThat(Events.only(RunContent.class, events))
                    .extracting(RunContent::source)
                    .containsOnly(ComponentKind.TEAM);
            assertThat(Events.names(events))
                    .endsWith("TeamToolCallCompleted", "TeamRunContentCompleted", "TeamRunCompleted");
            assertThat(stream.output().text()).isEqualTo("Once upon.");
            assertThat(stream.output().memberResponses().getFirst().text()).isEqualTo("Once upon.");
        }
        assertThat(leader.requests()).hasSize(1);
    }

    @Test
    void aRouteTeamInARouteTeamAnswersWithTheTextOfTheInnermostMember() {
        var inner = team(
                        TestModel.of(tool("delegate_task_to_member", "{\"member_id\":\"one\",\"task\":\"Tell it\"}")),
                        agent("One", says("Once ", "upon.")))
                .name("Inner")
                .mode(TeamMode.ROUTE)
                .build();
        var outer = team(
                        TestModel.of(tool("delegate_task_to_member", "{\"member_id\":\"inner\",\"task\":\"Tell it\"}")),
                        inner)
                .mode(TeamMode.ROUTE)
                .build();
        try (var stream = outer.stream("Go")) {
            var events = Events.rest(stream);
            assertThat(Events.only(RunContent.class, events))
                    .allSatisfy(content -> assertThat(content.runId()).isEqualTo(stream.runId()))
                    .extracting(RunContent::content)
                    .containsExactly("Once ", "upon.");
            assertThat(stream.output().text()).isEqualTo("Once upon.");
            assertThat(stream.output().messages().getLast().content()).isEqualTo("Once upon.");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "research-agent",
                "Research Agent",
                "RESEARCH-AGENT",
                "research_agent",
                " research agent ",
                "'Research Agent'",
                "researchAgent",
                "Research.Agent",
                "@research/agent!",
                "\u201cResearch\u2014Agent\u201d",
                "\uff32esearch\u00a0Agent"
            })
    void aMemberIsFoundTolerantly(String given) {
        var member = Agent.builder()
                .name("Research Agent")
                .model(TestModel.of(says("found")))
                .build();
        var leader = TestModel.of(
                tool("delegate_task_to_member", "{\"member_id\":\"" + given + "\",\"task\":\"Look\"}"), says("done"));
        var output = team(leader, member).build().run("Go");
        assertThat(output.tools().getFirst().error()).isFalse();
        assertThat(output.tools().getFirst().result()).isEqualTo("found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Data_Analyst", "data analyst", "data.Analyst", "---", " "})
    void aMemberThatIsNotClearIsRefusedWithTheList(String given) {
        var members = Stream.of("data-analyst", "dataanalyst")
                .map(id -> Agent.builder().id(id).model(TestModel.of()).build())
                .toArray(Component[]::new);
        var leader = TestModel.of(
                tool("delegate_task_to_member", "{\"member_id\":\"" + given + "\",\"task\":\"Look\"}"), says("done"));
        var execution = team(leader, members).build().run("Go").tools().getFirst();
        assertThat(execution.error()).isTrue();
        assertThat(execution.result())
                .satisfiesAnyOf(
                        text -> assertThat(text)
                                .contains(
                                        "More than one member is meant by \"" + given + "\"",
                                        "data-analyst, dataanalyst"),
                        text -> assertThat(given.chars().noneMatch(Character::isLetterOrDigit))
                                .isTrue());
    }

    @Test
    void anExactIdOrNameIsClearAmongSimilarOnes() {
        var members = Stream.of("Data Analyst", "DataAnalyst", "\ud83d\ude80")
                .map(name -> Agent.builder()
                        .id("m" + name.length())
                        .name(name)
                        .model(TestModel.of(says(name)))
                        .build())
                .toArray(Component[]::new);
        var leader = TestModel.of(
                tool("delegate_task_to_member", "{\"member_id\":\"DataAnalyst\",\"task\":\"Look\"}"),
                tool("delegate_task_to_member", "{\"member_id\":\"\ud83d\ude80\",\"task\":\"Look\"}"),
                tool("delegate_task_to_member", "{\"member_id\":\"m12\",\"task\":\"Look\"}"),
                says("done"));
        assertThat(team(leader, members).build().run("Go").tools())
                .extracting(ToolExecution::result)
                .containsExactly("DataAnalyst", "\ud83d\ude80", "Data Analyst");
    }

    @Test
    void anUnknownMemberIsAnError() {
        var member = Agent.builder().name("Writer").model(TestModel.of()).build();
        var leader = TestModel.of(
                tool("delegate_task_to_member", "{\"member_id\":\"cook\",\"task\":\"Cook\"}"), says("done"));
        var execution = team(leader, member).build().run("Go").tools().getFirst();
        assertThat(execution.error()).isTrue();
        assertThat(execution.result()).contains("There is no member \"cook\". The members are: writer.");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRouteHandsOverWhatTheUserWroteUnlessTheLeaderMayRewriteIt(boolean rewrites) {
        var model = TestModel.of(says("ok"));
        var member = Agent.builder().name("Writer").model(model).build();
        var leader =
                TestModel.of(tool("delegate_task_to_member", "{\"member_id\":\"writer\",\"task\":\"In other words\"}"));
        var output = team(leader, member)
                .mode(TeamMode.ROUTE)
                .routeRewrites(rewrites)
                .before("masks", (input, context) -> RunInput.of(input.text().replace("secret", "***")))
                .build()
                .run("The secret words");
        assertThat(output.text()).isEqualTo("ok");
        assertThat(model.requests().getFirst().messages().getLast().content())
                .isEqualTo(rewrites ? "In other words" : "The *** words");
        assertThat(leader.requests()
                        .getFirst()
                        .tools()
                        .getFirst()
                        .parameters()
                        .at("/properties/task")
                        .isMissingNode())
                .isEqualTo(!rewrites);
    }

    @Test
    void aBroadcastIsWorkedOnByAllMembers() {
        var leader = TestModel.of(tool("delegate_task_to_members", "{\"task\":\"Say it\"}"), says("Both."));
        var output = team(leader, agent("One", says("1")), agent("Two", says("2")))
                .mode(TeamMode.BROADCAST)
                .build()
                .run("Go");
        assertThat(leader.told(1).content()).isEqualTo("one:\n1\n\ntwo:\n2");
        assertThat(output.memberResponses()).hasSize(2);
        assertThat(output.text()).isEqualTo("Both.");
    }

    @Test
    void tasksAreWorkedOffWithTheirDependencies() {
        var leader = TestModel.of(
                tool("create_task", "{\"title\":\"Research\"}"),
                tool("create_task", "{\"title\":\"Write\",\"depends_on\":[\"task-1\"]}"),
                tool("execute_task", "{\"task_id\":\"task-2\",\"member_id\":\"one\"}"),
                says("Not yet."),
                tool("execute_task", "{\"task_id\":\"task-1\",\"member_id\":\"one\"}"),
                tool("execute_task", "{\"task_id\":\"task-2\",\"member_id\":\"one\"}"),
                tool("mark_all_complete", "{\"summary\":\"All done\"}"),
                says("Here it is."));
        var member = TestModel.of(says("Facts."), says("Text."));
        var team = Team.builder()
                .name("T")
                .model(leader)
                .members(Agent.builder().name("One").model(member).build())
                .mode(TeamMode.TASKS)
                .build();
        try (var stream = team.stream("Go")) {
            var events = Events.rest(stream);
            assertThat(Events.names(events))
                    .filteredOn(name -> name.startsWith("TeamTask"))
                    .containsExactly(
                            "TeamTaskIterationStarted",
                            "TeamTaskCreated",
                            "TeamTaskCreated",
                            "TeamTaskStateUpdated",
                            "TeamTaskIterationCompleted",
                            "TeamTaskIterationStarted",
                            "TeamTaskUpdated",
                            "TeamTaskUpdated",
                            "TeamTaskUpdated",
                            "TeamTaskUpdated",
                            "TeamTaskStateUpdated",
                            "TeamTaskIterationCompleted");
            var state = Events.only(TaskStateUpdated.class, events).getLast();
            assertThat(state.goalComplete()).isTrue();
            assertThat(state.tasks()).extracting(TeamTask::status).containsOnly(TeamTask.Status.COMPLETED);
        }
        assertThat(leader.told(3).content()).contains("depends on [task-1]");
        assertThat(member.told(1).content()).isEqualTo("Write\n\nResult of \"Research\":\nFacts.");
    }

    @Test
    void aTaskIsBlockedWhileWhatItWaitsForHasFailedAndFreedOnceThatIsDone() {
        var leader = TestModel.of(
                tool("create_task", "{\"title\":\"Research\"}"),
                tool("create_task", "{\"title\":\"Write\",\"depends_on\":[\"task-1\"]}"),
                tool("create_task", "{\"title\":\"Print\",\"depends_on\":[\"task-2\"]}"),
                tool("execute_task", "{\"task_id\":\"task-1\",\"member_id\":\"one\"}"),
                tool("execute_task", "{\"task_id\":\"task-2\",\"member_id\":\"one\"}"),
                tool("execute_task", "{\"task_id\":\"task-1\",\"member_id\":\"one\"}"),
                tool("execute_task", "{\"task_id\":\"task-2\",\"member_id\":\"one\"}"),
                tool("execute_task", "{\"task_id\":\"task-3\",\"member_id\":\"one\"}"),
                tool("mark_all_complete", "{\"summary\":\"All done\"}"),
                says("Here it is."));
        var team = team(
                        leader,
                        agent(
                                "One",
                                fails(ModelException.Kind.BAD_REQUEST, "no facts"),
                                says("Facts."),
                                says("Text."),
                                says("Paper.")))
                .mode(TeamMode.TASKS)
                .build();
        try (var stream = team.stream("Go")) {
            var changes = Events.only(TaskUpdated.class, Events.rest(stream)).stream()
                    .map(change -> change.task().id() + " " + change.previous() + " "
                            + change.task().status())
                    .toList();
            assertThat(changes)
                    .containsExactly(
                            "task-1 PENDING IN_PROGRESS",
                            "task-1 IN_PROGRESS FAILED",
                            "task-2 PENDING BLOCKED",
                            "task-3 PENDING BLOCKED",
                            "task-1 FAILED IN_PROGRESS",
                            "task-1 IN_PROGRESS COMPLETED",
                            "task-2 BLOCKED PENDING",
                            "task-3 BLOCKED PENDING",
                            "task-2 PENDING IN_PROGRESS",
                            "task-2 IN_PROGRESS COMPLETED",
                            "task-3 PENDING IN_PROGRESS",
                            "task-3 IN_PROGRESS COMPLETED");
            assertThat(stream.output().text()).isEqualTo("Here it is.");
        }
        assertThat(leader.told(5).content()).contains("task task-2 is BLOCKED");
    }

    @Test
    void aStopAtTheTopStopsMembersAndTheirPartialTextIsKept() throws Exception {
        var sub = Team.builder()
                .name("Sub")
                .model(TestModel.of(delegates("writer")))
                .members(agent("Writer", saysAndHangs("Half a ", "story")))
                .build();
        var top = Team.builder()
                .name("Top")
                .model(TestModel.of(delegates("sub")))
                .members(sub)
                .build();
        try (var stream = top.stream("Go")) {
            for (var event : stream) {
                if (event instanceof RunContent content && content.content().equals("story")) {
                    stream.cancel();
                }
            }
            var output = stream.output();
            assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
            assertThat(output.text()).isEqualTo("Half a story");
            var inner = output.memberResponses().getFirst();
            assertThat(Objects.requireNonNull(inner.cause()).kind()).isEqualTo(CancelKind.PARENT);
            assertThat(inner.memberResponses().getFirst().text()).isEqualTo("Half a story");
        }
    }

    @Test
    void aMemberThatIsStoppedAloneDoesNotStopTheTeam() throws Exception {
        var leader = TestModel.of(delegates("writer"), says("Without it."));
        var team = team(leader, agent("Writer", saysAndHangs("Half"))).build();
        try (var stream = team.stream("Go")) {
            for (var event : stream) {
                if (event instanceof RunContent content && content.content().equals("Half")) {
                    Runs.shared()
                            .cancel(
                                    content.runId(),
                                    dev.rein.cancel.CancelRequest.now().reason("not needed"));
                }
            }
            assertThat(stream.output().status()).isEqualTo(RunStatus.COMPLETED);
        }
        assertThat(leader.told(1).content())
                .isEqualTo("Member writer was stopped: not needed. Until then it had said: Half");
    }

    @Test
    void aMemberThatFailsIsAnErrorThatTheLeaderReads() {
        var leader = TestModel.of(delegates("writer"), says("Without it."));
        var output = team(leader, agent("Writer", fails(ModelException.Kind.BAD_REQUEST, "bad")))
                .build()
                .run("Go");
        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(leader.told(1).content()).contains("Member writer failed: bad");
    }

    @Test
    void wrongUseIsRefusedWhenItIsBuilt() {
        var model = TestModel.of(says("x"));
        assertThatThrownBy(() -> Team.builder().name("T").model(model).build()).hasMessageContaining("has no members");
        assertThatThrownBy(() -> team(model, agent("A", says("x")), agent("A", says("y")))
                        .build())
                .hasMessageContaining("two members with the id \"a\"");
        assertThatThrownBy(() -> Team.builder().members(agent("A", says("x"))).build())
                .hasMessageContaining("has no model");
        assertThat(List.of(TeamMode.values())).hasSize(4);
    }

    @Test
    void aToolOfAHiddenMemberReadsTheStreamOfARunOfItsOwn() throws Exception {
        var below = new java.util.concurrent.CopyOnWriteArrayList<RunEvent>();
        var deepest = agent("Deepest", says("Deep."));
        var helper = Agent.builder()
                .name("Helper")
                .model(TestModel.of(calls("ask"), says("Help.")))
                .tools(TestTools.tool("ask", context -> deepest.run("Ask").text()))
                .build();
        var writer = Agent.builder()
                .name("Writer")
                .model(TestModel.of(calls("look"), says("Once.")))
                .tools(TestTools.tool("look", context -> {
                    try (var stream = helper.stream("Look")) {
                        stream.forEach(below::add);
                        return stream.output().text();
                    }
                }))
                .build();
        var team = team(TestModel.of(delegates("writer"), says("End.")), writer)
                .streamMemberEvents(false)
                .build();

        var run = team.start("Go");
        var output = Events.end(run);

        assertThat(output.text()).isEqualTo("End.");
        assertThat(Events.of(run)).allMatch(event -> event.source() == ComponentKind.TEAM);
        assertThat(Events.names(below))
                .containsExactly(
                        "RunStarted",
                        "ModelRequestStarted",
                        "ModelRequestCompleted",
                        "ToolCallStarted",
                        "RunStarted",
                        "ModelRequestStarted",
                        "RunContent",
                        "ModelRequestCompleted",
                        "RunContentCompleted",
                        "RunCompleted",
                        "ToolCallCompleted",
                        "ModelRequestStarted",
                        "RunContent",
                        "ModelRequestCompleted",
                        "RunContentCompleted",
                        "RunCompleted");
        assertThat(below).extracting(RunEvent::index).doesNotHaveDuplicates().isSorted();
    }
}
