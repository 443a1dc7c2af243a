package dev.rein.run.event;

import dev.rein.run.StepRef;

/** An event of a step of a workflow. The ids of {@link #step()} allow a reader to rebuild the tree of steps. */
public sealed interface StepEvent extends RunEvent
        permits StepStarted,
                StepCompleted,
                StepResult,
                StepProgress,
                StepError,
                StepPaused,
                StepOutputReview,
                StepContinued,
                StepExecutorPaused,
                StepExecutorContinued,
                StepsExecutionStarted,
                StepsExecutionCompleted,
                ParallelExecutionStarted,
                ParallelExecutionCompleted,
                LoopExecutionStarted,
                LoopIterationStarted,
                LoopIterationCompleted,
                LoopExecutionCompleted,
                ConditionExecutionStarted,
                ConditionExecutionCompleted,
                RouterExecutionStarted,
                RouterExecutionCompleted,
                RouterPaused {

    /** The step. */
    StepRef step();
}
