package dev.rein.bench.kernel;

import dev.rein.bench.harness.Group;
import dev.rein.bench.harness.Measurement;
import dev.rein.bench.provider.Setup;
import dev.rein.bench.provider.State;
import java.util.ArrayList;
import java.util.List;

/** The group {@code kernel}. */
public final class KernelGroup implements Group {
    public static final String NAME = "kernel";

    private final Sizes sizes;
    private final Setup setup = new Setup();

    public KernelGroup(Sizes sizes) {
        this.sizes = sizes;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Measurement> measurements() {
        var all = new ArrayList<Measurement>();
        for (var state : State.values()) {
            all.add(new CancelLatency(state, sizes.cancels(), setup));
        }
        all.add(new CancelSession(sizes.crowd(), sizes.crowdRounds(), setup));
        all.add(new WaitingHeap(sizes.waiting(), sizes.waitingRounds(), setup));
        all.add(new Construction(sizes.batches()));
        all.add(new RunCost(sizes.starts()));
        all.add(new StreamCost(sizes.events(), sizes.streams()));
        all.add(new ManyRuns(sizes.many(), sizes.manyRounds()));
        return all;
    }

    @Override
    public void close() {
        setup.close();
    }
}
