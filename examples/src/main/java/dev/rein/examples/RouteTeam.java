package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.team.Team;
import dev.rein.team.TeamMode;

/** A leader hands the request over to one member, whose answer is the team's. */
public final class RouteTeam {
    private RouteTeam() {}

    public static void main(String... args) {
        var model = ExampleModel.of(args);
        var first = Agent.builder()
                .name("French Translator")
                .role("Translates into French")
                .model(model)
                .build();
        var second = Agent.builder()
                .name("German Translator")
                .role("Translates into German")
                .model(model)
                .build();
        var team = Team.builder()
                .name("Small Team")
                .model(model)
                .members(first, second)
                .mode(TeamMode.ROUTE)
                .build();

        var output = team.run("How do you say \"dragon\" in French?");
        for (var member : output.memberResponses()) {
            System.out.println(member.componentId() + " said: " + member.text());
        }
        System.out.println(Outcome.of(output));
    }
}
