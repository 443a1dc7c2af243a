package dev.rein.internal.delivery;

import dev.rein.run.RunOutput;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A run's descendants and the outputs of its child runs. Guarded by the tree's lock. */
public final class ChildRuns {
    /** The maximum number of outputs kept; older ones are dropped. */
    private static final int MAX_OUTPUTS = 1_000;

    /** The ids of all descendants, including ended ones. Empty for a root, which covers every run of its tree. */
    private final Set<String> descendants = new HashSet<>(0);

    private final List<RunOutput> outputs = new ArrayList<>(0);
    private Progress progress = Progress.NONE;
    private @Nullable Runnable beforeEnd;
    private String lastText = "";

    /** @return false if the run was already present */
    public boolean add(String runId) {
        return descendants.add(runId);
    }

    public boolean contains(String runId) {
        return descendants.contains(runId);
    }

    /** Records the output of a child run. */
    public void addOutput(RunOutput output) {
        if (outputs.size() == MAX_OUTPUTS) {
            outputs.removeFirst();
        }
        outputs.add(output);
        updateLastText(output.text());
    }

    /** Records the text of an ended child run or step; ignores blank text. */
    public void updateLastText(String text) {
        if (!text.isBlank()) {
            lastText = text;
        }
    }

    public List<RunOutput> outputs() {
        return List.copyOf(outputs);
    }

    /** The last text of the child runs and steps; the result of a run that ends without text of its own. */
    public String lastText() {
        return lastText;
    }

    public void setProgress(Progress source) {
        progress = source;
    }

    public void setBeforeEnd(Runnable action) {
        beforeEnd = action;
    }

    /** The action to run after all descendants have ended and before the run's result is recorded; null for none. */
    public @Nullable Runnable beforeEnd() {
        return beforeEnd;
    }

    public Progress progress() {
        return progress;
    }
}
