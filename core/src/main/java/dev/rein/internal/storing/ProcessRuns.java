package dev.rein.internal.storing;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** The live runs of this process. Thread-safe. */
public interface ProcessRuns {
    @Nullable
    RecordedRun live(String runId);

    Collection<? extends RecordedRun> liveRuns();
}
