package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.run.StepOutput;
import dev.rein.workflow.Condition;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.util.Locale;

/** Asks an agent what a message is about, and takes one way or the other. */
public final class ConditionSteps {
    private ConditionSteps() {}

    public static void main(String... args) {
        var model = ExampleModel.of(args);
        var support = Workflow.builder()
                .name("Support")
                .steps(
                        Step.of("classify", Agent.of(model, "Answer with one word: COMPLAINT or PRAISE.")),
                        Condition.of(
                                        "complaint?",
                                        input -> input.text()
                                                .toUpperCase(Locale.ROOT)
                                                .contains("COMPLAINT"),
                                        Step.of("apologise", Agent.of(model, "Write a short apology.")))
                                .otherwise(Step.of("thank", _ -> StepOutput.of("Thank you, we are glad!"))))
                .build();

        var output = support.run("The dragon burned my dinner.");
        System.out.println(Outcome.of(output));
    }
}
