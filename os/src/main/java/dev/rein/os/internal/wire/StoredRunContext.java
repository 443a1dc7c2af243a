package dev.rein.os.internal.wire;

import dev.rein.run.event.RunEvent;
import dev.rein.session.StoredRun;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Data shown with a stored run that is not part of its record.
 *
 * @param below the stored descendants in any order: team members, step executors
 * @param sessionState the state of its session; null if unknown, in which case it is not shown
 * @param events the events of the run and its descendants; empty for none
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
