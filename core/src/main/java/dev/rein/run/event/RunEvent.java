package dev.rein.run.event;

import dev.rein.run.ComponentKind;
import dev.rein.run.StepRef;
import org.jspecify.annotations.Nullable;

/** Something that happened in a run. Immutable. */
public sealed interface RunEvent
        permits RunStarted,
                ModelRequestStarted,
                ModelRequestFailed,
                RunContent,
                ModelRequestCompleted,
                RunContentCompleted,
                ToolCallStarted,
                ToolCallCompleted,
                ToolCallError,
                PreHookStarted,
                PreHookCompleted,
                PostHookStarted,
                PostHookCompleted,
                RunContinued,
                WorkflowStarted,
                TaskIterationStarted,
                TaskIterationCompleted,
                TaskStateUpdated,
                TaskCreated,
                TaskUpdated,
                CustomEvent,
                StepEvent,
                Paused,
                Terminal {

    EventMeta meta();

    default String runId() {
        return meta().origin().runId();
    }

    default @Nullable String parentRunId() {
        return meta().origin().parentRunId();
    }

    default ComponentKind source() {
        return meta().origin().source();
    }

    default long index() {
        return meta().index();
    }

    /** The step of a workflow that this happened in: at any depth below it; null outside one. */
    default @Nullable StepRef inStep() {
        return meta().origin().step();
    }

    /** The event's name as clients of AgentOS know it: {@code RunContent}, {@code TeamRunContent} ... */
    default String name() {
        var simple = getClass().getSimpleName();
        return source() == ComponentKind.TEAM ? "Team" + simple : simple;
    }
}
