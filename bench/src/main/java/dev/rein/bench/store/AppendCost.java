package dev.rein.bench.store;

import dev.rein.agent.Agent;
import dev.rein.bench.harness.Measurement;
import dev.rein.bench.harness.Row;
import dev.rein.bench.harness.Samples;
import dev.rein.bench.harness.Statistic;
import dev.rein.bench.provider.Models;
import dev.rein.runtime.RunOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** What one more run costs in a session that has nine, and in one that has a thousand: the whole run, with ten of history. */
final class AppendCost implements Measurement {
    private static final int SHORT_SESSION = 9;
    private static final double MOST_RATIO = 1.2;
    private static final double MOST_RATIO_P99 = 2;

    /** On a busy machine a write may take longer than a run waits for it as a rule. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final int count;
    private final int longSession;

    AppendCost(int count, int longSession) {
        this.count = count;
        this.longSession = longSession;
    }

    @Override
    public String title() {
        return count + " runs appended to a session of " + longSession + " runs, and to one of " + SHORT_SESSION;
    }

    @Override
    public List<Row> measure(Consumer<String> notes) throws IOException {
        try (var file = new TempFile()) {
            var agent = Agent.builder()
                    .name("Bench Agent")
                    .model(new Models.Instant())
                    .store(file.store())
                    .storeWait(PATIENCE)
                    .addHistory(SHORT_SESSION)
                    .build();
            fill(agent, "long", longSession - count / 2);
            var tenth = new Samples();
            var thousandth = new Samples();
            // In turns, so that a busy moment of the machine falls on both.
            for (var i = 0; i < count; i++) {
                fill(agent, "short " + i, SHORT_SESSION);
                tenth.add(micros(agent, "short " + i));
                thousandth.add(micros(agent, "long"));
            }
            return List.of(
                    Row.of(StoreGroup.NAME, "append_run/10th", "us", tenth, null, Statistic.P50, null),
                    Row.of(
                            StoreGroup.NAME,
                            "append_run/" + longSession + "th",
                            "us",
                            thousandth,
                            tenth,
                            Statistic.P50,
                            tenth.percentile(50) * MOST_RATIO),
                    Row.of(
                            StoreGroup.NAME,
                            "append_run/" + longSession + "th",
                            "us",
                            thousandth,
                            tenth,
                            Statistic.P99,
                            tenth.percentile(99) * MOST_RATIO_P99));
        }
    }

    private static void fill(Agent agent, String session, int runs) {
        for (var i = 0; i < runs; i++) {
            micros(agent, session);
        }
    }

    private static double micros(Agent agent, String session) {
        var startedAt = System.nanoTime();
        var output = agent.run("Go", RunOptions.defaults().sessionId(session));
        var micros = (System.nanoTime() - startedAt) / 1e3;
        if (!output.isCompleted() || !output.stored()) {
            throw new IllegalStateException("the run was not stored: " + output);
        }
        return micros;
    }
}
