package dev.rein.os.internal.wire;

import dev.rein.run.RunOutput;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Finds the current view of a run of a tree by its id. */
@FunctionalInterface
interface RunLookup {
    RunLookup NONE = _ -> null;

    /** @return null if unknown: the run has not ended, or its parent does not keep it */
    @Nullable
    RunView find(String runId);

    /** @param root the root run, queried for each lookup */
    static RunLookup in(Supplier<RunOutput> root, ComponentCatalog catalog) {
        return runId -> find(root.get(), runId, catalog);
    }

    /** Only the found run is converted to a view: a workflow may have many descendants. */
    private static @Nullable RunView find(RunOutput run, String runId, ComponentCatalog catalog) {
        if (run.runId().equals(runId)) {
            return RunView.of(run, catalog);
        }
        for (var below : run.memberResponses()) {
            var found = find(below, runId, catalog);
            if (found != null) {
                return found;
            }
        }
        return null;
    }
}
