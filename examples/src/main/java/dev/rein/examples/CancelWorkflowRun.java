package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.run.event.RunContent;
import dev.rein.run.event.StepCompleted;
import dev.rein.run.event.WorkflowCancelled;
import dev.rein.tools.web.WebSearchTools;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * Runs a workflow in one thread; this one waits until it has been writing for some seconds, and cancels it by its id: {@code
 * [model [seconds]]}.
 */
public final class CancelWorkflowRun {
    private CancelWorkflowRun() {}

    public static void main(String... args) throws InterruptedException {
        double seconds = args.length > 1 ? Double.parseDouble(args[1]) : 8;
        var researcher = Agent.builder()
                .name("Research Agent")
                .model(ExampleModel.of(args))
                .tools(new WebSearchTools())
                .instructions("Research the given topic and provide key facts and insights.")
                .build();
        var writer = Agent.builder()
                .name("Writing Agent")
                .model(ExampleModel.of(args))
                .instructions("Write a comprehensive article based on the research. Make it engaging.")
                .build();
        var article = Workflow.builder()
                .description("Automated article creation from research to writing")
                .steps(Step.of("research", researcher), Step.of("writing", writer))
                .debug(true)
                .build();

        try (var events = article.stream("Write a very long story about a dragon who learns to code.")) {
            var begun = new CountDownLatch(1);
            var reader = Thread.ofPlatform().name("reader").start(() -> {
                for (var event : events) {
                    switch (event) {
                        case RunContent e -> {
                            System.out.print(e.content());
                            begun.countDown();
                        }
                        case StepCompleted e ->
                            System.out.println("\n[STEP] " + e.step().stepName() + " is done");
                        case WorkflowCancelled e ->
                            System.out.println("\n[CANCELLED] steps that had begun: "
                                    + e.steps().size());
                        default -> {}
                    }
                }
                begun.countDown(); // it may have ended without a word
            });

            System.out.println("[WAIT] Will cancel the run " + seconds + " seconds after its first words");
            begun.await();
            if (reader.join(Duration.ofMillis(Math.round(seconds * 1000)))) {
                System.out.println("[END] The run ended before");
            } else {
                var accepted = article.cancelRun(events.runId());
                System.out.println("\n[CANCEL] Answer: " + accepted);
                reader.join();
            }

            var result = events.output();
            System.out.println("Status: " + Outcome.status(result));
            for (var step : result.steps()) {
                System.out.println("Step " + step.stepName() + ": " + (step.success() ? "done" : step.error()));
            }
            System.out.println("Content preview: " + result.preview(200));
        }
    }
}
