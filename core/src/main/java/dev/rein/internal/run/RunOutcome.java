package dev.rein.internal.run;

import dev.rein.run.RunFailure;
import dev.rein.run.RunOutput;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a run has come to, while it is still being made and once it is final. Guarded by the tree's lock, except {@link #output}. */
final class RunOutcome {
    private final List<String> conflicts = new ArrayList<>(0);
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

    /** Has {@code listener} told of the end. @return false if that has come */
    boolean onEnd(Runnable listener) {
        return output == null && listeners.add(listener);
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

    /** Where several have changed one key of the session's state. */
    List<String> conflicts() {
        return List.copyOf(conflicts);
    }

    void conflicts(List<String> more) {
        conflicts.addAll(more);
    }
}
