package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.team.Team;

/** Prints a team's run with its members, tool calls, times and tokens; Ctrl-C stops it. */
public final class PrintTeam {
    private PrintTeam() {}

    public static void main(String... args) {
        var writer = Agent.builder()
                .name("Writer")
                .role("writes stories")
                .model(ExampleModel.of(args))
                .build();
        var editor = Agent.builder()
                .name("Editor")
                .role("reviews stories")
                .model(ExampleModel.of(args))
                .build();
        var team = Team.builder()
                .name("Storytelling Team")
                .model(ExampleModel.of(args))
                .members(writer, editor)
                .build();

        var output = team.print("Write a short story about a dragon who learns to code.");

        System.out.println(Outcome.status(output));
    }
}
