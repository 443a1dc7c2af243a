package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.run.RunContext;
import dev.rein.tool.Param;
import dev.rein.tool.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Gives an agent tools: annotated methods, one of which waits and cleans up when its run is cancelled. */
public final class ToolsAgent {
    private ToolsAgent() {}

    /** A weather report, as the model reads it: JSON. */
    public record Report(String city, int celsius, String sky) {}

    /** Any object with methods that carry {@link Tool} can be given to an agent. */
    public static final class WeatherTools {
        @Tool("Tells the weather in a city")
        public Report weather(@Param("The city's name") String city, RunContext context) throws IOException {
            var scratch = Files.createTempFile("weather", ".tmp");
            context.onCancelled(() -> delete(scratch));
            try {
                // Wakes up at once when the run is cancelled; Thread.sleep would do so too.
                context.cancellation().sleep(Duration.ofMillis(200));
                return new Report(city, 21, "sunny");
            } finally {
                delete(scratch);
            }
        }

        @Tool("Lists the cities with a weather station")
        public List<String> cities() {
            return List.of("Oslo", "Lisbon", "Graz");
        }

        private static void delete(Path file) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                System.err.println("could not delete " + file + ": " + e.getMessage());
            }
        }
    }

    public static void main(String... args) {
        var agent = Agent.builder()
                .name("Weather Agent")
                .model(ExampleModel.of(args))
                .tools(new WeatherTools())
                .instructions("Answer with the weather tools.")
                .build();
        var output = agent.run("What is the weather in Oslo?");
        for (var call : output.tools()) {
            System.out.println("called " + call.toolName() + call.arguments() + " -> " + call.result());
        }
        System.out.println(Outcome.of(output));
    }
}
