package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.ollama.Ollama;
import dev.rein.run.event.RunContent;
import dev.rein.tool.Tool;
import java.time.Duration;

/** A model of an Ollama server, which may be one's own: it calls a tool and prints what it thinks. */
public final class OllamaAgent {
    private OllamaAgent() {}

    /** What the model cannot know. */
    public static final class Cellar {
        @Tool("Lists the wines in the cellar")
        public String wines() {
            return "three bottles of Riesling, one of Barolo";
        }
    }

    /** The first argument is the model; the server is {@code OLLAMA_HOST}, or the one on this machine. */
    public static void main(String... args) {
        var model = Ollama.builder()
                .id(args.length > 0 ? args[0] : "qwen3")
                .contextLength(16_384)
                .keepAlive(Duration.ofMinutes(30))
                .build();
        var sommelier = Agent.builder()
                .model(model)
                .tools(new Cellar())
                .instructions("Recommend a wine that is in the cellar.")
                .build();
        try (var events = sommelier.stream("What goes with trout?")) {
            for (var event : events) {
                if (event instanceof RunContent content) {
                    var thought = content.reasoningContent();
                    System.out.print(thought == null ? content.content() : "[" + thought + "]");
                }
            }
            System.out.println("\n" + Outcome.of(events.output()));
        }
    }
}
