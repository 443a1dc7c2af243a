package dev.rein.workflow;

import static dev.rein.agent.TestModel.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.agent.TestModel;
import dev.rein.model.Image;
import dev.rein.model.ToolCall;
import dev.rein.run.RunInput;
import dev.rein.run.RunOutput;
import dev.rein.run.StepOutput;
import dev.rein.runtime.Component;
import dev.rein.runtime.RunOptions;
import dev.rein.team.Team;
import dev.rein.team.TeamMode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Images of the input and of steps reach the steps after them, through every composite. */
class WorkflowImagesTest {
    private static final Image GIVEN = Image.of(new byte[] {1}, "image/png");
    private static final Image MADE = Image.of(new byte[] {2}, "image/png");
    private static final Image OTHER = Image.of(new byte[] {3}, "image/png");

    private final TestModel model = TestModel.of(says("seen"));
    private final Step agent =
            Step.of("agent", Agent.builder().id("a").model(model).build());

    private static Step makes(String name, Image... images) {
        return Step.of(name, input -> StepOutput.of("made").images(List.of(images)));
    }

    private static Step words(String name) {
        return Step.of(name, input -> StepOutput.of("words"));
    }

    private static Workflow workflow(WorkflowStep... steps) {
        return Workflow.builder().steps(steps).build();
    }

    private static RunOutput run(Component component) {
        return component
                .run(RunInput.of("Look").image(GIVEN), RunOptions.defaults())
                .orThrow();
    }

    private List<Image> seen() {
        return model.told(0).images();
    }

    @Test
    void theImagesOfTheInputReachStepsBehindFunctions() {
        run(workflow(words("one"), words("two"), agent));

        assertThat(seen()).containsExactly(GIVEN);
    }

    @Test
    void theFilesOfTheInputReachStepsBehindFunctionsAndInBranches() {
        var input = RunInput.of("Read").file("a.txt", "text/plain", new byte[] {65});
        var seen = new java.util.concurrent.CopyOnWriteArrayList<Integer>();
        var sees = Step.of("sees", step -> {
            seen.add(step.files().size());
            return StepOutput.of("ok");
        });
        workflow(words("one"), Parallel.of("p", words("two"), sees), Step.of("nested", workflow(words("three"), sees)))
                .run(input, RunOptions.defaults())
                .orThrow();

        assertThat(seen).containsExactly(1, 1);
    }

    @Test
    void theImagesOfStepsReachAllStepsBehindThem() {
        run(workflow(makes("one", MADE, GIVEN), words("two"), makes("three", OTHER), agent));

        assertThat(seen()).containsExactly(GIVEN, MADE, OTHER);
    }

    @Test
    void theImagesOfFailedStepsAreLeftOut() {
        run(workflow(
                Step.of(
                        "one",
                        input -> new StepOutput(
                                "",
                                "",
                                dev.rein.run.StepKind.FUNCTION,
                                null,
                                null,
                                "",
                                List.of(MADE),
                                false,
                                "no",
                                false,
                                List.of())),
                agent));

        assertThat(seen()).containsExactly(GIVEN);
    }

    @Test
    void imagesComeOutOfEveryComposite() {
        List<WorkflowStep> composites = List.of(
                Steps.of("s", makes("one", MADE), words("two")),
                Parallel.of("p", makes("one", MADE), makes("two", MADE, OTHER), words("three")),
                Condition.of("c", input -> true, makes("one", MADE)),
                Loop.of("l", makes("one", MADE)).maxIterations(2),
                Router.of("r", input -> List.of("one"), makes("one", MADE), words("two")),
                Step.of("w", workflow(makes("one", MADE), words("two"))),
                Step.of("w", workflow(Parallel.of("p", makes("one", MADE), words("two")))));
        for (var composite : composites) {
            var output = run(workflow(composite));

            assertThat(output.steps().getFirst().images()).as("%s", composite).contains(MADE);
            var last = TestModel.of(says("seen"));
            run(workflow(composite, Step.of("agent", Agent.builder().model(last).build())));
            assertThat(last.told(0).images()).as("%s", composite).startsWith(GIVEN, MADE);
        }
    }

    @Test
    void imagesReachTheStepsInEveryComposite() {
        List<java.util.function.Function<Step, WorkflowStep>> composites = List.of(
                step -> Steps.of("s", words("one"), step),
                step -> Parallel.of("p", words("one"), step),
                step -> Condition.of("c", input -> input.images().contains(MADE), step),
                step -> Loop.of("l", step).maxIterations(1),
                step -> Router.of("r", input -> List.of(step.name()), step),
                step -> Step.of("w", workflow(words("one"), step)));
        for (var composite : composites) {
            var last = TestModel.of(says("seen"));
            run(workflow(
                    makes("first", MADE),
                    composite.apply(Step.of("agent", Agent.builder().model(last).build()))));

            assertThat(last.told(0).images()).containsExactly(GIVEN, MADE);
        }
    }

    @Test
    void imagesReachTheMembersOfTeamsInEveryMode() {
        for (var mode : TeamMode.values()) {
            var member = TestModel.of(says("seen"));
            run(workflow(makes("first", MADE), Step.of("team", team(mode, member))));

            assertThat(member.told(0).images()).as("%s", mode).containsExactly(GIVEN, MADE);
        }
    }

    @Test
    void imagesReachTheMembersOfNestedTeams() {
        for (var mode : TeamMode.values()) {
            var member = TestModel.of(says("seen"));
            var inner = team(mode, member);
            var outer = Team.builder()
                    .model(leader(TeamMode.COORDINATE, "inner"))
                    .members(inner)
                    .build();
            run(outer);

            assertThat(member.told(0).images()).as("%s", mode).containsExactly(GIVEN);
        }
    }

    private static Team team(TeamMode mode, TestModel member) {
        return Team.builder()
                .id("inner")
                .mode(mode)
                .model(leader(mode, "m"))
                .members(Agent.builder().id("m").model(member).build())
                .build();
    }

    private static TestModel leader(TeamMode mode, String member) {
        return switch (mode) {
            case BROADCAST -> turns(new ToolCall("c1", "delegate_task_to_members", "{\"task\":\"go\"}"));
            case TASKS ->
                turns(
                        new ToolCall("c1", "create_task", "{\"title\":\"t\",\"description\":\"d\"}"),
                        new ToolCall("c2", "execute_task", "{\"task_id\":\"task-1\",\"member_id\":\"" + member + "\"}"),
                        new ToolCall("c3", "mark_all_complete", "{\"summary\":\"done\"}"));
            default ->
                turns(new ToolCall(
                        "c1", "delegate_task_to_member", "{\"member_id\":\"" + member + "\",\"task\":\"go\"}"));
        };
    }

    private static TestModel turns(ToolCall... calls) {
        var turns = new java.util.ArrayList<TestModel.Turn>();
        for (var call : calls) {
            turns.add(TestModel.calls(call));
        }
        turns.add(says("done"));
        return TestModel.of(turns.toArray(TestModel.Turn[]::new));
    }
}
