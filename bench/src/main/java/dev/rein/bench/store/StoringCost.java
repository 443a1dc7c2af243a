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

/** A run of 500 chunks that is streamed as fast as it is read, stored in SQLite; the floor is the same run without a store. */
final class StoringCost implements Measurement {
    private static final int CHUNKS = 500;
    private static final double ALLOWANCE_MILLIS = 3;
    private static final double ALLOWANCE_MILLIS_P99 = 20;
    private static final double ALLOWANCE_MILLIS_ALL = 6;
    private static final double ALLOWANCE_MILLIS_ALL_P99 = 40;

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
            var stored = new Samples();
            var allStored = new Samples();
            for (var i = 0; i < count; i++) {
                bare.add(millis(without));
                stored.add(millis(with));
                allStored.add(millis(all));
            }
            return List.of(
                    row("stored", stored, bare, Statistic.P50, ALLOWANCE_MILLIS),
                    row("stored", stored, bare, Statistic.P99, ALLOWANCE_MILLIS_P99),
                    row("stored_with_all_events", allStored, bare, Statistic.P50, ALLOWANCE_MILLIS_ALL),
                    row("stored_with_all_events", allStored, bare, Statistic.P99, ALLOWANCE_MILLIS_ALL_P99));
        }
    }

    private static Row row(String name, Samples samples, Samples floor, Statistic judged, double allowance) {
        return Row.above(
                StoreGroup.NAME, "run_of_" + CHUNKS + "_chunks/" + name, "ms", samples, floor, judged, allowance);
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
