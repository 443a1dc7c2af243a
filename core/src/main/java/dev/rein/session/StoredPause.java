package dev.rein.session;

import dev.rein.run.Requirement;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a store keeps of a run that waits for people, besides the run itself, so that another process can go on with it.
 *
 * @param requirements what it waits for, of this run and all below it
 * @param state the session's state as the run sees it; values as JSON has them
 * @param nextIndex the index that the next event of its tree gets
 * @param obstacle why no other process can go on with it; null when one can
 */
public record StoredPause(
        List<Requirement> requirements,
        Map<String, Object> state,
        long nextIndex,
        @Nullable String obstacle) {
    public StoredPause {
        requirements = List.copyOf(requirements);
        state = Map.copyOf(state);
    }
}
