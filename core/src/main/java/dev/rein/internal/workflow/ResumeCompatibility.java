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
 * Checks whether a workflow can resume a stored run: each step that had started must still be at its place. Later steps may have
 * changed.
 */
final class ResumeCompatibility {
    private final ResumedRun run;

    private ResumeCompatibility(ResumedRun run) {
        this.run = run;
    }

    /** @return the first incompatibility; null if there is none */
    static @Nullable String check(Workflow workflow, ResumedRun run) {
        var compatibility = new ResumeCompatibility(run);
        for (var was : run.pause().steps()) {
            var incompatibility = compatibility.checkPlace(workflow.steps(), was);
            if (incompatibility != null) {
                return incompatibility;
            }
        }
        return null;
    }

    private @Nullable String checkPlace(List<WorkflowStep> steps, StoredStep was) {
        if (was.place() >= steps.size()) {
            return "there is no longer a step at the place of \"" + was.name() + "\"";
        }
        return checkStep(steps.get(was.place()), was);
    }

    private @Nullable String checkStep(WorkflowStep step, StoredStep was) {
        if (!step.name().equals(was.name())) {
            return "step \"" + was.name() + "\" had started at the place that is now step \"" + step.name() + "\"";
        }
        if (was.stage() == Stage.ENDED) {
            return null;
        }
        if (WorkflowExecutor.kind(step) != was.kind()) {
            return "step \"" + was.name() + "\" was " + was.kind() + " and is now " + WorkflowExecutor.kind(step);
        }
        var requirementId = was.requirementId();
        if (requirementId != null
                && run.requirements().stream()
                        .noneMatch(each -> each.id().equals(requirementId) && canAsk(step, each))) {
            return "step \"" + was.name() + "\" no longer asks the pending question";
        }
        var executor = was.runId() == null ? null : run.child(was.runId());
        return executor == null ? checkSubsteps(step, was) : checkExecutor(step, executor);
    }

    private static @Nullable String checkExecutor(WorkflowStep step, ResumedRun run) {
        var id = run.row().componentId();
        if (!(step instanceof Step one)
                || !(one.executor() instanceof Step.Executor.ComponentExecutor now)
                || !now.component().id().equals(id)) {
            return "step \"" + step.name() + "\" is no longer executed by " + id
                    + " (a component without a name or an id has a different id in every process)";
        }
        return now.component() instanceof Workflow nested ? check(nested, run) : null;
    }

    private static boolean canAsk(WorkflowStep step, Requirement requirement) {
        return switch (requirement.kind()) {
            case ROUTE -> step instanceof Router router && router.selector() instanceof Router.Selector.ByPeople;
            case ERROR -> step instanceof Step;
            case EXTERNAL_EXECUTION ->
                step instanceof Step one && one.executor() instanceof Step.Executor.ExternalExecutor;
            case CONFIRMATION, USER_INPUT -> {
                var before = step.humanReview().before();
                yield before != null && before.kind() == requirement.kind();
            }
            case REVIEW -> step.humanReview().output() != null;
        };
    }

    private @Nullable String checkChoice(Router router, StoredStep was) {
        for (var choice : router.parts()) {
            if (choice.name().equals(was.name())) {
                return checkStep(choice, was);
            }
        }
        return "router \"" + router.name() + "\" no longer has the choice \"" + was.name() + "\"";
    }

    private @Nullable String checkSubsteps(WorkflowStep step, StoredStep was) {
        for (var part : was.parts()) {
            var incompatibility = switch (step) {
                case Condition condition ->
                    checkPlace(part.lap() == 1 ? condition.then() : condition.otherwise(), part);
                case Router router -> checkChoice(router, part);
                case Loop loop
                when part.lap() > loop.maxIterations() ->
                    "loop \"" + was.name() + "\" was in iteration " + part.lap() + " and now has at most "
                            + loop.maxIterations();
                default -> checkPlace(step.parts(), part);
            };
            if (incompatibility != null) {
                return incompatibility;
            }
        }
        return null;
    }
}
