package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.anthropic.AnthropicBuilder;
import dev.rein.anthropic.AnthropicMessages;
import dev.rein.examples.ToolsAgent.WeatherTools;
import dev.rein.run.event.RunContent;
import dev.rein.run.event.ToolCallStarted;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.Script;

/**
 * Uses a model of Anthropic that thinks before it calls a tool, and has the provider cache the beginning of the conversation. Without {@code
 * ANTHROPIC_API_KEY} and {@code ANTHROPIC_BASE_URL}, a fake provider answers.
 */
public final class AnthropicAgent {
    private AnthropicAgent() {}

    public static void main(String... args) {
        var model = AnthropicMessages.builder().id(args.length > 0 ? args[0] : "claude-sonnet-4-5");
        if (System.getenv("ANTHROPIC_API_KEY") != null || System.getenv("ANTHROPIC_BASE_URL") != null) {
            ask(model);
            return;
        }
        System.out.println("A fake provider answers, because ANTHROPIC_API_KEY is not set.");
        try (var provider = FakeProvider.start()) {
            provider.enqueue(
                    Script.empty()
                            .thenReasoning("I do not know the weather, but a tool does.")
                            .thenOpaque("signature")
                            .thenToolCall("weather", "{\"city\":\"Oslo\"}"),
                    Script.text("It is sunny in Oslo."));
            ask(model.baseUrl(provider.url()));
        }
    }

    private static void ask(AnthropicBuilder model) {
        var agent = Agent.builder()
                .name("Weather Agent")
                .model(model.thinking(2_000).promptCaching(true).build())
                .tools(new WeatherTools())
                .instructions("Answer with the weather tools.")
                .build();
        try (var events = agent.stream("What is the weather in Oslo?")) {
            for (var event : events) {
                switch (event) {
                    case RunContent e when e.reasoningContent() != null -> System.out.print(e.reasoningContent());
                    case RunContent e -> System.out.print(e.content());
                    case ToolCallStarted e ->
                        System.out.println("\ncalls " + e.tool().toolName());
                    default -> {}
                }
            }
            System.out.println();
            System.out.println(Outcome.of(events.output()));
        }
    }
}
