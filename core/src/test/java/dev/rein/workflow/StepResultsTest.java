package dev.rein.workflow;

import static dev.rein.agent.TestModel.says;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.agent.TestModel;
import dev.rein.run.RunFailedException;
import dev.rein.run.RunStatus;
import dev.rein.run.StepOutput;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What later steps see of the results of earlier ones: of nested workflows, as values, and when there are none. */
class StepResultsTest {
    /** A value. */
    record Story(String title, List<String> characters) {}

    private static Workflow workflow(WorkflowStep... steps) {
        return Workflow.builder().steps(steps).build();
    }

    private static Step saying(String name, String text) {
        return Step.of(name, _ -> StepOutput.of(text));
    }

    // ---- nested workflows

    @Test
    void theResultsOfANestedWorkflowAreInItsStepAndFoundByName() {
        var innermost = workflow(saying("deepest", "deep"));
        var inner =
                workflow(saying("inner", "one"), Parallel.of("both", saying("left", "l")), Step.of("below", innermost));
        var found = new AtomicReference<@Nullable String>();
        var output = workflow(Step.of("nested", inner), Step.of("last", input -> {
                    found.set(input.content("inner")
                            + input.content("left")
                            + input.content("deepest")
                            + input.content("none"));
                    assertThat(input.outputs()).containsOnlyKeys("nested");
                    return StepOutput.of("done");
                }))
                .run("Go");
        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(found.get()).isEqualTo("oneldeepnull");
        var nested = output.steps().getFirst();
        assertThat(nested.steps()).extracting(StepOutput::stepName).containsExactly("inner", "both", "below");
        assertThat(nested.steps().getLast().steps())
                .extracting(StepOutput::content)
                .containsExactly("deep");
        assertThat(nested.content()).isEqualTo("deep");
    }

    @Test
    void aStepOfTheWorkflowItselfComesBeforeOneOfANestedWorkflow() {
        var output = workflow(
                        saying("facts", "mine"),
                        Step.of("nested", workflow(saying("facts", "theirs"))),
                        Step.of("last", input -> StepOutput.of(String.valueOf(input.content("facts")))))
                .run("Go");
        assertThat(output.text()).isEqualTo("mine");
    }

    @Test
    void ofSeveralNestedWorkflowsTheLatestResultIsFound() {
        var output = workflow(
                        Step.of("first", workflow(saying("facts", "old"))),
                        Step.of("second", workflow(saying("facts", "new"))),
                        Step.of("last", input -> StepOutput.of(String.valueOf(input.content("facts")))))
                .run("Go");
        assertThat(output.text()).isEqualTo("new");
    }

    // ---- empty results

    @Test
    void anAgentAfterAnEmptyResultGetsTheInputOfTheWorkflow() {
        for (var empty : List.of("", " \n")) {
            var model = TestModel.of(says("Done."));
            var agent = Agent.builder().model(model).build();
            workflow(saying("empty", empty), Step.of("agent", agent)).run("Go");
            assertThat(model.told(0).content()).isEqualTo("Go");
        }
    }

    // ---- ends of branches

    @Test
    void aBranchThatEndsTheWorkflowGivesItsText() {
        var output = workflow(
                        Parallel.of(
                                "both",
                                saying("a", "ignored"),
                                Step.of("b", _ -> StepOutput.stopWith("over")),
                                Step.of("c", _ -> StepOutput.stopWith("too late"))),
                        saying("last", "never"))
                .run("Go");
        assertThat(output.text()).isEqualTo("over");
        assertThat(output.steps()).hasSize(1);
    }

    // ---- values

    @Test
    void aFunctionMakesAValueAndTheNextStepReadsIt() {
        var output = workflow(
                        Step.of("write", _ -> StepValues.of(new Story("Odile", List.of("a dragon")))),
                        Condition.of(
                                        "long?",
                                        input -> input.value(Story.class)
                                                        .characters()
                                                        .size()
                                                > 1,
                                        saying("shorten", "{}"))
                                .otherwise(Step.of(
                                        "title",
                                        input -> StepValues.of(
                                                input.value(Story.class).title()
                                                        + input.value("write", Story.class)
                                                                .title()))))
                .run("Go", String.class);
        assertThat(output.value()).isEqualTo("OdileOdile");
    }

    @Test
    void theWorkflowAnswersWithTheValueOfItsLastStep() {
        var model = TestModel.of(says("{\"title\": \"Odile\", \"characters\": []}"));
        var writer = Agent.builder().model(model).answersWith(Story.class).build();
        var nested = workflow(Step.of("nested", workflow(Step.of("write", writer))));
        assertThat(nested.run("Go", Story.class).value().title()).isEqualTo("Odile");
    }

    @Test
    void aValueOfTheFirstStepOrOfTheWrongTypeFailsTheStepWithTheReason() {
        var first = workflow(Step.of("a", input -> StepValues.of(input.value(Story.class))))
                .run("Go");
        assertThat(failure(first::orThrow)).contains("there is no previous result");
        var wrong = workflow(saying("a", "no JSON"), Step.of("b", input -> StepValues.of(input.value(Story.class))))
                .run("Go");
        assertThat(failure(wrong::orThrow)).contains("the output of step \"a\" is not a valid Story");
    }

    private static String failure(Runnable code) {
        try {
            code.run();
            return "none";
        } catch (RunFailedException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
