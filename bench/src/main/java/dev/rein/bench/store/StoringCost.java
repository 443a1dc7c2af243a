package dev.rein.bench.store;

import dev.rein.agent.Agent;
import dev.rein.agent.AgentBuilder;
import dev.rein.bench.harness.Measurement;
import dev.rein.bench.harness.Row;
import dev.rein.bench.harness.Samples;
import dev.rein.bench.harness.Statistic;
import dev.rein.bench.provider.Models;
import dev.rein.session.EventPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What storing adds to a run of 500 chunks that is streamed as fast as it is read: the same run with a store and without. */
final class StoringCost implements Measurement {
    private static final int CHUNKS = 500;
    private static final double GOAL_MILLIS = 3;

    private final int count;

    StoringCost(int count) {
        this.count = count;
    }

    @Override
    public String title() {
        return count + " runs of " + CHUNKS + " chunks with a store, and without";
    }

    @Override
    public List<Row> measure(Consumer<String> notes) throws IOException {
        try (var file = new TempFile()) {
            var without = agent().build();
            var with = agent().store(file.store()).build();
            var all = agent().store(file.store()).storeEvents(EventPolicy.ALL).build();
            for (var i = 0; i < Math.min(count, 100); i++) {
                millis(without);
                millis(with);
                millis(all);
            }
            var bare = new Samples();
            var cost = new Samples();
            var costOfAll = new Samples();
            for (var i = 0; i < count; i++) {
                var less = millis(without);
                bare.add(less);
                cost.add(millis(with) - less);
                costOfAll.add(millis(all) - less);
            }
            return List.of(
                    row("run_of_500_chunks/not_stored", bare, null),
                    row("run_of_500_chunks/cost_of_storing", cost, GOAL_MILLIS),
                    row("run_of_500_chunks/cost_of_storing_all_events", costOfAll, null));
        }
    }

    private static Row row(String name, Samples samples, @Nullable Double goal) {
        return Row.of(StoreGroup.NAME, name, "ms", samples, null, Statistic.P50, goal);
    }

    private static AgentBuilder agent() {
        // On a busy machine a write may take longer than a run waits for it as a rule.
        return Agent.builder()
                .name("Bench Agent")
                .model(new Models.Flood(CHUNKS))
                .storeWait(Duration.ofSeconds(30));
    }

    private static double millis(Agent agent) {
        var startedAt = System.nanoTime();
        try (var stream = agent.stream("Go")) {
            for (var _ : stream) {
                // Read as fast as it comes.
            }
            if (!stream.output().isCompleted() || !stream.output().stored()) {
                throw new IllegalStateException("the run was not stored: " + stream.output());
            }
        }
        return (System.nanoTime() - startedAt) / 1e6;
    }
}
