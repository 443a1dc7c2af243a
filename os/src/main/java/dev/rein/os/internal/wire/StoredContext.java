package dev.rein.os.internal.wire;

import dev.rein.run.event.RunEvent;
import dev.rein.session.StoredRun;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is shown with a stored run and is not part of its row.
 *
 * @param below the stored runs below it, at any depth, in any order: members of a team, executors of steps
 * @param sessionState the state of its session; null when unknown, and then it is not shown
 * @param events its events, and those of the runs below it; empty for none
 */
public record StoredContext(List<StoredRun> below, @Nullable Map<String, Object> sessionState, List<RunEvent> events) {
    public static final StoredContext NONE = new StoredContext(List.of(), null, List.of());

    public StoredContext {
        below = List.copyOf(below);
        sessionState = sessionState == null ? null : Map.copyOf(sessionState);
        events = List.copyOf(events);
    }

    public StoredContext below(List<StoredRun> value) {
        return new StoredContext(value, sessionState, events);
    }

    public StoredContext sessionState(Map<String, Object> value) {
        return new StoredContext(below, value, events);
    }

    public StoredContext events(List<RunEvent> value) {
        return new StoredContext(below, sessionState, value);
    }
}
