package dev.rein.bench.flows;

import dev.rein.bench.harness.MeasuredGroup;
import dev.rein.bench.harness.Measurement;
import dev.rein.bench.provider.Setup;
import java.util.List;

/** The group {@code flows}: teams and workflows. */
public final class FlowsGroup extends MeasuredGroup {
    public static final String NAME = "flows";

    public FlowsGroup(Sizes sizes) {
        this(sizes, new Setup());
    }

    private FlowsGroup(Sizes sizes, Setup setup) {
        super(NAME, measurements(sizes, setup), setup::close);
    }

    private static List<Measurement> measurements(Sizes sizes, Setup setup) {
        return List.of(
                new CancelParallel(sizes.branches(), sizes.rounds(), setup),
                Overhead.ofFunctionSteps(sizes.runs()),
                Overhead.ofAgentSteps(sizes.runs()),
                Overhead.ofDelegation(sizes.runs()));
    }
}
