package dev.rein.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The result of merging the changes of a run into the session state; for stores. Values are merged as they will be read after
 * they were stored (see {@link JsonState}); a value without a JSON representation is left out, and logged. A key that another run changed in the
 * meantime is a conflict; the value of the run that ends later is kept.
 *
 * @param state the merged state
 * @param conflicts the keys with conflicts
 */
public record StateMerge(Map<String, Object> state, List<String> conflicts) {
    private static final Logger log = LoggerFactory.getLogger(StateMerge.class);

    public StateMerge {
        state = Map.copyOf(state);
        conflicts = List.copyOf(conflicts);
    }

    /**
     * Merges changes.
     *
     * @param now the stored state of the session
     */
    public static StateMerge of(Map<String, Object> now, List<StateChange> changes) {
        var state = new HashMap<>(now);
        var conflicts = new ArrayList<String>();
        for (var given : changes) {
            var change = asStored(given);
            if (change == null) {
                continue;
            }
            var value = state.get(change.key());
            if (!Objects.equals(value, change.before()) && !Objects.equals(value, change.after())) {
                conflicts.add(change.key());
            }
            if (change.after() == null) {
                state.remove(change.key());
            } else {
                state.put(change.key(), change.after());
            }
        }
        return new StateMerge(state, conflicts);
    }

    /** 2L is read as 2, which must not count as a conflict. */
    private static @Nullable StateChange asStored(StateChange change) {
        try {
            return new StateChange(
                    change.key(), asStored(change.key(), change.before()), asStored(change.key(), change.after()));
        } catch (IllegalArgumentException e) {
            log.warn("session state \"{}\" is not stored: {}", change.key(), e.getMessage());
            return null;
        }
    }

    private static @Nullable Object asStored(String key, @Nullable Object value) {
        // In a map, because the depth of nesting is limited.
        return value == null || isPlain(value)
                ? value
                : JsonState.copy(Map.of(key, value)).get(key);
    }

    private static boolean isPlain(Object value) {
        return value instanceof String || value instanceof Integer || value instanceof Boolean;
    }
}
