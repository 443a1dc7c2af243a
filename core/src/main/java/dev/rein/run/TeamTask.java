package dev.rein.run;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task on the task list of a team in mode TASKS. Immutable.
 *
 * @param id a short id for the leader
 * @param title the title
 * @param description the description; may be empty
 * @param assignee the id of the assigned member; null for none
 * @param status the status
 * @param dependencies the ids of the tasks that must be completed before
 * @param result the result or the reason of the failure; null until the task ends
 * @param notes the notes of the leader
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

    /** The status of a task. */
    public enum Status {
        PENDING,
        IN_PROGRESS,
        COMPLETED,
        FAILED,
        /** A task that this one depends on has failed. */
        BLOCKED
    }

    /** Returns a copy with another status and result. */
    public TeamTask with(Status newStatus, @Nullable String newResult) {
        return new TeamTask(id, title, description, assignee, newStatus, dependencies, newResult, notes);
    }

    /** Whether the task has ended: COMPLETED, FAILED or BLOCKED. */
    public boolean isOver() {
        return status == Status.COMPLETED || status == Status.FAILED || status == Status.BLOCKED;
    }
}
