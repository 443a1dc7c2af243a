package dev.rein.bench.kernel;

import dev.rein.bench.harness.MeasuredGroup;
import dev.rein.bench.harness.Measurement;
import dev.rein.bench.provider.CancelLatency;
import dev.rein.bench.provider.Setup;
import dev.rein.bench.provider.State;
import java.util.ArrayList;
import java.util.List;

/** The group {@code kernel}. */
public final class KernelGroup extends MeasuredGroup {
    public static final String NAME = "kernel";

    public KernelGroup(Sizes sizes) {
        this(sizes, new Setup());
    }

    private KernelGroup(Sizes sizes, Setup setup) {
        super(NAME, measurements(sizes, setup), setup::close);
    }

    private static List<Measurement> measurements(Sizes sizes, Setup setup) {
        var all = new ArrayList<Measurement>();
        for (var state : State.values()) {
            all.add(new CancelLatency(
                    NAME, new CancelLatency.Stopped("", Setup::agent), state, sizes.cancels(), setup));
        }
        all.add(new CancelSession(sizes.crowd(), sizes.crowdRounds(), setup));
        all.add(new WaitingHeap(sizes.waiting(), sizes.waitingRounds(), setup));
        all.add(new Construction(sizes.batches()));
        all.add(new RunCost(sizes.starts()));
        all.add(new StreamCost(sizes.events(), sizes.streams()));
        all.add(new ManyRuns(sizes.many(), sizes.manyRounds()));
        return all;
    }
}
