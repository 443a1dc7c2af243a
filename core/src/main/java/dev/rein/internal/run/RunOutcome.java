package dev.rein.internal.run;

import dev.rein.run.RunFailure;
import dev.rein.run.RunOutput;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a run has come to, while it is still being made and once it is final. Guarded by the tree's lock, except {@link #output}. */
final class RunOutcome {
    /** The maximum number of conflicts that are listed. */
    static final int MAX_CONFLICTS = 1_000;

    private static final int MAX_LISTENERS = 10_000;

    private final Set<String> conflicts = new LinkedHashSet<>(0);
    private int unlistedConflicts;
    private final List<Runnable> listeners = new ArrayList<>(0);
    private boolean stored;
    private @Nullable Object value;
    private @Nullable RunFailure failure;
    private volatile @Nullable RunOutput output;

    /** @param stored whether there is nothing to store */
    RunOutcome(boolean stored) {
        this.stored = stored;
    }

    /** The output once it is final; null until then. May be asked without the lock. */
    @Nullable
    RunOutput output() {
        return output;
    }

    /** It is final. @return whom to tell */
    List<Runnable> end(RunOutput last) {
        output = last;
        var all = List.copyOf(listeners);
        listeners.clear();
        return all;
    }

    /**
     * Has {@code listener} told of the end.
     *
     * @return false if that has come
     * @throws IllegalStateException if there are too many
     */
    boolean onEnd(Runnable listener) {
        if (output != null) {
            return false;
        }
        if (listeners.size() == MAX_LISTENERS) {
            throw new IllegalStateException("the run has " + MAX_LISTENERS
                    + " listeners of its end: register one that notifies the others, or call await()");
        }
        return listeners.add(listener);
    }

    /** What the body has returned; null for nothing. */
    @Nullable
    Object value() {
        return value;
    }

    void value(@Nullable Object returned) {
        value = returned;
    }

    @Nullable
    RunFailure failure() {
        return failure;
    }

    void failure(RunFailure why) {
        failure = why;
    }

    /** Whether the store has its end, or there is none. */
    boolean isStored() {
        return stored;
    }

    void isStored(boolean now) {
        stored = now;
    }

    /** Where several have changed one key of the session's state, each once. */
    List<String> conflicts() {
        var all = new ArrayList<>(conflicts);
        if (unlistedConflicts > 0) {
            all.add("and " + unlistedConflicts + " more");
        }
        return List.copyOf(all);
    }

    void conflicts(List<String> more) {
        for (var each : more) {
            if (conflicts.size() < MAX_CONFLICTS) {
                conflicts.add(each);
            } else if (!conflicts.contains(each)) {
                unlistedConflicts++;
            }
        }
    }
}
