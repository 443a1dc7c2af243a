package dev.rein.os.internal.wire;

import dev.rein.run.RunOutput;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Finds a run of a tree by its id, as it stands now. */
@FunctionalInterface
interface RunLookup {
    RunLookup NONE = _ -> null;

    /** @return null when it is not known: it goes on, or its parent does not keep it */
    @Nullable
    RunView find(String runId);

    /** @param root the run at the top, asked each time */
    static RunLookup in(Supplier<RunOutput> root, ComponentCatalog catalog) {
        return runId -> find(root.get(), runId, catalog);
    }

    /** Only what is found is made a view of: a workflow may have had many runs below it. */
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
