package dev.rein.bench.store;

import com.sun.management.OperatingSystemMXBean;
import dev.rein.agent.Agent;
import dev.rein.bench.harness.Measurement;
import dev.rein.bench.harness.Row;
import dev.rein.bench.harness.Samples;
import dev.rein.bench.harness.Statistic;
import dev.rein.bench.provider.Models;
import dev.rein.run.RunStatus;
import dev.rein.runtime.RunHandle;
import dev.rein.store.JdbcSessionStore;
import dev.rein.tool.Tool;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Processor time of a process whose runs all wait for people, stored in SQLite. The floor is the same process before: the store is
 * open and a run has ended, but none is live.
 */
final class PausedIdle implements Measurement {
    private static final double ALLOWANCE_PERCENT = 0.1;

    /** What the runs ask for. */
    public static final class Letters {
        @Tool(value = "Sends the letter.", requiresConfirmation = true)
        public String send() {
            return "sent";
        }
    }

    private final int count;
    private final int windows;
    private final Duration window;

    PausedIdle(int count, int windows, Duration window) {
        this.count = count;
        this.windows = windows;
        this.window = window;
    }

    @Override
    public String title() {
        return count + " paused runs, " + windows * window.toSeconds() + " s with and without";
    }

    @Override
    public List<Row> measure(Consumer<String> notes) throws IOException, InterruptedException {
        try (var file = new TempFile()) {
            var idle = new Samples();
            var paused = new Samples();
            agent(file.store(), 0).run("Go");
            percents(idle);
            var asking = agent(file.store(), 1);
            var runs = new ArrayList<RunHandle>();
            for (var i = 0; i < count; i++) {
                runs.add(asking.start("Go"));
            }
            for (var run : runs) {
                if (run.await().status() != RunStatus.PAUSED) {
                    throw new IllegalStateException("a run that was to ask has not: " + run.output());
                }
            }
            percents(paused);
            runs.forEach(RunHandle::cancel);
            for (var run : runs) {
                run.await();
            }
            return List.of(Row.above(
                    StoreGroup.NAME,
                    "paused_runs/" + count + "_idle",
                    "% of a core",
                    paused,
                    idle,
                    Statistic.P50,
                    ALLOWANCE_PERCENT));
        }
    }

    private static Agent agent(JdbcSessionStore store, int questions) {
        return Agent.builder()
                .name("Bench Agent")
                .model(new Models.Leader("send", "{}", questions))
                .tools(new Letters())
                .store(store)
                .build();
    }

    private void percents(Samples samples) throws InterruptedException {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        // What went before, such as compiling, is not what is measured.
        Thread.sleep(window);
        for (var i = 0; i < windows; i++) {
            var startedAt = System.nanoTime();
            var usedAt = system.getProcessCpuTime();
            Thread.sleep(window);
            samples.add(100.0 * (system.getProcessCpuTime() - usedAt) / (System.nanoTime() - startedAt));
        }
    }
}
