package dev.rein.internal.workflow;

import dev.rein.internal.run.RunPlan;
import dev.rein.internal.storing.StoreWriter;
import dev.rein.run.RunInput;
import dev.rein.run.event.WorkflowStarted;
import dev.rein.runtime.RunOptions;
import dev.rein.workflow.Workflow;
import java.util.List;

/** Creates the plan of a workflow's run. */
public final class WorkflowPlan {
    private WorkflowPlan() {}

    public static RunPlan of(Workflow workflow, RunInput input, RunOptions options) {
        return new RunPlan(
                WorkflowRunKind.WORKFLOW,
                workflow.settings(),
                input,
                options,
                StoreWriter.History.NONE,
                List.of(),
                WorkflowStarted::new,
                run -> new WorkflowExecutor(workflow, run).execute(),
                null,
                resumed -> ResumeCompatibility.check(workflow, resumed),
                null);
    }
}
