package dev.rein.internal.storing;

import dev.rein.run.RunStatus;
import dev.rein.session.SharedStore;
import dev.rein.session.StoredRun;
import java.util.Objects;
import java.util.Optional;

/** Adopts the rows of paused runs. */
final class RowAdoption {
    private RowAdoption() {}

    /**
     * Adopts a run that another process has released; the run at the top adopts all runs below it.
     *
     * @param left the row as it was found
     * @return the row as it is now; empty if it can't be adopted
     */
    static Optional<StoredRun> adopt(SharedStore store, StoredRun left, String owner, boolean isRoot) {
        return isRoot
                ? store.adopt(left.runId(), left.epoch(), owner).or(() -> adoptReleased(store, left, owner))
                : store.run(left.runId()).filter(row -> isPausedUnder(row, owner));
    }

    /** Adopts a run whose owner was found dead in this very moment: its epoch has grown, and it is paused as before. */
    private static Optional<StoredRun> adoptReleased(SharedStore store, StoredRun left, String owner) {
        return store.run(left.runId())
                .filter(row -> row.owner() == null && Objects.equals(row.pause(), left.pause()))
                .flatMap(row -> store.adopt(row.runId(), row.epoch(), owner));
    }

    static boolean isPausedUnder(StoredRun row, String owner) {
        return row.status() == RunStatus.PAUSED && owner.equals(row.owner());
    }
}
