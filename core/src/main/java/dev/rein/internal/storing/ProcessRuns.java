package dev.rein.internal.storing;

import dev.rein.session.StoredRun;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The live runs of this process. Thread-safe. */
public interface ProcessRuns {
    @Nullable
    RecordedRun live(String runId);

    Collection<? extends RecordedRun> liveRuns();

    /** This process has ended runs of one that had died: all runs of a tree, children before their parents. */
    void endedForTheDead(List<StoredRun> ended);

    /** A store is about to close: ends the runs that this process owns through its lease. Returns within some seconds. */
    void storeCloses(ProcessLease lease);
}
