package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.run.event.RunContent;
import dev.rein.run.event.RunError;
import dev.rein.run.event.Terminal;
import dev.rein.run.event.ToolCallCompleted;
import dev.rein.run.event.ToolCallStarted;
import dev.rein.tools.shell.ShellTools;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Lets an agent work in a shell, and stops it, with every process that it has started, some seconds after its first
 * command: {@code [model [seconds]]}.
 */
public final class ShellAgent {
    private ShellAgent() {}

    public static void main(String... args) {
        double seconds = args.length > 1 ? Double.parseDouble(args[1]) : 30;
        var agent = Agent.builder()
                .name("Operator")
                .model(ExampleModel.of(args))
                .tools(ShellTools.builder().directory(Path.of(".")).build())
                .instructions("Answer by running shell commands. Change nothing.")
                .build();

        try (var events = agent.stream("How many files are in this directory, and which is the largest?")) {
            for (var event : events) {
                switch (event) {
                    case RunContent e -> System.out.print(e.content());
                    case ToolCallStarted e -> {
                        System.out.println("$ " + e.tool().arguments());
                        events.cancelAfter(Duration.ofMillis(Math.round(seconds * 1000)));
                    }
                    case ToolCallCompleted e -> System.out.println(e.tool().result());
                    case RunError e ->
                        System.out.println("\nfailed: " + e.failure().message());
                    case Terminal e -> System.out.println("\nended " + e.status());
                    default -> {}
                }
            }
        }
    }
}
