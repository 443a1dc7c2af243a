package dev.rein.run.event;

import dev.rein.run.StepRef;

/** Something that happened in a step of a workflow. The ids of {@link #step()} let a reader rebuild the tree of steps. */
public sealed interface StepEvent extends RunEvent
        permits StepStarted,
                StepCompleted,
                StepResult,
                StepProgress,
                StepError,
                StepPaused,
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
