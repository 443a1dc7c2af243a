package dev.rein.internal.delivery;

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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session's state as one tree of runs sees it: a copy, so that a thread that was abandoned writes into no other run.
 * Thread-safe.
 *
 * <p>Users' code puts what it likes into it, and may hold a lock of its own on it. So there are two steps: {@link #refresh()}
 * copies what is not {@linkplain ValueCopies inert}, for a bounded time and never under the kernel's lock; {@link #snapshot()}
 * runs no code of the user's.
 */
public final class SessionState {
    private static final Logger log = LoggerFactory.getLogger(SessionState.class);
    private static final int MOST_TRIES = 20;

    /** How long code of the user's may take to be copied. */
    private static final Duration COPY_WAIT = Duration.ofSeconds(1);

    private final Map<String, Object> values = new ConcurrentHashMap<>(4);

    /** The latest copies of those values that are not inert. */
    private final Map<String, Object> copies = new ConcurrentHashMap<>(0);

    /** The branches that are not merged yet. */
    private final List<SessionState> branches = new CopyOnWriteArrayList<>();

    private final AtomicBoolean copying = new AtomicBoolean();
    private volatile Map<String, Object> loaded = Map.of();

    /**
     * Fills it.
     *
     * @param first what the component begins with
     * @param fromSession what the session had, put over it
     * @param given what the caller gives, put over both
     */
    public void load(Map<String, Object> fromSession, Map<String, Object> first, Map<String, Object> given) {
        loaded = fromSession;
        first.forEach((key, value) -> values.put(key, copied(value)));
        fromSession.forEach((key, value) -> values.put(key, copied(value)));
        given.forEach((key, value) -> values.put(key, copied(value)));
    }

    /**
     * Fills it as another process has left it.
     *
     * @param left what it held
     * @param changes what of that was changed since the run began
     */
    public void resume(Map<String, Object> left, List<StateChange> changes) {
        var before = new HashMap<>(left);
        for (var change : changes) {
            if (change.before() == null) {
                before.remove(change.key());
            } else {
                before.put(change.key(), change.before());
            }
        }
        load(Map.of(), Map.of(), left);
        loaded = before;
    }

    /** A copy for a branch that runs beside others, until it is merged. */
    public SessionState branch() {
        refresh();
        var branch = new SessionState();
        branch.load(snapshot(), Map.of(), Map.of());
        branches.add(branch);
        return branch;
    }

    /** The same of a branch that another process has left. */
    public SessionState branch(Map<String, Object> left) {
        var branch = branch();
        branch.values.clear();
        left.forEach((key, value) -> branch.values.put(key, copied(value)));
        return branch;
    }

    /**
     * Takes over what a branch has changed.
     *
     * @param others what earlier branches have changed: where both have changed a key to different values, this branch's
     *     value wins
     * @return one line for each key in conflict, with both values
     */
    public List<String> merge(String name, SessionState branch, Map<String, String> others) {
        branches.remove(branch);
        branch.refresh();
        var conflicts = new ArrayList<String>();
        for (var change : branch.changes()) {
            var key = change.key();
            var now = values.get(key);
            var after = change.after();
            var other = others.put(key, name);
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

    /** What users' code reads and changes. */
    public Map<String, Object> values() {
        return values;
    }

    /**
     * Copies the values that are not inert, of this and of its branches, for the next {@link #snapshot()}. Runs users' code: never
     * under the kernel's lock. Waits for it at most a second; a value that can't be copied stays as it was copied last, or as
     * it was loaded.
     */
    public void refresh() {
        branches.forEach(SessionState::refresh);
        var foreign = new HashMap<String, Object>();
        values.forEach((key, value) -> {
            if (copyOf(key, value) == null) {
                foreign.put(key, value);
            }
        });
        copies.keySet().retainAll(foreign.keySet());
        if (foreign.isEmpty()) {
            return;
        }
        if (!copying.compareAndSet(false, true)) {
            // An earlier copy has not come back yet: this one would not either.
            return;
        }
        try {
            BoundedCall.call(COPY_WAIT, () -> {
                try {
                    foreign.forEach(this::copyForeign);
                } finally {
                    copying.set(false);
                }
                return true;
            });
        } catch (TimeoutException e) {
            log.warn(
                    "session state {} is left as it was: it could not be copied within {} ms, so somebody may hold a"
                            + " lock on it",
                    foreign.keySet(),
                    COPY_WAIT.toMillis());
        } catch (ExecutionException e) {
            log.warn("session state {} is left as it was: it could not be copied", foreign.keySet(), e);
        }
    }

    private void copyForeign(String key, Object value) {
        for (var tries = 1; tries <= MOST_TRIES; tries++) {
            try {
                copies.put(key, copied(value));
                return;
            } catch (Throwable e) {
                // Somebody changes it all the time, or it throws: neither must hold up the end of a run.
                if (tries == MOST_TRIES) {
                    log.warn("session state \"{}\" is left as it was: it could not be copied", key, e);
                }
            }
        }
    }

    /**
     * An immutable copy of what it holds now; of values that are not inert, what {@link #refresh()} has copied last. Runs no code
     * of the user's.
     */
    public Map<String, Object> snapshot() {
        var copy = new HashMap<String, Object>();
        values.forEach((key, value) -> {
            var inert = copyOf(key, value);
            var kept = inert != null ? inert : copies.getOrDefault(key, loaded.get(key));
            if (kept != null) {
                copy.put(key, kept);
            }
        });
        return Map.copyOf(copy);
    }

    /** Null if it is not inert, or changes all the time. */
    private @Nullable Object copyOf(String key, Object value) {
        for (var tries = 1; ; tries++) {
            try {
                return ValueCopies.copyInert(value);
            } catch (NotInertException e) {
                return null;
            } catch (RuntimeException | StackOverflowError e) {
                // A thread that was abandoned may change it meanwhile.
                if (tries == MOST_TRIES) {
                    log.warn("session state \"{}\" is left as it was: it could not be copied", key, e);
                    return loaded.get(key);
                }
            }
        }
    }

    /** What differs from what was loaded. Runs no code of the user's. */
    public List<StateChange> changes() {
        var now = snapshot();
        var before = loaded;
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
