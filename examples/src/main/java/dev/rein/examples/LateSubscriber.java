package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.run.event.RunContent;
import dev.rein.run.event.RunError;
import dev.rein.run.event.Terminal;
import dev.rein.runtime.Runs;
import java.time.Duration;

/** Follows a background run from its first event although it has been running for a while: {@code [model [seconds]]}. */
public final class LateSubscriber {
    private LateSubscriber() {}

    public static void main(String... args) throws InterruptedException {
        double seconds = args.length > 1 ? Double.parseDouble(args[1]) : 2;
        var storyteller = Agent.of(ExampleModel.of(args), "You tell stories.");
        var started = storyteller.start("Tell me about a dragon who learns to code.");
        Thread.sleep(Duration.ofMillis(Math.round(seconds * 1000)));

        // Whoever knows the id can follow the run; one that has ended is found in its store.
        var run = Runs.shared().handle(started.id());
        if (run.isEmpty()) {
            System.out.println("The run has ended already, " + Outcome.of(started.output()));
            return;
        }
        var lastIndex = -1L;
        try (var events = run.get().events()) {
            for (var event : events) {
                lastIndex = event.index();
                if (event instanceof RunContent e) {
                    System.out.print(e.content());
                    break; // leaves; the run goes on
                }
            }
        }
        try (var events = run.get().events(lastIndex)) {
            for (var event : events) {
                switch (event) {
                    case RunContent e -> System.out.print(e.content());
                    case RunError e ->
                        System.out.println("\nfailed: " + e.failure().message());
                    case Terminal e -> System.out.println("\nended " + e.status() + " with event " + e.index());
                    default -> {}
                }
            }
        }
    }
}
