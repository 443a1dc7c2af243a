package dev.rein.internal.workflow;

import dev.rein.internal.pause.ResumedRun;
import dev.rein.run.Requirement;
import dev.rein.session.StoredStep;
import dev.rein.session.StoredStep.Stage;
import dev.rein.workflow.Condition;
import dev.rein.workflow.Loop;
import dev.rein.workflow.Router;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import dev.rein.workflow.WorkflowStep;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether the steps of a workflow are those that another process has left: each that had begun must be where it was. What
 * comes behind them may have changed.
 */
final class ResumeCompatibility {
    private final ResumedRun left;

    private ResumeCompatibility(ResumedRun left) {
        this.left = left;
    }

    /** @return what does not fit; null when all does */
    static @Nullable String misfit(Workflow workflow, ResumedRun left) {
        var fit = new ResumeCompatibility(left);
        for (var was : left.pause().steps()) {
            var misfit = fit.at(workflow.steps(), was);
            if (misfit != null) {
                return misfit;
            }
        }
        return null;
    }

    private @Nullable String at(List<WorkflowStep> steps, StoredStep was) {
        if (was.place() >= steps.size()) {
            return "there is no step any more where \"" + was.name() + "\" was";
        }
        return misfit(steps.get(was.place()), was);
    }

    private @Nullable String misfit(WorkflowStep step, StoredStep was) {
        if (!step.name().equals(was.name())) {
            return "step \"" + was.name() + "\" had begun where \"" + step.name() + "\" is now";
        }
        if (was.stage() == Stage.OVER) {
            return null;
        }
        if (WorkflowExecutor.kind(step) != was.kind()) {
            return "step \"" + was.name() + "\" was " + was.kind() + " and is " + WorkflowExecutor.kind(step) + " now";
        }
        var asked = was.requirementId();
        if (asked != null && left.asked().stream().noneMatch(each -> each.id().equals(asked) && asks(step, each))) {
            return "step \"" + was.name() + "\" does not ask any more what it has asked";
        }
        var executor = was.runId() == null ? null : left.below(was.runId());
        return executor == null ? within(step, was) : executes(step, executor);
    }

    private static @Nullable String executes(WorkflowStep step, ResumedRun run) {
        var id = run.row().componentId();
        if (!(step instanceof Step one)
                || !(one.executor() instanceof Step.Executor.ComponentExecutor now)
                || !now.component().id().equals(id)) {
            return "step \"" + step.name() + "\" was executed by " + id
                    + " and is not now (what has neither name nor id" + " has another id in every process)";
        }
        return now.component() instanceof Workflow nested ? misfit(nested, run) : null;
    }

    private static boolean asks(WorkflowStep step, Requirement requirement) {
        return switch (requirement.kind()) {
            case ROUTE -> step instanceof Router router && router.selector() instanceof Router.Selector.ByPeople;
            case ERROR -> step instanceof Step;
            case EXTERNAL_EXECUTION ->
                step instanceof Step one && one.executor() instanceof Step.Executor.ExternalExecutor;
            case CONFIRMATION, USER_INPUT ->
                step instanceof Step one
                        && one.question() != null
                        && one.question().kind() == requirement.kind();
        };
    }

    private @Nullable String chosen(Router router, StoredStep was) {
        for (var choice : router.parts()) {
            if (choice.name().equals(was.name())) {
                return misfit(choice, was);
            }
        }
        return "router \"" + router.name() + "\" has no choice \"" + was.name() + "\" any more";
    }

    private @Nullable String within(WorkflowStep step, StoredStep was) {
        for (var part : was.parts()) {
            var misfit = switch (step) {
                case Condition condition -> at(part.lap() == 1 ? condition.then() : condition.otherwise(), part);
                case Router router -> chosen(router, part);
                case Loop loop
                when part.lap() > loop.maxIterations() ->
                    "loop \"" + was.name() + "\" was in iteration " + part.lap() + " and has " + loop.maxIterations()
                            + " now";
                default -> at(step.parts(), part);
            };
            if (misfit != null) {
                return misfit;
            }
        }
        return null;
    }
}
