package dev.rein.internal.delivery;

import dev.rein.internal.PrintableExceptions;
import dev.rein.internal.ValueCopies;
import dev.rein.internal.ValueCopies.NotInertException;
import dev.rein.internal.stop.BoundedCall;
import dev.rein.session.StateChange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session's state as seen by one tree of runs: a copy, so that an abandoned thread can't modify the state of other runs.
 * Thread-safe.
 *
 * <p>User code may store arbitrary values and hold locks on them. Snapshots are therefore taken in two steps: {@link
 * #refresh()} copies values that are not {@linkplain ValueCopies inert}, for a bounded time and never under the tree's lock;
 * {@link #snapshot()} runs no user code.
 */
public final class SessionState {
    private static final Logger log = LoggerFactory.getLogger(SessionState.class);
    private static final int MAX_ATTEMPTS = 20;

    /** The time limit for copying values that are not inert. */
    private static final Duration COPY_WAIT = Duration.ofSeconds(1);

    private final Map<String, Object> values = new ConcurrentHashMap<>(4);

    /** The latest copies of the values that are not inert; null while there are none. */
    private volatile @Nullable Map<String, Object> copies;

    /** The branches that are not yet merged; replaced, never modified. */
    private volatile List<SessionState> branches = List.of();

    private final AtomicBoolean copying = new AtomicBoolean();
    private volatile Map<String, Object> loaded = Map.of();

    /**
     * Initializes the state. Later parameters of this list override earlier ones: initial, fromSession, fromCaller.
     *
     * @param initial the component's initial values
     * @param fromSession the session's stored values
     * @param fromCaller the caller's values
     */
    public void load(Map<String, Object> fromSession, Map<String, Object> initial, Map<String, Object> fromCaller) {
        loaded = fromSession;
        initial.forEach((key, value) -> values.put(key, copied(value)));
        fromSession.forEach((key, value) -> values.put(key, copied(value)));
        fromCaller.forEach((key, value) -> values.put(key, copied(value)));
    }

    /**
     * Restores the state of a resumed run.
     *
     * @param stored the stored values
     * @param changes the changes that the run has made to them
     */
    public void restore(Map<String, Object> stored, List<StateChange> changes) {
        var before = new HashMap<>(stored);
        for (var change : changes) {
            if (change.before() == null) {
                before.remove(change.key());
            } else {
                before.put(change.key(), change.before());
            }
        }
        load(Map.of(), Map.of(), stored);
        loaded = before;
    }

    /** A copy for a parallel branch, to be merged at its end. */
    public SessionState branch() {
        refresh();
        var branch = new SessionState();
        branch.load(snapshot(), Map.of(), Map.of());
        add(branch);
        return branch;
    }

    private synchronized void add(SessionState branch) {
        var all = new ArrayList<>(branches);
        all.add(branch);
        branches = List.copyOf(all);
    }

    private synchronized void remove(SessionState branch) {
        var rest = new ArrayList<>(branches);
        rest.remove(branch);
        branches = List.copyOf(rest);
    }

    /** A branch with the stored values of a resumed run. */
    public SessionState branch(Map<String, Object> stored) {
        var branch = branch();
        branch.values.clear();
        stored.forEach((key, value) -> branch.values.put(key, copied(value)));
        return branch;
    }

    /**
     * Applies the changes of a branch. If an earlier branch has set a key to a different value, this branch's value wins.
     *
     * @param writers the branch that last changed each key; updated by this method
     * @return a description of each conflict, with both values
     */
    public List<String> merge(String name, SessionState branch, Map<String, String> writers) {
        remove(branch);
        branch.refresh();
        var conflicts = new ArrayList<String>();
        for (var change : branch.changes()) {
            var key = change.key();
            var now = values.get(key);
            var after = change.after();
            var other = writers.put(key, name);
            if (other != null && !ValueCopies.isSame(now, after)) {
                conflicts.add(key + ": " + name + " set it to " + ValueCopies.describe(after) + ", which was kept, and "
                        + other + " to " + ValueCopies.describe(now));
            }
            if (after == null) {
                values.remove(key);
            } else {
                values.put(key, after);
            }
        }
        return conflicts;
    }

    private static Object copied(Object value) {
        return Objects.requireNonNull(ValueCopies.copy(value));
    }

    /** The live values that user code reads and modifies. */
    public Map<String, Object> values() {
        return values;
    }

    /**
     * Copies the values of this state and its branches that are not inert, for the next {@link #snapshot()}. Runs user code, so
     * it must not be called under the tree's lock. Waits at most a second; a value that can't be copied keeps its last copy, or
     * its loaded value.
     */
    public void refresh() {
        branches.forEach(SessionState::refresh);
        if (values.isEmpty() && copies == null) {
            return;
        }
        var notInert = new HashMap<String, Object>();
        values.forEach((key, value) -> {
            if (copyOf(key, value) == null) {
                notInert.put(key, value);
            }
        });
        var before = copies;
        if (before != null) {
            before.keySet().retainAll(notInert.keySet());
        }
        if (notInert.isEmpty()) {
            return;
        }
        if (!copying.compareAndSet(false, true)) {
            // An earlier copy has not returned yet; another would block too.
            return;
        }
        var kept = Objects.requireNonNullElseGet(copies, ConcurrentHashMap<String, Object>::new);
        copies = kept;
        try {
            BoundedCall.call(COPY_WAIT, () -> {
                try {
                    notInert.forEach((key, value) -> copyWithRetries(key, value, kept));
                } finally {
                    copying.set(false);
                }
                return true;
            });
        } catch (TimeoutException e) {
            log.warn(
                    "session state {} keeps its last copied value: copying did not finish within {} ms; user code may"
                            + " hold a lock on it",
                    notInert.keySet(),
                    COPY_WAIT.toMillis());
        } catch (ExecutionException e) {
            log.warn("session state {} keeps its last copied value: it could not be copied", notInert.keySet(), e);
        }
    }

    private static void copyWithRetries(String key, Object value, Map<String, Object> kept) {
        for (var attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
            try {
                kept.put(key, copied(value));
                return;
            } catch (Throwable e) {
                // The value is modified concurrently, or it throws; neither may block the end of a run.
                if (attempt == MAX_ATTEMPTS) {
                    log.warn(
                            "session state \"{}\" keeps its last copied value: it could not be copied",
                            key,
                            PrintableExceptions.of(e));
                }
            }
        }
    }

    /**
     * An immutable copy of the current values; for values that are not inert, the copy made by the last {@link #refresh()}. Runs
     * no user code.
     */
    public Map<String, Object> snapshot() {
        if (values.isEmpty()) {
            return Map.of();
        }
        var lastCopies = Objects.requireNonNullElse(copies, Map.<String, Object>of());
        var copy = new HashMap<String, Object>();
        values.forEach((key, value) -> {
            var inert = copyOf(key, value);
            var kept = inert != null ? inert : lastCopies.getOrDefault(key, loaded.get(key));
            if (kept != null) {
                copy.put(key, kept);
            }
        });
        return Map.copyOf(copy);
    }

    /** A copy of an inert value; the loaded value if it is modified concurrently all the time; null if it is not inert. */
    private @Nullable Object copyOf(String key, Object value) {
        for (var attempt = 1; ; attempt++) {
            try {
                return ValueCopies.copyInert(value);
            } catch (NotInertException e) {
                return null;
            } catch (RuntimeException | StackOverflowError e) {
                // An abandoned thread may modify it concurrently.
                if (attempt == MAX_ATTEMPTS) {
                    log.warn("session state \"{}\" keeps its last copied value: it could not be copied", key, e);
                    return loaded.get(key);
                }
            }
        }
    }

    /** The differences from the loaded values. Runs no user code. */
    public List<StateChange> changes() {
        var now = snapshot();
        var before = loaded;
        if (now.isEmpty() && before.isEmpty()) {
            return List.of();
        }
        var keys = new HashSet<>(before.keySet());
        keys.addAll(now.keySet());
        var changes = new ArrayList<StateChange>();
        for (var key : new TreeSet<>(keys)) {
            @Nullable Object old = before.get(key);
            @Nullable Object value = now.get(key);
            if (!ValueCopies.isSame(old, value)) {
                changes.add(new StateChange(key, old, value));
            }
        }
        return changes;
    }
}
