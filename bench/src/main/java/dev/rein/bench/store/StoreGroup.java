package dev.rein.bench.store;

import dev.rein.bench.harness.Group;
import dev.rein.bench.harness.Measurement;
import dev.rein.bench.provider.Setup;
import java.util.List;

/** The group {@code store}: what storing costs, and stops across processes. */
public final class StoreGroup implements Group {
    public static final String NAME = "store";

    private final Sizes sizes;
    private final Setup setup = new Setup();

    public StoreGroup(Sizes sizes) {
        this.sizes = sizes;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Measurement> measurements() {
        return List.of(
                new AppendCost(sizes.appends(), sizes.longSession()),
                new StoringCost(sizes.streamed()),
                new CancelElsewhere(sizes.cancels(), setup));
    }

    @Override
    public void close() {
        setup.close();
    }
}
