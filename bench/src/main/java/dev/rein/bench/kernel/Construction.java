package dev.rein.bench.kernel;

import com.sun.management.ThreadMXBean;
import dev.rein.agent.Agent;
import dev.rein.bench.harness.Measurement;
import dev.rein.bench.harness.Row;
import dev.rein.bench.harness.Samples;
import dev.rein.bench.harness.Statistic;
import dev.rein.bench.provider.Models;
import dev.rein.model.Model;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What it costs to make an agent. One is made in less than the clock can tell, so a value is the mean of a small batch. */
final class Construction implements Measurement {
    private static final int BATCH = 100;
    private static final int WARM_UP_BATCHES = 2_000;
    private static final double GOAL_MICROS = 1;
    private static final double GOAL_MICROS_P99 = 5;
    private static final double GOAL_KIB = 1;

    /** Read by nobody; written so that the compiler can't leave the work out. */
    @SuppressWarnings("unused")
    private static volatile @Nullable Agent last;

    private final int batches;

    Construction(int batches) {
        this.batches = batches;
    }

    @Override
    public String title() {
        return "construction of agents";
    }

    @Override
    public List<Row> measure(Consumer<String> notes) {
        Model model = new Models.Instant();
        Supplier<Agent> named = () -> Agent.builder()
                .name("Research Agent")
                .model(model)
                .instructions("Research the topic and give key facts.")
                .build();
        Supplier<Agent> nameless = () -> Agent.of(model, "Research the topic and give key facts.");
        time(named, Math.min(WARM_UP_BATCHES, batches));
        time(nameless, Math.min(WARM_UP_BATCHES, batches));
        return Stream.concat(rows("named", named), rows("nameless", nameless)).toList();
    }

    private Stream<Row> rows(String kind, Supplier<Agent> construction) {
        var name = "agent_construction/" + kind;
        var time = time(construction, batches);
        var allocated = allocated(construction);
        return Stream.of(
                Row.of(KernelGroup.NAME, name + "/time", "us", time, null, Statistic.P50, GOAL_MICROS),
                Row.of(KernelGroup.NAME, name + "/time", "us", time, null, Statistic.P99, GOAL_MICROS_P99),
                Row.of(KernelGroup.NAME, name + "/allocated", "KiB", allocated, null, Statistic.MAX, GOAL_KIB));
    }

    private static Samples time(Supplier<Agent> construction, int times) {
        var samples = new Samples();
        for (var i = 0; i < times; i++) {
            var started = System.nanoTime();
            for (var j = 0; j < BATCH; j++) {
                last = construction.get();
            }
            samples.add((System.nanoTime() - started) / 1e3 / BATCH);
        }
        return samples;
    }

    private Samples allocated(Supplier<Agent> construction) {
        var bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var samples = new Samples();
        for (var i = 0; i < batches; i++) {
            var before = bean.getCurrentThreadAllocatedBytes();
            for (var j = 0; j < BATCH; j++) {
                last = construction.get();
            }
            samples.add((bean.getCurrentThreadAllocatedBytes() - before) / 1024.0 / BATCH);
        }
        return samples;
    }
}
