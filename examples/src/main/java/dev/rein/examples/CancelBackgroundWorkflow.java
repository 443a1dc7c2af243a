package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.run.event.RunContent;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.time.Duration;

/**
 * Starts a workflow in the background and cancels it by its id some seconds after its first words: {@code [model
 * [seconds]]}.
 */
public final class CancelBackgroundWorkflow {
    private CancelBackgroundWorkflow() {}

    public static void main(String... args) throws InterruptedException {
        double seconds = args.length > 1 ? Double.parseDouble(args[1]) : 5;
        var model = ExampleModel.of(args);
        var analysis = Workflow.builder()
                .name("Long Running Analysis")
                .steps(
                        Step.of("Research", Agent.of(model, "You are a helpful assistant that can research the web.")),
                        Step.of("Deep Analysis", Agent.of(model, "You are a helpful assistant that can analyze.")),
                        Step.of(
                                "Report Generation",
                                Agent.of(model, "You are a helpful assistant that writes reports.")))
                .build();

        var run = analysis.start("Comprehensive market analysis for emerging technologies");
        System.out.println("Started workflow with run id " + run.id());

        try (var events = run.events()) {
            for (var event : events) {
                if (event instanceof RunContent) {
                    break; // leaves; the run goes on
                }
            }
        }
        Thread.sleep(Duration.ofMillis(Math.round(seconds * 1000)));

        if (analysis.cancelRun(run.id())) {
            System.out.println("Workflow " + run.id() + " is being cancelled");
        } else {
            System.out.println("Workflow " + run.id() + " had ended before");
        }
        var output = run.await();
        System.out.println("Status: " + Outcome.status(output));
        output.steps()
                .forEach(step ->
                        System.out.println("Step " + step.stepName() + ": " + (step.success() ? "done" : "not done")));
    }
}
