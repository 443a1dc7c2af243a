package dev.rein.bench.flows;

import dev.rein.bench.harness.Group;
import dev.rein.bench.harness.Measurement;
import dev.rein.bench.provider.Setup;
import java.util.List;

/** The group {@code flows}: teams and workflows. */
public final class FlowsGroup implements Group {
    public static final String NAME = "flows";

    private final Sizes sizes;
    private final Setup setup = new Setup();

    public FlowsGroup(Sizes sizes) {
        this.sizes = sizes;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Measurement> measurements() {
        return List.of(
                new CancelParallel(sizes.branches(), sizes.rounds(), setup),
                Overhead.ofFunctionStep(sizes.runs()),
                Overhead.ofAgentStep(sizes.runs()),
                Overhead.ofDelegation(sizes.runs()));
    }

    @Override
    public void close() {
        setup.close();
    }
}
