package dev.rein.internal.delivery;

import dev.rein.run.RunOutput;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is below a run, and what has come of it. Guarded by the tree's lock. */
public final class ChildRuns {
    /** How many outputs are kept, the latest. */
    private static final int MOST_OUTPUTS = 1_000;

    /** The runs below it, ended ones too; not kept by a root, which has every run of its tree below it. */
    private final Set<String> runs = new HashSet<>(0);

    private final List<RunOutput> outputs = new ArrayList<>(0);
    private Progress progress = Progress.NONE;
    private @Nullable Runnable whenQuiet;
    private String lastText = "";

    /** @return false if it was there already */
    public boolean add(String runId) {
        return runs.add(runId);
    }

    public boolean contains(String runId) {
        return runs.contains(runId);
    }

    /** A run right below it has ended. */
    public void ended(RunOutput output) {
        if (outputs.size() == MOST_OUTPUTS) {
            outputs.removeFirst();
        }
        outputs.add(output);
        said(output.text());
    }

    /** A run, or a step, right below it has come to a text. */
    public void said(String text) {
        if (!text.isBlank()) {
            lastText = text;
        }
    }

    public List<RunOutput> outputs() {
        return List.copyOf(outputs);
    }

    /** The last text of the runs and steps below it, for one that ends without a text of its own. */
    public String lastText() {
        return lastText;
    }

    public void progress(Progress source) {
        progress = source;
    }

    public void whenQuiet(Runnable action) {
        whenQuiet = action;
    }

    public @Nullable Runnable whenQuiet() {
        return whenQuiet;
    }

    public Progress progress() {
        return progress;
    }
}
