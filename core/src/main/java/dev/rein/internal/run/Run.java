package dev.rein.internal.run;

import dev.rein.run.RunHandle;
import dev.rein.run.RunOutput;
import org.jspecify.annotations.Nullable;

public abstract class Run implements RunHandle {
    public abstract RunOutput awaitAsOwner();

    public abstract @Nullable Object value();

    public abstract @Nullable String sessionId();

    public abstract @Nullable String userId();
}
