package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.run.event.RunCancelled;
import dev.rein.run.event.RunCompleted;
import dev.rein.run.event.RunContent;
import dev.rein.run.event.RunError;

/** Prints an answer while the model writes it. */
public final class StreamAgent {
    private StreamAgent() {}

    public static void main(String... args) {
        var storyteller = Agent.of(ExampleModel.of(args), "You tell short stories.");
        try (var events = storyteller.stream("Tell me about a dragon who learns to code.")) {
            for (var event : events) {
                switch (event) {
                    case RunContent e -> System.out.print(e.content());
                    case RunCompleted e ->
                        System.out.println("\n" + e.metrics().usage().outputTokens() + " tokens");
                    case RunCancelled e ->
                        System.out.println("\ncancelled: " + e.cause().reason());
                    case RunError e ->
                        System.out.println("\nfailed: " + e.failure().message());
                    default -> {}
                }
            }
        }
    }
}
