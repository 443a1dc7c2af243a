package dev.rein.bench.store;

import dev.rein.bench.harness.MeasuredGroup;
import dev.rein.bench.harness.Measurement;
import dev.rein.bench.provider.Setup;
import java.util.List;

/** The group {@code store}: what storing costs, and stops across processes. */
public final class StoreGroup extends MeasuredGroup {
    public static final String NAME = "store";

    public StoreGroup(Sizes sizes) {
        this(sizes, new Setup());
    }

    private StoreGroup(Sizes sizes, Setup setup) {
        super(NAME, measurements(sizes, setup), setup::close);
    }

    private static List<Measurement> measurements(Sizes sizes, Setup setup) {
        return List.of(
                new AppendCost(sizes.appends(), sizes.longSession()),
                new StoringCost(sizes.streamed()),
                new CancelElsewhere(sizes.cancels(), setup),
                new PausedIdle(100, sizes.idleWindows(), sizes.idleWindow()));
    }
}
