package dev.rein.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a run's changes make of its session's state; for stores. A key that another run had changed meanwhile is a conflict, in
 * which the later end's value is kept.
 *
 * @param state the state as it is then
 * @param conflicts the keys in conflict
 */
public record StateMerge(Map<String, Object> state, List<String> conflicts) {
    public StateMerge {
        state = Map.copyOf(state);
        conflicts = List.copyOf(conflicts);
    }

    /**
     * Merges.
     *
     * @param now the session's state as it is stored now
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
