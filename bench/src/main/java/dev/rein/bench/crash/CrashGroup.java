package dev.rein.bench.crash;

import dev.rein.bench.harness.Group;
import dev.rein.bench.harness.Measurement;
import java.util.List;

/** The group {@code crash}: what is left when the process is killed. */
public final class CrashGroup implements Group {
    public static final String NAME = "crash";

    private final Sizes sizes;

    public CrashGroup(Sizes sizes) {
        this.sizes = sizes;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Measurement> measurements() {
        return List.of(new Kills(sizes));
    }

    @Override
    public void close() {}
}
