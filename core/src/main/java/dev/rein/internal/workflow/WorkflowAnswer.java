package dev.rein.internal.workflow;

import dev.rein.internal.tool.AnswerType;
import dev.rein.internal.tool.TypedValues;
import dev.rein.run.TypeRef;
import dev.rein.workflow.Condition;
import dev.rein.workflow.Parallel;
import dev.rein.workflow.Router;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import dev.rein.workflow.WorkflowStep;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The requested type of a workflow's answer, which is its last output. */
final class WorkflowAnswer {
    private final AnswerType type;

    WorkflowAnswer(TypeRef<?> type) {
        this.type = AnswerType.of(type);
    }

    /**
     * Checks that a workflow can answer with a type.
     *
     * @throws IllegalArgumentException if the type can't be expressed in JSON, or a last step's output is never JSON
     */
    static void check(Workflow workflow, TypeRef<?> type) {
        var known = AnswerType.of(type);
        var parallel = known.isText() ? null : lastParallel(workflow.steps());
        if (parallel != null) {
            throw new IllegalArgumentException("workflow " + workflow.id() + " can't answer with a " + known
                    + ", because its last step, the Parallel \"" + parallel.name()
                    + "\", has the texts of all branches as its output: add a step that makes a " + known + " of them");
        }
    }

    private static @Nullable Parallel lastParallel(List<WorkflowStep> steps) {
        if (steps.isEmpty()) {
            return null;
        }
        return switch (steps.getLast()) {
            case Step step ->
                step.executor() instanceof Step.Executor.ComponentExecutor runs
                                && runs.component() instanceof Workflow nested
                        ? lastParallel(nested.steps())
                        : null;
            case Parallel parallel -> parallel;
            case Condition condition -> {
                var found = lastParallel(condition.then());
                yield found == null ? lastParallel(condition.otherwise()) : found;
            }
            case Router router -> {
                for (var choice : router.parts()) {
                    var found = lastParallel(List.of(choice));
                    if (found != null) {
                        yield found;
                    }
                }
                yield null;
            }
            case WorkflowStep composite -> lastParallel(composite.parts());
        };
    }

    /**
     * Reads the last output. If the type is String, any text is a value.
     *
     * @throws IllegalStateException if it is not of the type
     */
    Object read(String text) {
        try {
            return TypedValues.read(text, type);
        } catch (IllegalArgumentException e) {
            if (type.isText()) {
                return text;
            }
            throw new IllegalStateException(
                    "the workflow's last output is not a valid " + type + ": " + e.getMessage()
                            + "; let an agent or a team be its last step, which is asked for the type, or a function that"
                            + " returns such JSON",
                    e);
        }
    }
}
