package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;

/** Two background runs work at once, others queue by priority; room is made for an urgent one. */
public final class PrioritiesAndRoom {
    private PrioritiesAndRoom() {}

    public static void main(String... args) throws InterruptedException {
        var writer = Agent.of(ExampleModel.of(args), "You write long reports.");
        Runs.shared().maxConcurrentRuns(2, 10);

        var normal = writer.start("Report on clocks", RunOptions.defaults().priority(5));
        var low = writer.start("Report on geese", RunOptions.defaults().priority(1));
        var urgent = writer.start("Report on fire", RunOptions.defaults().priority(9));
        System.out.println("The urgent run is " + urgent.status() + ", because two others work");

        for (var result : Runs.shared().preempt(1)) {
            System.out.println(
                    "Stopped the run of the lowest priority: " + result.runId().equals(low.id()));
        }
        var cause = low.await().cause();
        System.out.println("Low: " + low.status() + (cause == null ? "" : ", " + cause.reason()));
        System.out.println("Urgent: " + urgent.await().status());
        System.out.println("Normal: " + normal.await().status());
    }
}
