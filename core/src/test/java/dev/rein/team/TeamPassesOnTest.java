package dev.rein.team;

import static dev.rein.agent.TestModel.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.agent.TestModel;
import dev.rein.model.ToolCall;
import dev.rein.run.RunStatus;
import dev.rein.runtime.RunOptions;
import dev.rein.workflow.Condition;
import dev.rein.workflow.Parallel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a team passes on to its members: the type of the answer, and the metadata. */
class TeamPassesOnTest {
    record Place(String name) {}

    private static final String JSON = "{\"name\":\"Bern\"}";
    private final List<Map<String, Object>> seen = new CopyOnWriteArrayList<>();

    private Agent member(TestModel model) {
        return Agent.builder()
                .id("m")
                .model(model)
                .before("see", (input, context) -> {
                    seen.add(context.metadata());
                    return input;
                })
                .build();
    }

    private static TestModel leader(TeamMode mode, String answer) {
        var turns = new ArrayList<TestModel.Turn>();
        switch (mode) {
            case BROADCAST ->
                turns.add(TestModel.calls(new ToolCall("c1", "delegate_task_to_members", "{\"task\":\"go\"}")));
            case TASKS -> {
                turns.add(
                        TestModel.calls(new ToolCall("c1", "create_task", "{\"title\":\"t\",\"description\":\"d\"}")));
                turns.add(TestModel.calls(
                        new ToolCall("c2", "execute_task", "{\"task_id\":\"task-1\",\"member_id\":\"m\"}")));
                turns.add(TestModel.calls(new ToolCall("c3", "mark_all_complete", "{\"summary\":\"done\"}")));
            }
            default ->
                turns.add(TestModel.calls(
                        new ToolCall("c1", "delegate_task_to_member", "{\"member_id\":\"m\",\"task\":\"go\"}")));
        }
        turns.add(says(answer));
        return TestModel.of(turns.toArray(TestModel.Turn[]::new));
    }

    private static Team team(TeamMode mode, TestModel leader, dev.rein.runtime.Component member) {
        return Team.builder().id("m").mode(mode).model(leader).members(member).build();
    }

    @ParameterizedTest
    @EnumSource
    void aTypedAnswerIsThatOfTheTeamInEveryMode(TeamMode mode) {
        var member = TestModel.of(says(mode == TeamMode.ROUTE ? JSON : "It is Bern"));
        var leader = leader(mode, JSON);
        var output = team(mode, leader, member(member)).run("Where?", Place.class);

        assertThat(output.value()).isEqualTo(new Place("Bern"));
        assertThat(member.requests().getFirst().outputSchema() != null).isEqualTo(mode == TeamMode.ROUTE);
    }

    @Test
    void aTypedRouteAsksTheLeaderOnceAndTheMemberForTheType() {
        var leader = leader(TeamMode.ROUTE, "never asked");
        var member = TestModel.of(says("prose"), says(JSON));
        var output = team(TeamMode.ROUTE, leader, member(member)).run("Where?", Place.class);

        assertThat(output.value()).isEqualTo(new Place("Bern"));
        assertThat(leader.requests()).hasSize(1);
        assertThat(member.requests()).hasSize(2);
    }

    @Test
    void aTypedRouteWhoseMemberGivesNoSuchAnswerEnds() {
        var leader = TestModel.of(TestModel.calls(
                new ToolCall("c1", "delegate_task_to_member", "{\"member_id\":\"m\",\"task\":\"go\"}")));
        var output = team(TeamMode.ROUTE, leader, member(TestModel.of(says("prose"))))
                .run("Where?", Place.class)
                .output();

        assertThat(output.status()).isEqualTo(RunStatus.ERROR);
        assertThat(leader.requests().size()).isLessThan(20);
    }

    @ParameterizedTest
    @EnumSource
    void aTypedRouteToANestedTeamHasTheTypeInEveryMode(TeamMode mode) {
        var inner = team(mode, leader(mode, JSON), member(TestModel.of(says(JSON))));
        var leader = leader(TeamMode.ROUTE, "never asked");
        var output = team(TeamMode.ROUTE, leader, inner).run("Where?", Place.class);

        assertThat(output.value()).isEqualTo(new Place("Bern"));
        assertThat(leader.requests()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void metadataReachesTheMembersOfNestedTeamsInWorkflows(TeamMode mode) {
        var inner = team(mode, leader(mode, "done"), member(TestModel.of(says("fine"))));
        var outer = team(TeamMode.COORDINATE, leader(TeamMode.COORDINATE, "done"), inner);
        var nested = Workflow.builder().steps(Step.of("team", outer)).build();
        Workflow.builder()
                .steps(Parallel.of(
                        "both", Condition.of("if", input -> true, Step.of("nested", nested)), Step.of("f", input -> {
                            seen.add(input.additionalData());
                            return dev.rein.run.StepOutput.of("x");
                        })))
                .build()
                .run("Hi", RunOptions.defaults().metadata(Map.of("ticket", 17)))
                .orThrow();

        assertThat(seen).hasSize(2).containsOnly(Map.of("ticket", 17));
    }

    @Test
    void metadataReachesAgentsThatToolsRunUnlessTheyHaveTheirOwn() {
        var inner = member(TestModel.of(says("fine")));
        var schema = com.fasterxml.jackson.databind.node.JsonNodeFactory.instance
                .objectNode()
                .put("type", "object");
        Agent.builder()
                .model(TestModel.of(TestModel.calls("ask"), says("done")))
                .tools(dev.rein.tool.ToolSpec.of("ask", "Asks", schema, (_, _) -> {
                    inner.run("a");
                    return inner.run("b", RunOptions.defaults().metadata(Map.of("own", 1)))
                            .text();
                }))
                .build()
                .run("Hi", RunOptions.defaults().metadata(Map.of("ticket", 17)))
                .orThrow();

        assertThat(seen).containsExactly(Map.of("ticket", 17), Map.of("own", 1));
    }

    @ParameterizedTest
    @EnumSource
    void aMemberCanHaveTheModelOfItsTeamAlsoInNestedTeams(TeamMode mode) {
        var all = new ArrayList<TestModel.Turn>();
        all.add(TestModel.calls(
                new ToolCall("c0", "delegate_task_to_member", "{\"member_id\":\"m\",\"task\":\"go\"}")));
        var inner = leader(mode, "inner done");
        TestModel.Turn byDepth =
                (request, call) -> request.messages().toString().contains("I AM THE MEMBER")
                        ? says("member done").respond(request, call)
                        : inner.respond(request, call);
        all.add(byDepth);
        var model = TestModel.of(all.toArray(TestModel.Turn[]::new));
        var member = Agent.builder()
                .id("m")
                .modelOfTeam()
                .instructions("I AM THE MEMBER")
                .build();
        var nested =
                Team.builder().id("m").modelOfTeam().mode(mode).members(member).build();
        var output = Team.builder()
                .model(TestModel.of(says("unused")))
                .members(nested)
                .mode(TeamMode.ROUTE)
                .build()
                .run("Hi", RunOptions.defaults().model(model));

        assertThat(output.text()).isEqualTo(mode == TeamMode.ROUTE ? "member done" : "inner done");
    }

    @Test
    void withoutATeamItNeedsAModelInItsOptions() {
        var agent = Agent.builder().id("m").modelOfTeam().build();

        org.assertj.core.api.Assertions.assertThatThrownBy(() -> agent.run("Hi"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("m was built with modelOfTeam()", "RunOptions.defaults().model(..)");
        assertThat(agent.run("Hi", RunOptions.defaults().model(TestModel.of(says("ok"))))
                        .text())
                .isEqualTo("ok");
    }
}
