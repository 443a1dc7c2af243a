package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.run.Decision;
import dev.rein.run.StepOutput;
import dev.rein.run.event.StepPaused;
import dev.rein.runtime.Runs;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;

/** A step that people must confirm: the workflow is paused until they have: {@code [model [yes|no]]}. */
public final class ApproveStep {
    private ApproveStep() {}

    public static void main(String... args) {
        var approved = args.length < 2 || args[1].equals("yes");
        var publishing = Workflow.builder()
                .name("Publishing")
                .steps(
                        Step.of("write", Agent.of(ExampleModel.of(args), "Write one sentence of news.")),
                        Step.of("publish", input -> StepOutput.of("Published: " + input.text()))
                                .confirm("Publish it?"))
                .build();

        String runId;
        try (var events = publishing.stream("A dragon has learned to code.")) {
            for (var event : events) {
                if (event instanceof StepPaused e) {
                    System.out.println(
                            e.step().stepName() + " waits: " + e.requirement().message());
                }
            }
            runId = events.runId();
        } // a stream ends at a pause, and leaving it there stops nothing

        var requirement = Runs.shared()
                .handle(runId)
                .orElseThrow()
                .output()
                .requirements()
                .getFirst();
        var decision = approved ? Decision.confirm(requirement.id()) : Decision.reject(requirement.id());
        try (var events = publishing.continueStream(runId, decision)) {
            events.forEach(event -> System.out.println("- " + event.name()));
            var output = events.output();
            System.out.println(Outcome.of(output));
        }
    }
}
