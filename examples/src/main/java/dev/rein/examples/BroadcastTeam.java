package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.team.Team;
import dev.rein.team.TeamMode;

/** All members work on one task at once, and the leader sums up what they say. */
public final class BroadcastTeam {
    private BroadcastTeam() {}

    public static void main(String... args) {
        var model = ExampleModel.of(args);
        var first = Agent.builder()
                .name("Optimist")
                .role("Sees the chances")
                .model(model)
                .build();
        var second = Agent.builder()
                .name("Pessimist")
                .role("Sees the dangers")
                .model(model)
                .build();
        var team = Team.builder()
                .name("Small Team")
                .model(model)
                .members(first, second)
                .mode(TeamMode.BROADCAST)
                .build();

        var output = team.run("Should dragons learn to code?");
        for (var member : output.memberResponses()) {
            System.out.println(member.componentId() + " said: " + member.text());
        }
        System.out.println(Outcome.of(output));
    }
}
