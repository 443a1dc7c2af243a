package dev.rein.bench.crash;

import dev.rein.bench.harness.MeasuredGroup;
import java.util.List;

/** The group {@code crash}: what is left when the process is killed. */
public final class CrashGroup extends MeasuredGroup {
    public static final String NAME = "crash";

    public CrashGroup(Sizes sizes) {
        super(NAME, List.of(new Kills(sizes)), () -> {});
    }
}
