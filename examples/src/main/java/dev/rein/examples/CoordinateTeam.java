package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.team.Team;
import dev.rein.team.TeamMode;

/** A leader gives tasks to the members that fit, and writes the answer from theirs. */
public final class CoordinateTeam {
    private CoordinateTeam() {}

    public static void main(String... args) {
        var model = ExampleModel.of(args);
        var first = Agent.builder()
                .name("Storyteller")
                .role("Writes short stories")
                .model(model)
                .build();
        var second = Agent.builder()
                .name("Editor")
                .role("Reviews and improves stories")
                .model(model)
                .build();
        var team = Team.builder()
                .name("Small Team")
                .model(model)
                .members(first, second)
                .mode(TeamMode.COORDINATE)
                .build();

        var output = team.run("Tell me a short story about a dragon, and check its grammar.");
        for (var member : output.memberResponses()) {
            System.out.println(member.componentId() + " said: " + member.text());
        }
        System.out.println(Outcome.of(output));
    }
}
