package dev.rein.run;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.hangs;
import static dev.rein.agent.TestModel.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rein.agent.Agent;
import dev.rein.agent.Events;
import dev.rein.agent.TestModel;
import dev.rein.agent.TestTools;
import dev.rein.model.ToolCall;
import dev.rein.run.event.RunContent;
import dev.rein.runtime.Component;
import dev.rein.runtime.RunOptions;
import dev.rein.team.Team;
import dev.rein.team.TeamBuilder;
import dev.rein.team.TeamMode;
import dev.rein.workflow.Condition;
import dev.rein.workflow.Loop;
import dev.rein.workflow.Parallel;
import dev.rein.workflow.Router;
import dev.rein.workflow.Step;
import dev.rein.workflow.Steps;
import dev.rein.workflow.Workflow;
import dev.rein.workflow.WorkflowStep;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Agents, teams and workflows answer with values of a type, however they are run. */
class TypedRunsTest {
    record Story(String title) {}

    private static final TypeRef<List<Story>> STORIES = new TypeRef<>() {};
    private static final List<Story> TWO = List.of(new Story("A"), new Story("B"));
    private static final String TWO_JSON = "{\"value\":[{\"title\":\"A\"},{\"title\":\"B\"}]}";
    private static final String STORY_JSON = "{\"title\":\"A\"}";

    private static Agent agent(String name, TestModel model) {
        return Agent.builder().name(name).model(model).build();
    }

    private static boolean isAsked(TestModel model, int request) {
        return model.requests().get(request).outputSchema() != null;
    }

    // ---- agents

    @Test
    void aListIsAnsweredByRunStreamAndStart() throws Exception {
        var model = TestModel.of(says(TWO_JSON));
        var agent = agent("Writer", model);

        assertThat(agent.run("Go", STORIES).value()).isEqualTo(TWO);
        assertThat(agent.run("Go", STORIES, RunOptions.defaults().runId("typed-list"))
                        .output()
                        .runId())
                .isEqualTo("typed-list");
        try (var events = agent.stream("Go", STORIES)) {
            var all = Events.rest(events);
            assertThat(Events.only(RunContent.class, all))
                    .extracting(RunContent::content)
                    .containsExactly(TWO_JSON);
            assertThat(events.typedOutput().value()).isEqualTo(TWO);
            assertThat(events.typedOutput().output()).isEqualTo(events.output());
        }
        var run = agent.start("Go", STORIES);
        assertThat(run.awaitTyped().value()).isEqualTo(TWO);
        assertThat(run.awaitTyped(Duration.ofMinutes(1)).output()).isEqualTo(run.await());
        assertThat(run.typedOutput().value()).isEqualTo(TWO);
        assertThat(model.requests())
                .allSatisfy(request -> assertThat(request.outputSchema())
                        .isNotNull()
                        .satisfies(schema -> assertThat(schema.name()).isEqualTo("List_Story_")));
    }

    @Test
    void aClassIsAnsweredByStreamAndStart() throws Exception {
        var agent = agent("Writer", TestModel.of(says(STORY_JSON)));
        try (var events = agent.stream("Go", Story.class)) {
            events.forEach(event -> {});
            assertThat(events.typedOutput().value()).isEqualTo(new Story("A"));
        }
        assertThat(agent.start("Go", Story.class).awaitTyped().value()).isEqualTo(new Story("A"));
        assertThat(agent("Counter", TestModel.of(says("{\"value\":3}")))
                        .run("How many?", int.class)
                        .value())
                .isEqualTo(3);
    }

    @Test
    void aRunThatHasNotCompletedHasNoValue() throws Exception {
        var model = TestModel.of(hangs());
        var run = agent("Writer", model).start("Go", STORIES);
        model.awaitRequests(1);
        assertThatExceptionOfType(RunFailedException.class)
                .isThrownBy(run.typedOutput()::value)
                .withMessageContaining("has not ended");
        run.cancel();
        assertThatExceptionOfType(RunFailedException.class)
                .isThrownBy(run.awaitTyped()::value)
                .withMessageContaining("was cancelled");
    }

    @Test
    void aRawGenericTypeIsRefusedBeforeARunExists() {
        var model = TestModel.of(says(TWO_JSON));
        Component agent = agent("Writer", model);
        for (var each :
                List.of(agent, Workflow.builder().steps(Step.of("a", agent)).build())) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> each.start("Go", List.class))
                    .withMessageContaining("List is generic and given without its type arguments");
        }
        assertThat(model.requests()).isEmpty();
    }

    @Test
    void aPausedRunIsContinuedWithItsTypeOnly() {
        var gated = TestTools.tool("search", context -> "found").withConfirmation("May I?");
        var model = TestModel.of(calls("search"), says(TWO_JSON));
        var agent = Agent.builder().name("Writer").model(model).tools(gated).build();
        var paused = agent.run("Go", STORIES).output();
        assertThat(paused.status()).isEqualTo(RunStatus.PAUSED);
        var yes = Decision.confirm(paused.requirements().getFirst().id());

        assertThatThrownBy(() -> agent.continueRun(paused.runId(), new TypeRef<List<String>>() {}, yes))
                .isInstanceOf(RunRejectedException.class)
                .hasMessageContaining("answers with a List<Story>")
                .hasMessageContaining("continueRun(runId, new TypeRef<List<Story>>() {}, ..)");
        assertThat(agent.continueRun(paused.runId(), STORIES, yes).value()).isEqualTo(TWO);
    }

    @Test
    void aPausedRunIsContinuedAsATypedStream() {
        var gated = TestTools.tool("search", context -> "found").withConfirmation("May I?");
        var agent = Agent.builder()
                .name("Writer")
                .model(TestModel.of(calls("search"), says(TWO_JSON)))
                .tools(gated)
                .build();
        var paused = agent.run("Go", STORIES).output();
        var yes = Decision.confirm(paused.requirements().getFirst().id());
        try (var events = agent.continueStream(paused.runId(), STORIES, RunOptions.defaults(), yes)) {
            events.forEach(event -> {});
            assertThat(events.typedOutput().value()).isEqualTo(TWO);
        }
    }

    // ---- teams

    private static TestModel.Turn delegates(String tool, String member) {
        return calls(new ToolCall("d1", tool, "{\"member_id\":\"" + member + "\",\"task\":\"Work\"}"));
    }

    private static TeamBuilder team(TestModel leader, Component... members) {
        return Team.builder().name("Team").model(leader).members(members);
    }

    @ParameterizedTest
    @EnumSource(TeamMode.class)
    void aTeamAnswersWithTheType(TeamMode mode) throws Exception {
        var turn = switch (mode) {
            case COORDINATE, ROUTE -> delegates("delegate_task_to_member", "writer");
            case BROADCAST -> calls(new ToolCall("d1", "delegate_task_to_members", "{\"task\":\"Work\"}"));
            case TASKS ->
                calls(
                        new ToolCall("d1", "create_task", "{\"title\":\"T\",\"description\":\"D\"}"),
                        new ToolCall("d2", "mark_all_complete", "{\"summary\":\"done\"}"));
        };
        var member = TestModel.of(says(mode == TeamMode.ROUTE ? TWO_JSON : "Once."));
        var leader = TestModel.of(turn, says(TWO_JSON));
        var team = team(leader, agent("Writer", member)).mode(mode).build();

        assertThat(team.start("Go", STORIES).awaitTyped().value()).isEqualTo(TWO);
        assertThat(isAsked(leader, 0)).isTrue();
        if (mode != TeamMode.TASKS) {
            assertThat(isAsked(member, 0)).isEqualTo(mode == TeamMode.ROUTE);
        }
        assertThat(leader.requests()).hasSize(mode == TeamMode.ROUTE ? 1 : 2);
    }

    @Test
    void theTypedAnswerOfNestedTeamsIsTheTeams() {
        var innermost = TestModel.of(says(TWO_JSON));
        var inner = team(TestModel.of(delegates("delegate_task_to_member", "writer")), agent("Writer", innermost))
                .name("Inner")
                .mode(TeamMode.ROUTE)
                .build();
        var outer = team(TestModel.of(delegates("delegate_task_to_member", "inner")), inner)
                .mode(TeamMode.ROUTE)
                .build();
        assertThat(outer.run("Go", STORIES).value()).isEqualTo(TWO);
        assertThat(isAsked(innermost, 0)).isTrue();

        var prose = TestModel.of(says("Once."));
        var coordinating = team(
                        TestModel.of(delegates("delegate_task_to_member", "inner"), says(TWO_JSON)),
                        team(TestModel.of(delegates("delegate_task_to_member", "writer")), agent("Writer", prose))
                                .name("Inner")
                                .mode(TeamMode.ROUTE)
                                .build())
                .build();
        assertThat(coordinating.run("Go", STORIES).value()).isEqualTo(TWO);
        assertThat(isAsked(prose, 0)).isFalse();
    }

    // ---- workflows

    private static Workflow workflow(WorkflowStep... steps) {
        return Workflow.builder().name("Flow").steps(steps).build();
    }

    private static Step text(String name, String text) {
        return Step.of(name, input -> StepOutput.of(text));
    }

    @Test
    void aWorkflowAsksTheAgentOfItsLastStep() throws Exception {
        var first = TestModel.of(says("Facts"));
        var last = TestModel.of(says(TWO_JSON));
        var flow = workflow(Step.of("research", agent("R", first)), Step.of("write", agent("W", last)));

        assertThat(flow.run("Go", STORIES).value()).isEqualTo(TWO);
        assertThat(isAsked(first, 0)).isFalse();
        assertThat(isAsked(last, 0)).isTrue();
        assertThat(flow.start("Go", STORIES).awaitTyped().value()).isEqualTo(TWO);
        try (var events = flow.stream("Go", STORIES)) {
            events.forEach(event -> {});
            assertThat(events.typedOutput().value()).isEqualTo(TWO);
        }
    }

    @Test
    void theLastStepIsFoundInCompositesAndNestedWorkflows() {
        var model = TestModel.of(says(STORY_JSON));
        var write = Step.of("write", agent("W", model));
        var lasts = List.of(
                Steps.of("all", text("a", "x"), write),
                Loop.of("loop", text("a", "x"), write).maxIterations(1),
                Condition.of("if", input -> true, write),
                Condition.of("unless", input -> false, text("a", "x")).otherwise(write),
                Router.of("choice", input -> List.of("a", "write"), text("a", "x"), write),
                Step.of("nested", workflow(Steps.of("all", text("a", "x"), write))));
        for (var i = 0; i < lasts.size(); i++) {
            assertThat(workflow(text("begin", "x"), lasts.get(i))
                            .run("Go", Story.class)
                            .value())
                    .isEqualTo(new Story("A"));
            assertThat(isAsked(model, i)).isTrue();
        }
    }

    @Test
    void theOutputOfAFunctionIsReadAsTheType() {
        var flow = workflow(text("a", "Facts"), text("b", STORY_JSON));
        assertThat(flow.run("Go", Story.class).value()).isEqualTo(new Story("A"));
        assertThat(workflow(text("a", "[{\"title\":\"A\"},{\"title\":\"B\"}]"))
                        .run("Go", STORIES)
                        .value())
                .isEqualTo(TWO);
        assertThat(workflow(text("a", "7")).run("Go", int.class).value()).isEqualTo(7);
        assertThat(workflow(text("a", "Just text")).run("Go", String.class).value())
                .isEqualTo("Just text");
    }

    @Test
    void aLastOutputThatIsNotOfTheTypeIsAnError() {
        var output = workflow(text("a", STORY_JSON), text("b", "No JSON")).run("Go", Story.class);
        assertThat(output.output().status()).isEqualTo(RunStatus.ERROR);
        assertThat(output.output().text()).isEqualTo("No JSON");
        assertThatExceptionOfType(RunFailedException.class)
                .isThrownBy(output::value)
                .withMessageContaining("the workflow's last output is not a valid Story: the answer is not valid JSON")
                .withMessageContaining("let an agent or a team be its last step");
    }

    @Test
    void aWorkflowThatEndsWithBranchesCantAnswerWithAType() {
        var flow = workflow(Condition.of("if", input -> true, Parallel.of("both", text("a", "x"), text("b", "y"))));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> flow.run("Go", STORIES))
                .withMessageContaining("workflow flow can't answer with a List<Story>")
                .withMessageContaining("the Parallel \"both\"")
                .withMessageContaining("add a step that makes a List<Story> of them");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> workflow(Step.of("nested", flow)).run("Go", STORIES))
                .withMessageContaining("the Parallel \"both\"");
        assertThat(flow.run("Go", String.class).value()).contains("a:\nx", "b:\ny");
    }
}
