package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.run.ComponentKind;
import dev.rein.run.event.RunCancelled;
import dev.rein.run.event.RunContent;
import dev.rein.team.Team;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * Cancels a team from another thread, some seconds after its first words; its member is stopped with it: {@code [model
 * [seconds]]}.
 */
public final class CancelTeamRun {
    private CancelTeamRun() {}

    public static void main(String... args) {
        double seconds = args.length > 1 ? Double.parseDouble(args[1]) : 8;
        var storyteller = Agent.builder()
                .name("StorytellerAgent")
                .model(ExampleModel.responses(args))
                .description("An agent that writes creative stories")
                .build();
        var editor = Agent.builder()
                .name("EditorAgent")
                .model(ExampleModel.responses(args))
                .description("An agent that reviews and improves stories")
                .build();
        var team = Team.builder()
                .name("Storytelling Team")
                .members(storyteller, editor)
                .model(ExampleModel.responses(args)) // the leader's
                .description("A team that collaborates to write detailed stories")
                .build();

        try (var events = team.stream("Write a very long story about a dragon who learns to code. "
                + "Make it at least 2000 words with detailed descriptions and dialogue.")) {
            var runId = events.runId();
            var begun = new CountDownLatch(1);
            System.out.println(
                    "Team run " + runId + " will be cancelled " + seconds + " seconds after its first words");
            Thread.ofPlatform().daemon().start(() -> cancelAfter(begun, seconds, team, runId));

            for (var event : events) {
                switch (event) {
                    case RunContent e -> {
                        System.out.print(e.content()); // the leader's and the members'
                        begun.countDown();
                    }
                    case RunCancelled e
                    when e.source() == ComponentKind.TEAM ->
                        System.out.println(
                                "Team run was cancelled: " + e.cause().reason());
                    case RunCancelled e ->
                        System.out.println("\nMember run was cancelled: "
                                + e.meta().origin().componentName());
                    default -> {}
                }
            }

            var result = events.output();
            System.out.println("Status: " + Outcome.status(result));
            System.out.println("Content preview: " + result.preview(200));
            for (var member : result.memberResponses()) {
                System.out.println("Member " + member.componentId() + ": " + member.status() + ", "
                        + member.text().length() + " characters");
            }
        }
    }

    private static void cancelAfter(CountDownLatch begun, double seconds, Team team, String runId) {
        try {
            begun.await();
            Thread.sleep(Duration.ofMillis(Math.round(seconds * 1000)));
        } catch (InterruptedException e) {
            return;
        }
        if (!team.cancelRun(runId)) {
            System.out.println("\nTeam run " + runId + " had ended before");
        }
    }
}
