package dev.rein.internal.delivery;

import dev.rein.run.RunOutput;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A run's descendants and the outputs of its child runs. Guarded by the tree's lock. */
public final class ChildRuns {
    /** The maximum number of outputs kept; older ones are dropped. */
    private static final int MAX_OUTPUTS = 1_000;

    /**
     * The maximum number of ended descendants that are known. The log has no events of older ones: it holds as many events, and
     * each run has at least one.
     */
    static final int MAX_ENDED = 10_000;

    /** Those of the parent; null for a root, which covers every run of its tree and records none. */
    private final @Nullable ChildRuns above;

    /** The ids of all live descendants. */
    private final Set<String> live = new HashSet<>(0);

    /** The ids of the last ended descendants, in the order of their ends. */
    private final LinkedHashSet<String> ended = new LinkedHashSet<>(0);

    private final List<RunOutput> outputs = new ArrayList<>(0);
    private Progress progress = Progress.NONE;
    private @Nullable Runnable beforeEnd;
    private String lastText = "";

    /** @param above those of the parent run; null for a root */
    public ChildRuns(@Nullable ChildRuns above) {
        this.above = above;
    }

    /** Records the start of the run that these are the child runs of, in those above. */
    public void addAbove(String runId) {
        for (var each = above; each != null && each.above != null; each = each.above) {
            each.live.add(runId);
        }
    }

    /** Records its end likewise. */
    public void endAbove(String runId) {
        for (var each = above; each != null && each.above != null; each = each.above) {
            if (each.live.remove(runId)) {
                if (each.ended.size() == MAX_ENDED) {
                    each.ended.removeFirst();
                }
                each.ended.add(runId);
            }
        }
    }

    /** The number of descendants that are recorded. */
    int size() {
        return live.size() + ended.size();
    }

    public boolean contains(String runId) {
        return live.contains(runId) || ended.contains(runId);
    }

    /** Records the output of a child run. */
    public void addOutput(RunOutput output) {
        if (outputs.size() == MAX_OUTPUTS) {
            outputs.removeFirst();
        }
        outputs.add(output);
        updateLastText(output.text());
    }

    /** The output of an ended child run; null if it is not known. */
    public @Nullable RunOutput output(@Nullable String runId) {
        for (var output : outputs.reversed()) {
            if (output.runId().equals(runId)) {
                return output;
            }
        }
        return null;
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
