package dev.rein.spring;

import dev.rein.runtime.Runs;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Down once too many threads of tools would not stop: runs that use such tools are rejected then. */
final class RunsHealthIndicator extends AbstractHealthIndicator {
    private final Runs runs;

    RunsHealthIndicator(Runs runs) {
        super("the health of the runs is unknown");
        this.runs = runs;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        health.status(runs.healthy() ? "UP" : "DOWN")
                .withDetail("liveRuns", runs.live().size())
                .withDetail("abandonedThreads", runs.abandonedThreads())
                .withDetail("pendingWrites", runs.pendingWrites())
                .withDetail("lostWrites", runs.lostWrites());
    }
}
