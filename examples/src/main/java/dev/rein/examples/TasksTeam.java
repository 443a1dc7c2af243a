package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.run.event.TaskCreated;
import dev.rein.run.event.TaskIterationCompleted;
import dev.rein.run.event.TaskUpdated;
import dev.rein.team.Team;
import dev.rein.team.TeamMode;

/** A leader makes a list of tasks that may depend on each other, and has members work them off. */
public final class TasksTeam {
    private TasksTeam() {}

    public static void main(String... args) {
        var model = ExampleModel.of(args);
        var first = Agent.builder()
                .name("Researcher")
                .role("Finds facts")
                .model(model)
                .build();
        var second = Agent.builder()
                .name("Writer")
                .role("Writes articles")
                .model(model)
                .build();
        var team = Team.builder()
                .name("Small Team")
                .model(model)
                .members(first, second)
                .mode(TeamMode.TASKS)
                .maxIterations(5)
                .build();

        try (var events = team.stream("Write a short article about dragons, from research to the last check.")) {
            for (var event : events) {
                switch (event) {
                    case TaskCreated e -> System.out.println("new: " + e.task().title());
                    case TaskUpdated e ->
                        System.out.println(e.task().title() + ": " + e.task().status());
                    case TaskIterationCompleted e ->
                        System.out.println("round " + e.iteration() + " of at most " + e.maxIterations() + " is over");
                    default -> {}
                }
            }
            System.out.println(Outcome.of(events.output()));
        }
    }
}
