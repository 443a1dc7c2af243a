package dev.rein.internal.workflow;

import dev.rein.internal.run.RunKind;
import dev.rein.run.ComponentKind;
import dev.rein.run.Requirement;
import dev.rein.run.RunFailure;
import dev.rein.run.StepRef;
import dev.rein.run.event.EventMeta;
import dev.rein.run.event.Origin;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.StepExecutorContinued;
import dev.rein.run.event.StepExecutorPaused;
import dev.rein.run.event.WorkflowCancelled;
import dev.rein.run.event.WorkflowCompleted;
import dev.rein.run.event.WorkflowError;
import dev.rein.run.event.WorkflowPaused;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The runs of workflows. */
enum WorkflowRunKind implements RunKind {
    WORKFLOW;

    @Override
    public ComponentKind component() {
        return ComponentKind.WORKFLOW;
    }

    @Override
    public boolean hasSteps() {
        return true;
    }

    @Override
    public boolean collectsChildOutputs() {
        return true;
    }

    @Override
    public RunEvent paused(EventMeta meta, List<Requirement> requirements) {
        return new WorkflowPaused(meta, requirements);
    }

    /** None: the resumed step emits its own event. */
    @Override
    public @Nullable RunEvent resumed(EventMeta meta) {
        return null;
    }

    @Override
    public @Nullable RunEvent executorPaused(EventMeta meta, StepRef step, Origin executor) {
        return step.workflowRunId().equals(meta.origin().runId())
                ? new StepExecutorPaused(meta, step, executor.componentId(), executor.runId())
                : null;
    }

    @Override
    public @Nullable RunEvent executorResumed(EventMeta meta, StepRef step, Origin executor) {
        return step.workflowRunId().equals(meta.origin().runId())
                ? new StepExecutorContinued(meta, step, executor.componentId(), executor.runId())
                : null;
    }

    @Override
    public RunEvent completed(EventMeta meta, Result result) {
        return new WorkflowCompleted(meta, result.text(), result.steps(), result.metrics(), result.stored());
    }

    @Override
    public RunEvent cancelled(EventMeta meta, Result result, Stopped stopped) {
        return new WorkflowCancelled(
                meta,
                stopped.cause(),
                stopped.mode(),
                result.text(),
                result.steps(),
                stopped.took(),
                stopped.abandoned(),
                result.stored());
    }

    @Override
    public RunEvent failed(EventMeta meta, Result result, RunFailure failure) {
        return new WorkflowError(meta, failure, result.text(), result.steps(), result.stored());
    }
}
