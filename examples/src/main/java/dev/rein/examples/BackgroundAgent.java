package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.event.RunContent;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * Starts a run in the background, looks at it, and stops it when it takes too long once it writes: {@code [model
 * [seconds]]}.
 */
public final class BackgroundAgent {
    private BackgroundAgent() {}

    public static void main(String... args) throws InterruptedException {
        double seconds = args.length > 1 ? Double.parseDouble(args[1]) : 5;
        var analyst = Agent.of(ExampleModel.of(args), "You write thorough market analyses.");

        var run = analyst.start("Comprehensive market analysis for emerging technologies");
        System.out.println("Started run " + run.id() + ", status " + run.status());
        try (var events = run.events()) {
            for (var event : events) {
                if (event instanceof RunContent) {
                    System.out.println("It is writing, status " + run.status());
                    break; // leaves; the run goes on
                }
            }
        }
        try {
            var output = run.await(Duration.ofMillis(Math.round(seconds * 1000)));
            System.out.println("Ended in time: " + (output.isError() ? Outcome.of(output) : output.preview(200)));
        } catch (TimeoutException e) {
            var result = run.cancel(CancelRequest.now().reason("took more than " + seconds + " s"));
            System.out.println("Cancel answered " + result.outcome());
            var output = run.await();
            System.out.println(
                    "Ended " + output.status() + " with " + output.text().length() + " characters written");
        }
    }
}
