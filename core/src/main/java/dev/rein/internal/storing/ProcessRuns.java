package dev.rein.internal.storing;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** The live runs of this process. Thread-safe. */
public interface ProcessRuns {
    @Nullable
    RecordedRun live(String runId);

    Collection<? extends RecordedRun> liveRuns();

    /** A store is about to close: ends the runs that this process owns through its lease. Returns within some seconds. */
    void storeCloses(ProcessLease lease);
}
