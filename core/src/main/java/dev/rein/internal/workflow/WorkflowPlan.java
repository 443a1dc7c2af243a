package dev.rein.internal.workflow;

import dev.rein.internal.run.RunPlan;
import dev.rein.internal.storing.StoreWriter;
import dev.rein.run.ComponentKind;
import dev.rein.run.RunContext;
import dev.rein.run.RunInput;
import dev.rein.run.TypeRef;
import dev.rein.run.event.WorkflowStarted;
import dev.rein.runtime.RunOptions;
import dev.rein.workflow.Workflow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Creates the plan of a workflow's run. */
public final class WorkflowPlan {
    private WorkflowPlan() {}

    /** Only its own runs: those of other components of the session have other inputs. */
    private static StoreWriter.History history(Workflow workflow) {
        return workflow.history() == 0
                ? StoreWriter.History.NONE
                : new StoreWriter.History(workflow.history(), false, null)
                        .ofComponent(ComponentKind.WORKFLOW, workflow.id());
    }

    /** @throws IllegalArgumentException if this workflow does not support the type or the options */
    public static RunPlan of(Workflow workflow, RunInput input, RunOptions options, @Nullable TypeRef<?> answerType) {
        if (answerType != null) {
            WorkflowAnswer.check(workflow, answerType);
        }
        if (!options.modelOptions().isEmpty()) {
            throw new IllegalArgumentException("the options of a run of workflow " + workflow.id()
                    + " have instructions, a model, settings, tools or addDependencies, but it has no model of its own: give them to the agents of"
                    + " its steps");
        }
        if (workflow.history() > 0
                && options.sessionId() == null
                && options.parent() == null
                && RunContext.current() == null) {
            throw new IllegalArgumentException("the runs of workflow " + workflow.id()
                    + " have a history, because it was built with addHistory(" + workflow.history()
                    + "), and this run has no session: give it a session id with RunOptions.defaults().sessionId(..)");
        }
        return new RunPlan(
                WorkflowRunKind.WORKFLOW,
                workflow.settings(),
                input,
                options,
                history(workflow),
                List.of(),
                WorkflowStarted::new,
                run -> new WorkflowExecutor(workflow, run).execute(),
                answerType,
                List.of(),
                resumed -> ResumeCompatibility.check(workflow, resumed),
                null,
                null);
    }
}
