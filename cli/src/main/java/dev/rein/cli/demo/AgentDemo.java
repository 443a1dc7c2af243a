package dev.rein.cli.demo;

import dev.rein.agent.Agent;
import dev.rein.runtime.Component;
import java.time.Duration;

/** An agent that tells a long story. */
final class AgentDemo implements Demo {

    @Override
    public String title() {
        return "agent";
    }

    @Override
    public String heading() {
        return "An agent, stopped from another thread";
    }

    @Override
    public Component component(DemoContext context) {
        return Agent.builder()
                .name("Storyteller")
                .model(context.model())
                .instructions("You tell long stories, with detailed descriptions and dialogue.")
                .build();
    }

    @Override
    public Duration cancelAfter() {
        return Duration.ofSeconds(3);
    }
}
