package dev.rein.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The result of merging the changes of a run into the session state; for stores. A key that another run changed in the
 * meantime is a conflict; the value of the run that ends later is kept.
 *
 * @param state the merged state
 * @param conflicts the keys with conflicts
 */
public record StateMerge(Map<String, Object> state, List<String> conflicts) {
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
        for (var change : changes) {
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
}
