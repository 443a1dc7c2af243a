package dev.rein.run.event;

import dev.rein.run.TeamTask;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The task list of a team after an iteration.
 *
 * @param meta origin, index and time of the event
 * @param tasks all tasks, in the order of their creation
 * @param goalComplete whether the leader has declared the goal complete
 * @param summary the summary of the leader; null until the goal is complete
 */
public record TaskStateUpdated(
        EventMeta meta,
        List<TeamTask> tasks,
        boolean goalComplete,
        @Nullable String summary) implements TaskEvent {
    public TaskStateUpdated {
        tasks = List.copyOf(tasks);
    }
}
