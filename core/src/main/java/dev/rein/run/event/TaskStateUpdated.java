package dev.rein.run.event;

import dev.rein.run.TeamTask;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a team stands with its tasks, after a round.
 *
 * @param meta where and when
 * @param tasks all of them
 * @param goalComplete whether the leader says that all is done
 * @param summary what the leader says of it; null until then
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
