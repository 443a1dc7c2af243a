package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.run.event.LoopIterationCompleted;
import dev.rein.workflow.Loop;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;

/** Has a text shortened until it is short enough, three times at most. */
public final class LoopSteps {
    private static final int SHORT_ENOUGH = 120;

    private LoopSteps() {}

    public static void main(String... args) {
        var model = ExampleModel.of(args);
        var workflow = Workflow.builder()
                .name("Shortening")
                .steps(
                        Step.of("draft", Agent.of(model, "Write a paragraph.")),
                        Loop.of("shorten", Step.of("cut", Agent.of(model, "Make this text shorter.")))
                                .maxIterations(3)
                                .forwardOutput(true)
                                .until(results -> results.getLast().content().length() <= SHORT_ENOUGH))
                .build();

        try (var events = workflow.stream("Why dragons hoard clocks")) {
            for (var event : events) {
                if (event instanceof LoopIterationCompleted e) {
                    var length = e.results().getLast().content().length();
                    System.out.println("round " + e.iteration() + ": " + length + " characters");
                }
            }
            System.out.println(Outcome.of(events.output()));
        }
    }
}
