package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.run.event.RunCancelled;
import dev.rein.run.event.RunContent;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * Starts a run in one thread and cancels it, by its id, from another, some seconds after its first words: {@code [model
 * [seconds]]}.
 */
public final class CancelAgentFromAnotherThread {
    private CancelAgentFromAnotherThread() {}

    public static void main(String... args) {
        double seconds = args.length > 1 ? Double.parseDouble(args[1]) : 3;
        var storyteller = Agent.builder()
                .name("Storyteller")
                .model(ExampleModel.of(args))
                .instructions("You tell long stories, with detailed descriptions and dialogue.")
                .build();

        try (var events = storyteller.stream("Write a very long story about a dragon who learns to code. "
                + "Make it at least 2000 words with detailed descriptions and dialogue.")) {
            var runId = events.runId();
            var begun = new CountDownLatch(1);
            System.out.println("> run " + runId + " will be cancelled " + seconds + " seconds after its first words");
            Thread.ofPlatform().daemon().start(() -> cancelAfter(begun, seconds, storyteller, runId));

            for (var event : events) {
                switch (event) {
                    case RunContent e -> {
                        System.out.print(e.content());
                        System.out.flush();
                        begun.countDown();
                    }
                    case RunCancelled e ->
                        System.out.println("\n> run " + e.runId() + " was cancelled: "
                                + e.cause().reason());
                    default -> {}
                }
            }

            var result = events.output();
            System.out.println("Status: " + Outcome.status(result));
            System.out.println("Was cancelled: " + result.isCancelled());
            System.out.println("Content preview: " + result.preview(200));
            var stopTook = result.stopTook();
            if (stopTook != null) {
                System.out.println("The stop took " + stopTook.toMillis() + " ms");
            }
        }
    }

    private static void cancelAfter(CountDownLatch begun, double seconds, Agent agent, String runId) {
        try {
            begun.await();
            Thread.sleep(Duration.ofMillis(Math.round(seconds * 1000)));
        } catch (InterruptedException e) {
            return;
        }
        if (!agent.cancelRun(runId)) {
            System.out.println("\n> run " + runId + " had ended before");
        }
    }
}
