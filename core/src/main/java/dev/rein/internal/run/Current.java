package dev.rein.internal.run;

import dev.rein.run.RunContext;
import org.jspecify.annotations.Nullable;

public final class Current {
    private Current() {}

    public static @Nullable RunContext context() {
        return null;
    }
}
