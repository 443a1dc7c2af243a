package dev.rein.run;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task of a team that works off tasks. Immutable.
 *
 * @param id its id, short, for the leader
 * @param title what is to be done
 * @param description more of it; may be empty
 * @param assignee the member that is to do it; null for none yet
 * @param status where it stands
 * @param dependencies the ids of the tasks that must be done before
 * @param result what came of it, or why it failed; null until then
 * @param notes what the leader has noted
 */
public record TeamTask(
        String id,
        String title,
        String description,
        @Nullable String assignee,
        Status status,
        List<String> dependencies,
        @Nullable String result,
        List<String> notes) {
    public TeamTask {
        dependencies = List.copyOf(dependencies);
        notes = List.copyOf(notes);
    }

    /** Where a task stands. */
    public enum Status {
        PENDING,
        IN_PROGRESS,
        COMPLETED,
        FAILED,
        /** A task that it depends on has failed. */
        BLOCKED
    }

    /** The same with another status and result. */
    public TeamTask with(Status newStatus, @Nullable String newResult) {
        return new TeamTask(id, title, description, assignee, newStatus, dependencies, newResult, notes);
    }

    /** Whether nothing more comes of it. */
    public boolean isOver() {
        return status == Status.COMPLETED || status == Status.FAILED || status == Status.BLOCKED;
    }
}
