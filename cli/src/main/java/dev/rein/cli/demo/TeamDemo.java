package dev.rein.cli.demo;

import dev.rein.agent.Agent;
import dev.rein.runtime.Component;
import dev.rein.team.Team;
import java.time.Duration;

/** A team whose leader delegates the story to its members. */
final class TeamDemo implements Demo {

    @Override
    public String title() {
        return "team";
    }

    @Override
    public String heading() {
        return "A team, stopped from another thread";
    }

    @Override
    public Component component(DemoContext context) {
        var storyteller = Agent.builder()
                .name("StorytellerAgent")
                .model(context.model())
                .description("An agent that writes creative stories")
                .build();
        var editor = Agent.builder()
                .name("EditorAgent")
                .model(context.model())
                .description("An agent that reviews and improves stories")
                .build();
        return Team.builder()
                .name("Storytelling Team")
                .model(context.model())
                .members(storyteller, editor)
                .description("A team that collaborates to write detailed stories")
                .build();
    }

    @Override
    public Duration cancelAfter() {
        return Duration.ofSeconds(6);
    }
}
