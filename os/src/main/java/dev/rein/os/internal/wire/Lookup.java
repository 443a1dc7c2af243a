package dev.rein.os.internal.wire;

import dev.rein.run.RunOutput;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Finds a run of a tree by its id, as it stands now. */
@FunctionalInterface
interface Lookup {
    Lookup NONE = _ -> null;

    /** @return null when it is not known: it goes on, or its parent does not keep it */
    @Nullable
    RunView find(String runId);

    /** @param root the run at the top, asked each time */
    static Lookup in(Supplier<RunOutput> root, Catalog catalog) {
        return runId -> RunView.of(root.get(), catalog).find(runId);
    }
}
