package dev.rein.internal.delivery;

import dev.rein.session.StateChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A session's state as one tree of runs sees it: a copy, so that whoever is late writes into nobody else's. Thread-safe. */
public final class SessionState {
    private static final Logger log = LoggerFactory.getLogger(SessionState.class);
    private static final int MOST_TRIES = 20;

    private final Map<String, Object> values = new ConcurrentHashMap<>(4);
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
        first.forEach((key, value) -> values.put(key, copy(value)));
        fromSession.forEach((key, value) -> values.put(key, copy(value)));
        given.forEach((key, value) -> values.put(key, copy(value)));
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

    /** A copy, for a branch that others go on beside. */
    public SessionState branch() {
        var branch = new SessionState();
        branch.load(snapshot(), Map.of(), Map.of());
        return branch;
    }

    /** The same of a branch that another process has left. */
    public SessionState branch(Map<String, Object> left) {
        var branch = branch();
        branch.values.clear();
        left.forEach((key, value) -> branch.values.put(key, copy(value)));
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
        var conflicts = new ArrayList<String>();
        for (var change : branch.changes()) {
            var key = change.key();
            var now = values.get(key);
            var after = change.after();
            var other = others.put(key, name);
            if (other != null && !Objects.equals(now, after)) {
                conflicts.add(
                        key + ": " + name + " set it to " + after + ", which was kept, and " + other + " to " + now);
            }
            if (after == null) {
                values.remove(key);
            } else {
                values.put(key, after);
            }
        }
        return conflicts;
    }

    public Map<String, Object> values() {
        return values;
    }

    /**
     * An immutable copy of what it holds now. A container that somebody changes all the time can't be copied: then the value
     * is the one that was loaded.
     */
    public Map<String, Object> snapshot() {
        var copy = new HashMap<String, Object>();
        values.forEach((key, value) -> {
            var kept = copyOfChanging(key, value);
            if (kept != null) {
                copy.put(key, kept);
            }
        });
        return Map.copyOf(copy);
    }

    private @Nullable Object copyOfChanging(String key, Object value) {
        for (var tries = 1; ; tries++) {
            try {
                return copy(value);
            } catch (RuntimeException | StackOverflowError e) {
                // A thread that was left behind may do this, and must not hold up the end of its run.
                if (tries == MOST_TRIES) {
                    log.warn("session state \"{}\" is left as it was: it could not be copied", key, e);
                    return loaded.get(key);
                }
            }
        }
    }

    /** What differs from what was loaded. */
    public List<StateChange> changes() {
        var now = snapshot();
        var before = loaded;
        var keys = new HashSet<>(before.keySet());
        keys.addAll(now.keySet());
        var changes = new ArrayList<StateChange>();
        for (var key : new TreeSet<>(keys)) {
            @Nullable Object old = before.get(key);
            @Nullable Object value = now.get(key);
            if (!isSame(old, value)) {
                changes.add(new StateChange(key, old, value));
            }
        }
        return changes;
    }

    private static boolean isSame(@Nullable Object old, @Nullable Object value) {
        try {
            return Objects.equals(old, value);
        } catch (RuntimeException | StackOverflowError e) {
            // A value of the user's own, whose equals fails: what can't be told is written.
            return false;
        }
    }

    /** Containers are copied, at any depth; other values are taken to be immutable, as those of JSON are. */
    private static Object copy(Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                var copy = new HashMap<Object, Object>();
                map.forEach((key, each) -> copy.put(key, copy(each)));
                yield copy;
            }
            case List<?> list -> {
                var copy = new ArrayList<Object>(list.size());
                list.forEach(each -> copy.add(copy(each)));
                yield copy;
            }
            default -> value;
        };
    }
}
