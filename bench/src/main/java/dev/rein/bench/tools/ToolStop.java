package dev.rein.bench.tools;

import dev.rein.agent.Agent;
import dev.rein.bench.harness.Measurement;
import dev.rein.bench.harness.Row;
import dev.rein.bench.harness.Samples;
import dev.rein.bench.harness.Statistic;
import dev.rein.run.RunStatus;
import dev.rein.runtime.Limits;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** Stops runs whose tool works, one after the other: from right before {@code cancel()} until the run has ended, and what still works afterwards. */
final class ToolStop implements Measurement {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration ENOUGH = Duration.ofSeconds(1);

    private final String kind;
    private final double goalMillis;
    private final Sizes sizes;
    private final Callable<Work> opener;

    /** @param goalMillis for the 99th percentile */
    ToolStop(String kind, double goalMillis, Sizes sizes, Callable<Work> opener) {
        this.kind = kind;
        this.goalMillis = goalMillis;
        this.sizes = sizes;
        this.opener = opener;
    }

    @Override
    public String title() {
        return "stops of tools: " + kind;
    }

    @Override
    public List<Row> measure(Consumer<String> notes) throws Exception {
        var times = new Samples();
        var left = new Samples();
        var lasting = new Samples();
        try (var work = opener.call()) {
            var agent = Agent.builder()
                    .name("Bench Agent")
                    .model(work.model())
                    .tools(work.tool())
                    .limits(Limits.none().tool(Duration.ofHours(1)))
                    .build();
            for (int i = -sizes.warmUp(); i < sizes.stops(); i++) {
                var run = agent.start("go");
                await(work, work.pieces());
                var before = System.nanoTime();
                run.cancel();
                var output = run.await(PATIENCE);
                var millis = (System.nanoTime() - before) / 1e6;
                if (output.status() != RunStatus.CANCELLED
                        || !output.abandoned().isEmpty()) {
                    throw new IllegalStateException("a run of tool " + kind + " ended as " + output.status() + " with "
                            + output.abandoned().size() + " abandoned threads");
                }
                var remaining = remaining(work);
                if (i >= 0) {
                    times.add(millis);
                    left.add(remaining);
                    lasting.add((System.nanoTime() - before) / 1e6);
                }
            }
        }
        return List.of(
                Row.of(ToolsGroup.NAME, "tool_stop/" + kind, "ms", times, null, Statistic.P99, goalMillis),
                Row.of(
                        ToolsGroup.NAME,
                        "tool_stop/" + kind + "/left_running",
                        "pieces",
                        left,
                        null,
                        Statistic.MAX,
                        0.0),
                Row.of(
                        ToolsGroup.NAME,
                        "tool_stop/" + kind + "/nothing_left",
                        "ms",
                        lasting,
                        null,
                        Statistic.P99,
                        null));
    }

    /** What is still there after a while. */
    private static int remaining(Work work) throws Exception {
        var end = System.nanoTime() + ENOUGH.toNanos();
        while (work.running() > 0 && System.nanoTime() < end) {
            Thread.sleep(1);
        }
        return work.running();
    }

    private void await(Work work, int pieces) throws Exception {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (work.running() != pieces) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(
                        "tool " + kind + " has " + work.running() + " pieces of work instead of " + pieces);
            }
            Thread.sleep(1);
        }
    }
}
