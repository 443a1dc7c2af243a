package dev.rein.internal.team;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.internal.run.Context;
import dev.rein.internal.run.Run;
import dev.rein.internal.tool.BoundMethod;
import dev.rein.run.RunContext;
import dev.rein.run.TeamTask;
import dev.rein.run.TeamTask.Status;
import dev.rein.run.event.TaskCreated;
import dev.rein.run.event.TaskIterationCompleted;
import dev.rein.run.event.TaskIterationStarted;
import dev.rein.run.event.TaskStateUpdated;
import dev.rein.run.event.TaskUpdated;
import dev.rein.runtime.Component;
import dev.rein.session.StoredTeam;
import dev.rein.tool.ToolArgumentException;
import dev.rein.tool.ToolSpec;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The tools and rounds of a leader that works through a list of tasks. */
final class TaskTools {
    static final String EXECUTE = "execute_task";
    static final String EXECUTE_PARALLEL = "execute_tasks_parallel";

    static final Set<String> NAMES = Set.of(
            "create_task",
            "update_task_status",
            "list_tasks",
            "add_task_note",
            "mark_all_complete",
            EXECUTE,
            EXECUTE_PARALLEL);

    private static final String TASK_ID = "task_id";

    private final Members members;
    private final Run run;
    private final int maxIterations;
    private final TaskBoard board;

    /** Written only by the leader's thread, under the tree's lock. */
    private int iteration;

    TaskTools(Members members, Run run, int maxIterations) {
        this.members = members;
        this.run = run;
        this.maxIterations = maxIterations;
        var resumed = run.plan().resumed();
        var team = resumed == null ? null : resumed.pause().team();
        this.board = team == null ? new TaskBoard() : new TaskBoard(team.tasks(), team.summary());
        this.iteration = team == null ? 1 : team.iteration();
    }

    /** The checkpoint for a resume in another process. Called under the tree's lock. */
    StoredTeam stored() {
        return new StoredTeam(members.activeDelegations(), board.all(), board.summary(), iteration);
    }

    // ---- rounds

    void startRound() {
        run.emit(0, meta -> new TaskIterationStarted(meta, iteration, maxIterations));
    }

    /** Ends a round after an answer of the leader: the message that starts the next round, or null if this was the last. */
    @Nullable
    String nextMessage() {
        var summary = board.summary();
        var tasks = board.all();
        run.emit(0, meta -> new TaskStateUpdated(meta, tasks, summary != null, summary));
        run.emit(0, meta -> new TaskIterationCompleted(meta, iteration, maxIterations));
        if (summary != null || tasks.stream().allMatch(TeamTask::isOver) || iteration == maxIterations) {
            return null;
        }
        run.guarded(() -> iteration++);
        startRound();
        return "This was round " + (iteration - 1) + " of " + maxIterations + ". Not all tasks are done:\n"
                + board.list() + "\nContinue, or call mark_all_complete if nothing more is to be done.";
    }

    // ---- tools

    List<ToolSpec> tools() {
        return List.of(create(), update(), list(), note(), complete(), execute(), executeParallel());
    }

    private ToolSpec create() {
        var parameters = Members.object();
        Members.text(parameters, "title", "What is to be done, in a few words");
        optional(parameters, "description", "Everything that whoever does it needs to know");
        optional(parameters, "assignee", "The id of the member that is to do it");
        texts(parameters, "depends_on", "The ids of the tasks that must be done before", false);
        return ToolSpec.of("create_task", "Adds a task to the list.", parameters, (arguments, context) -> {
            var assignee = arguments.path("assignee").asText("");
            if (!assignee.isEmpty()) {
                member(assignee);
            }
            var task = board.create(
                    Members.required(arguments, "title"),
                    arguments.path("description").asText(""),
                    assignee.isEmpty() ? null : assignee,
                    Members.texts(arguments, "depends_on"));
            emit(context, task, null);
            return "Created " + task.id() + ".";
        });
    }

    private ToolSpec update() {
        var parameters = Members.object();
        Members.text(parameters, TASK_ID, "The id of the task");
        Members.text(parameters, "status", "pending, in_progress, completed or failed");
        optional(parameters, "result", "The result");
        return ToolSpec.of("update_task_status", "Sets the status of a task.", parameters, (arguments, context) -> {
            var given = Members.required(arguments, "status").toUpperCase(Locale.ROOT);
            var status = Arrays.stream(Status.values())
                    .filter(each -> each.name().equals(given) && each != Status.BLOCKED)
                    .findFirst()
                    .orElseThrow(() -> new ToolArgumentException(
                            "status is \"" + given + "\": give pending, in_progress, completed or failed"));
            set(
                    context,
                    Members.required(arguments, TASK_ID),
                    status,
                    arguments.path("result").asText(null));
            return board.list();
        });
    }

    private ToolSpec list() {
        return ToolSpec.of(
                "list_tasks",
                "Lists all tasks with their status and results.",
                Members.object(),
                (_, _) -> board.list());
    }

    private ToolSpec note() {
        var parameters = Members.object();
        Members.text(parameters, TASK_ID, "The id of the task");
        Members.text(parameters, "note", "What to note");
        return ToolSpec.of("add_task_note", "Adds a note to a task.", parameters, (arguments, _) -> {
            var task = board.note(Members.required(arguments, TASK_ID), Members.required(arguments, "note"));
            return "Noted at " + task.id() + ".";
        });
    }

    private ToolSpec complete() {
        var parameters = Members.object();
        Members.text(parameters, "summary", "What was done");
        return ToolSpec.of(
                "mark_all_complete", "Says that everything the user asked for is done.", parameters, (arguments, _) -> {
                    board.complete(Members.required(arguments, "summary"));
                    return "Noted. Now answer the user.";
                });
    }

    private ToolSpec execute() {
        var parameters = Members.object();
        Members.text(parameters, TASK_ID, "The id of the task");
        members.member(parameters, "The id of the member that is to do it");
        return ToolSpec.of(EXECUTE, "Has a member do a task, and returns the result.", parameters, (BoundMethod)
                (arguments, context) -> {
                    var member = member(Members.required(arguments, Members.MEMBER_ID));
                    var id = Members.required(arguments, TASK_ID);
                    return executeAll(context, batch -> start(context, batch, id, member));
                });
    }

    private ToolSpec executeParallel() {
        var parameters = Members.object();
        texts(parameters, "task_ids", "The ids of the tasks; each has an assignee", true);
        return ToolSpec.of(
                EXECUTE_PARALLEL,
                "Has the assignees of several tasks do them at the same time, and returns the results.",
                parameters,
                (arguments, context) -> {
                    var ids = new LinkedHashSet<>(Members.texts(arguments, "task_ids"));
                    return executeAll(context, batch -> ids.forEach(id -> startAssigned(context, batch, id)));
                });
    }

    private void startAssigned(RunContext context, DelegationBatch batch, String id) {
        try {
            var assignee = board.get(id).assignee();
            if (assignee == null) {
                throw new ToolArgumentException("task " + id + " has no assignee: use execute_task with a member_id");
            }
            start(context, batch, id, member(assignee));
        } catch (ToolArgumentException e) {
            batch.refuse(id, String.valueOf(e.getMessage()));
        }
    }

    private Component member(String id) {
        return members.require(id);
    }

    private void start(RunContext context, DelegationBatch batch, String id, Component member) {
        var change = board.begin(id, member.id());
        emit(context, change.task(), change.previous());
        batch.delegate(id, member, board.brief(change.task()));
    }

    private String executeAll(RunContext context, Consumer<DelegationBatch> start) {
        var batch = members.delegateAll(context, start);
        batch.executed()
                .forEach(each ->
                        set(context, each.key(), each.completed() ? Status.COMPLETED : Status.FAILED, each.answer()));
        return batch.answers();
    }

    private void set(RunContext context, String id, Status status, @Nullable String result) {
        board.set(id, status, result).forEach(change -> emit(context, change.task(), change.previous()));
    }

    /** @param previous the status before the change; null for a new task */
    private void emit(RunContext context, TeamTask task, @Nullable Status previous) {
        run.emit(
                Context.of(context).scope(),
                task.title().length() + task.description().length(),
                meta -> previous == null ? new TaskCreated(meta, task) : new TaskUpdated(meta, task, previous));
    }

    private static void optional(ObjectNode schema, String name, String description) {
        schema.withObject("properties").putObject(name).put("type", "string").put("description", description);
    }

    private static void texts(ObjectNode schema, String name, String description, boolean required) {
        var list = schema.withObject("properties").putObject(name);
        list.put("type", "array").put("description", description);
        list.putObject("items").put("type", "string");
        if (required) {
            schema.withArray("required").add(name);
        }
    }
}
