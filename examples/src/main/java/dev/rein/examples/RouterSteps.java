package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.run.event.RouterExecutionStarted;
import dev.rein.workflow.Router;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.util.List;

/** Chooses by code which steps are executed, and in which order. */
public final class RouterSteps {
    private RouterSteps() {}

    public static void main(String... args) {
        var model = ExampleModel.of(args);
        var workflow = Workflow.builder()
                .name("Editing")
                .steps(Router.of(
                        "what is needed",
                        input -> input.text().endsWith("?") ? List.of("answer") : List.of("correct", "translate"),
                        Step.of("answer", Agent.of(model, "Answer in one sentence.")),
                        Step.of("correct", Agent.of(model, "Correct the spelling.")),
                        Step.of("translate", Agent.of(model, "Translate into French."))))
                .build();

        try (var events = workflow.stream("Dragons lern to code.")) {
            for (var event : events) {
                if (event instanceof RouterExecutionStarted e) {
                    System.out.println("chosen: " + e.selected());
                }
            }
            System.out.println(Outcome.of(events.output()));
        }
    }
}
