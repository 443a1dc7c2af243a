package dev.rein.internal.team;

import dev.rein.run.TeamTask;
import dev.rein.run.TeamTask.Status;
import dev.rein.tool.ToolArgumentException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The tasks of one run of a team. Thread-safe. */
final class TaskBoard {
    /** Bounds the memory that a misguided leader can use. */
    private static final int MAX_TASKS = 200;

    /**
     * A changed task.
     *
     * @param task the task after the change
     * @param previous its status before the change
     */
    record Change(TeamTask task, Status previous) {}

    private final Map<String, TeamTask> tasks = new LinkedHashMap<>();
    private @Nullable String summary;

    TaskBoard() {}

    /** A board with the stored tasks of a resumed run. */
    TaskBoard(List<TeamTask> stored, @Nullable String summary) {
        stored.forEach(task -> tasks.put(task.id(), task));
        this.summary = summary;
    }

    synchronized TeamTask create(
            String title, String description, @Nullable String assignee, List<String> dependencies) {
        if (tasks.size() >= MAX_TASKS) {
            throw new ToolArgumentException("there are already " + MAX_TASKS + " tasks, which is the maximum");
        }
        dependencies.forEach(this::get);
        var id = "task-" + (tasks.size() + 1);
        var task = new TeamTask(id, title, description, assignee, Status.PENDING, dependencies, null, List.of());
        tasks.put(id, task);
        return task;
    }

    synchronized TeamTask get(String id) {
        var task = tasks.get(id);
        if (task == null) {
            throw new ToolArgumentException("there is no task \"" + id + "\"; the tasks are "
                    + (tasks.isEmpty() ? "none" : String.join(", ", tasks.keySet())));
        }
        return task;
    }

    /** Marks a task as in progress. */
    synchronized Change begin(String id, String assignee) {
        var task = get(id);
        if (task.status() != Status.PENDING && task.status() != Status.FAILED) {
            throw new ToolArgumentException("task " + id + " is " + task.status() + ": only one that is PENDING or"
                    + " FAILED can be executed");
        }
        var open = task.dependencies().stream()
                .filter(each -> get(each).status() != Status.COMPLETED)
                .toList();
        if (!open.isEmpty()) {
            throw new ToolArgumentException(
                    "task " + id + " depends on " + open + ", which are not completed: execute those first");
        }
        var started = new TeamTask(
                id,
                task.title(),
                task.description(),
                assignee,
                Status.IN_PROGRESS,
                task.dependencies(),
                null,
                task.notes());
        tasks.put(id, started);
        return new Change(started, task.status());
    }

    /** Sets a status and result. Tasks that depend on a failed task become BLOCKED, and PENDING again once it no longer is. */
    synchronized List<Change> set(String id, Status status, @Nullable String result) {
        var changes = new ArrayList<Change>();
        change(get(id).with(status, result), changes);
        var changed = true;
        while (changed) {
            var before = changes.size();
            for (var task : List.copyOf(tasks.values())) {
                var blocked = task.dependencies().stream()
                        .map(this::get)
                        .anyMatch(each -> each.status() == Status.FAILED || each.status() == Status.BLOCKED);
                if (blocked && task.status() == Status.PENDING) {
                    change(task.with(Status.BLOCKED, null), changes);
                } else if (!blocked && task.status() == Status.BLOCKED) {
                    change(task.with(Status.PENDING, null), changes);
                }
            }
            changed = changes.size() > before;
        }
        return changes;
    }

    private void change(TeamTask task, List<Change> changes) {
        var previous = get(task.id()).status();
        tasks.put(task.id(), task);
        changes.add(new Change(task, previous));
    }

    synchronized TeamTask note(String id, String note) {
        var task = get(id);
        var notes = new ArrayList<>(task.notes());
        notes.add(note);
        var noted = new TeamTask(
                id,
                task.title(),
                task.description(),
                task.assignee(),
                task.status(),
                task.dependencies(),
                task.result(),
                notes);
        tasks.put(id, noted);
        return noted;
    }

    synchronized void complete(String newSummary) {
        summary = newSummary;
    }

    /** The leader's summary of the completed work; null until the leader has marked all tasks complete. */
    synchronized @Nullable String summary() {
        return summary;
    }

    synchronized List<TeamTask> all() {
        return List.copyOf(tasks.values());
    }

    /** A member's input: the task and the results of its dependencies. */
    synchronized String brief(TeamTask task) {
        var text = new StringBuilder(task.title());
        if (!task.description().isBlank()) {
            text.append("\n\n").append(task.description());
        }
        for (var id : task.dependencies()) {
            var done = get(id);
            text.append("\n\nResult of \"").append(done.title()).append("\":\n").append(done.result());
        }
        return text.toString();
    }

    /** All tasks as text for the leader. */
    synchronized String list() {
        return tasks.isEmpty()
                ? "There are no tasks."
                : tasks.values().stream()
                        .map(task -> task.id() + " [" + task.status() + "] " + task.title()
                                + (task.assignee() == null ? "" : ", member " + task.assignee())
                                + (task.dependencies().isEmpty() ? "" : ", after " + task.dependencies())
                                + (task.result() == null ? "" : "\n  result: " + task.result())
                                + task.notes().stream()
                                        .map(note -> "\n  note: " + note)
                                        .collect(Collectors.joining()))
                        .collect(Collectors.joining("\n"));
    }
}
