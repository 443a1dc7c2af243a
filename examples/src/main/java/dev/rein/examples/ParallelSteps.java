package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.workflow.Parallel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;

/** Two agents work at the same time; a third one gets what both have written. */
public final class ParallelSteps {
    private ParallelSteps() {}

    public static void main(String... args) {
        var model = ExampleModel.of(args);
        var workflow = Workflow.builder()
                .name("Debate")
                .steps(
                        Parallel.of(
                                "views",
                                Step.of("for", Agent.of(model, "Argue for it, in two sentences.")),
                                Step.of("against", Agent.of(model, "Argue against it, in two sentences."))),
                        Step.of("verdict", Agent.of(model, "Weigh the arguments, and decide.")))
                .build();

        var output = workflow.run("Dragons should learn to code.");
        for (var branch : output.steps().getFirst().steps()) {
            System.out.println(branch.stepName() + ": " + branch.content());
        }
        System.out.println(Outcome.of(output));
    }
}
