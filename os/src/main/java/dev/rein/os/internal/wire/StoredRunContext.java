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
public record StoredRunContext(
        List<StoredRun> below, @Nullable Map<String, Object> sessionState, List<RunEvent> events) {
    public static final StoredRunContext NONE = new StoredRunContext(List.of(), null, List.of());

    public StoredRunContext {
        below = List.copyOf(below);
        sessionState = sessionState == null ? null : Map.copyOf(sessionState);
        events = List.copyOf(events);
    }

    public StoredRunContext below(List<StoredRun> value) {
        return new StoredRunContext(value, sessionState, events);
    }

    public StoredRunContext sessionState(Map<String, Object> value) {
        return new StoredRunContext(below, value, events);
    }

    public StoredRunContext events(List<RunEvent> value) {
        return new StoredRunContext(below, sessionState, value);
    }
}
