package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.run.event.RunCancelled;
import dev.rein.run.event.RunContent;
import dev.rein.run.event.StepStarted;
import dev.rein.run.event.WorkflowCancelled;
import dev.rein.run.event.WorkflowCompleted;
import dev.rein.run.event.WorkflowError;
import dev.rein.tools.web.HackerNewsTools;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * Streams a workflow in this thread and cancels it from another one, some seconds after its first words: {@code [model
 * [seconds]]}.
 */
public final class CancelWorkflowWhileStreaming {
    private static final String STORY = "Write a very long story about a dragon who learns to code. "
            + "Make it at least 2000 words with detailed descriptions and dialogue. "
            + "Take your time and be very thorough.";

    private CancelWorkflowWhileStreaming() {}

    public static void main(String... args) {
        double seconds = args.length > 1 ? Double.parseDouble(args[1]) : 8;
        var researcher = Agent.builder()
                .name("Research Agent")
                .model(ExampleModel.responses(args))
                .tools(new HackerNewsTools())
                .instructions("Research the given topic and provide key facts and insights.")
                .build();
        var writer = Agent.builder()
                .name("Writing Agent")
                .model(ExampleModel.responses(args))
                .instructions("Write a comprehensive article based on the research. Make it engaging.")
                .build();
        var article = Workflow.builder()
                .description("Automated article creation from research to writing")
                .steps(
                        Step.of("research", researcher).description("Research the topic and gather information"),
                        Step.of("writing", writer).description("Write an article based on the research"))
                .debug(true)
                .build();

        try (var events = article.stream(STORY)) {
            var runId = events.runId();
            var begun = new CountDownLatch(1);
            System.out.println(
                    "> workflow run " + runId + " will be cancelled " + seconds + " seconds after its first words");
            Thread.ofPlatform().daemon().start(() -> cancelAfter(begun, seconds, article, runId));

            for (var event : events) {
                switch (event) {
                    case StepStarted e ->
                        System.out.println("\n> step " + e.step().stepName());
                    case RunContent e -> {
                        System.out.print(e.content());
                        System.out.flush();
                        begun.countDown();
                    }
                    case RunCancelled e -> System.out.println("\n> the step's run was cancelled: " + e.runId());
                    case WorkflowCancelled e ->
                        System.out.println(
                                "> workflow run was cancelled: " + e.cause().reason());
                    case WorkflowCompleted _ -> System.out.println("\n> workflow run completed before that");
                    case WorkflowError e ->
                        System.out.println(
                                "\n> workflow run failed: " + e.failure().message());
                    default -> {}
                }
            }

            var result = events.output();
            System.out.println("Status: " + Outcome.status(result));
            System.out.println("Run ID: " + result.runId());
            System.out.println("Was cancelled: " + result.isCancelled());
            System.out.println("Content preview: " + result.preview(200));
        }
    }

    private static void cancelAfter(CountDownLatch begun, double seconds, Workflow workflow, String runId) {
        try {
            begun.await();
            Thread.sleep(Duration.ofMillis(Math.round(seconds * 1000)));
        } catch (InterruptedException e) {
            return;
        }
        if (workflow.cancelRun(runId)) {
            System.out.println("\n> workflow run " + runId + " will end cancelled");
        } else {
            System.out.println("\n> workflow run " + runId + " had ended before");
        }
    }
}
