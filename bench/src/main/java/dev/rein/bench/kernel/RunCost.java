package dev.rein.bench.kernel;

import dev.rein.agent.Agent;
import dev.rein.bench.harness.Measurement;
import dev.rein.bench.harness.Row;
import dev.rein.bench.harness.Samples;
import dev.rein.bench.harness.Statistic;
import dev.rein.bench.provider.Models;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A whole run with a model that answers at once, waited for; beside it what any run costs that has a thread of its own: a
 * virtual thread is started and waited for. Every single run is timed.
 */
final class RunCost implements Measurement {
    private static final int BLOCK = 500;
    private static final int WARM_UP = 20_000;
    private static final double ALLOWANCE_MICROS = 30;
    private static final double ALLOWANCE_MICROS_P99 = 300;

    private final Agent agent =
            Agent.builder().name("Bench Agent").model(new Models.Instant()).build();
    private final int count;

    RunCost(int count) {
        this.count = count;
    }

    private record Measured(Samples run, Samples bare) {}

    @Override
    public String title() {
        return count + " runs with an instant model";
    }

    @Override
    public List<Row> measure(Consumer<String> notes) throws InterruptedException, ExecutionException {
        var warmUp = count < BLOCK ? count : WARM_UP;
        on(Thread.ofVirtual(), warmUp);
        on(Thread.ofPlatform(), warmUp);
        var virtual = on(Thread.ofVirtual(), count);
        var platform = on(Thread.ofPlatform(), count);
        return Stream.concat(rows("virtual", virtual), rows("platform", platform))
                .toList();
    }

    private static Stream<Row> rows(String thread, Measured measured) {
        var name = "run/from_" + thread + "_thread";
        return Stream.of(
                Row.above(KernelGroup.NAME, name, "us", measured.run, measured.bare, Statistic.P50, ALLOWANCE_MICROS),
                Row.above(
                        KernelGroup.NAME,
                        name,
                        "us",
                        measured.run,
                        measured.bare,
                        Statistic.P99,
                        ALLOWANCE_MICROS_P99));
    }

    private Measured on(Thread.Builder caller, int times) throws InterruptedException, ExecutionException {
        var result = new CompletableFuture<Measured>();
        caller.start(() -> {
            try {
                result.complete(measure(times));
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result.get();
    }

    private Measured measure(int times) throws InterruptedException {
        var run = new Samples();
        var bare = new Samples();
        for (var done = 0; done < times; done += BLOCK) {
            for (var i = 0; i < BLOCK; i++) {
                var started = System.nanoTime();
                var output = agent.run("Hi");
                run.add((System.nanoTime() - started) / 1e3);
                if (!output.isCompleted()) {
                    throw new IllegalStateException("the run did not complete: " + output);
                }
            }
            for (var i = 0; i < BLOCK; i++) {
                var started = System.nanoTime();
                Thread.startVirtualThread(() -> {}).join();
                bare.add((System.nanoTime() - started) / 1e3);
            }
        }
        return new Measured(run, bare);
    }
}
