package dev.rein.bench.kernel;

import dev.rein.bench.harness.Heap;
import dev.rein.bench.harness.Measurement;
import dev.rein.bench.harness.Row;
import dev.rein.bench.harness.Samples;
import dev.rein.bench.harness.Statistic;
import dev.rein.bench.provider.BareCrowd;
import dev.rein.bench.provider.Crowd;
import dev.rein.bench.provider.Descriptors;
import dev.rein.bench.provider.Setup;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/** How much live heap a run holds while it waits for its first token, beside a bare request in the same state. */
final class WaitingHeap implements Measurement {
    private static final double ALLOWANCE_KIB = 12;
    private static final int WARM_UP = 200;

    private final int wanted;
    private final int rounds;
    private final Setup setup;

    WaitingHeap(int wanted, int rounds, Setup setup) {
        this.wanted = wanted;
        this.rounds = rounds;
        this.setup = setup;
    }

    @Override
    public String title() {
        return "heap of " + wanted + " waiting runs";
    }

    @Override
    public List<Row> measure(Consumer<String> notes) throws IOException, InterruptedException {
        var count = Descriptors.fit(wanted, notes);
        var runs = new RunCrowd(setup.agent());
        var requests = new BareCrowd(setup.bare(), setup.provider().baseUrl());
        kibPerOne(runs, Math.min(WARM_UP, count));
        kibPerOne(requests, Math.min(WARM_UP, count));
        var run = new Samples();
        var bare = new Samples();
        for (var i = 0; i < rounds; i++) {
            run.add(kibPerOne(runs, count));
            bare.add(kibPerOne(requests, count));
        }
        return List.of(Row.above(KernelGroup.NAME, "waiting_run/heap", "KiB", run, bare, Statistic.MAX, ALLOWANCE_KIB));
    }

    private double kibPerOne(Crowd crowd, int count) throws IOException, InterruptedException {
        var before = Heap.used();
        crowd.gather(count, setup.provider());
        var during = Heap.used();
        crowd.stop();
        setup.provider().awaitClosed(count);
        return (during - before) / 1024.0 / count;
    }
}
