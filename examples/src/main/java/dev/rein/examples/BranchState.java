package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.run.StepOutput;
import dev.rein.workflow.Parallel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.util.Map;
import java.util.TreeMap;

/** Parallel branches have copies of the session state, which are merged when all have ended. */
public final class BranchState {
    private BranchState() {}

    public static void main(String... args) {
        var counter = Agent.of(ExampleModel.of(args), "Name three of them, separated by commas.");
        var workflow = Workflow.builder()
                .name("Collecting")
                .sessionState(Map.of("topic", "dragons"))
                .steps(
                        Step.of("names", counter),
                        Parallel.of(
                                "counting",
                                Step.of("letters", input -> {
                                    input.sessionState()
                                            .put("letters", input.text().length());
                                    input.sessionState().put("last", "letters");
                                    return StepOutput.of("counted letters");
                                }),
                                Step.of("words", input -> {
                                    input.sessionState()
                                            .put("words", input.text().split(",").length);
                                    input.sessionState().put("last", "words");
                                    return StepOutput.of("counted words");
                                })),
                        Step.of("sum", input -> StepOutput.of("State: " + new TreeMap<>(input.sessionState()))))
                .build();

        var output = workflow.run("Famous dragons").orThrow();
        System.out.println(output.text());
        output.stateConflicts().forEach(conflict -> System.out.println("Conflict: " + conflict));
    }
}
