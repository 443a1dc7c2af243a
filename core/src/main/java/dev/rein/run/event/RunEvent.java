package dev.rein.run.event;

import dev.rein.run.ComponentKind;
import dev.rein.run.StepRef;
import org.jspecify.annotations.Nullable;

/** An event of a run. Immutable. Records of one sealed family: switch over the types that matter. */
public sealed interface RunEvent
        permits RunStarted,
                RunContent,
                RunContentCompleted,
                RunContinued,
                WorkflowStarted,
                ModelEvent,
                ToolEvent,
                HookEvent,
                TaskEvent,
                StepEvent,
                CustomEvent,
                Paused,
                Terminal {

    /** Origin, index and time of the event. */
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

    /** The innermost step of a workflow that contains the run; null outside a workflow. */
    default @Nullable StepRef inStep() {
        return meta().origin().step();
    }

    /** The type of the event: one for each class. */
    default EventType type() {
        return EventType.of(getClass());
    }

    /** The name of the event for clients of AgentOS, such as {@code RunContent}, or {@code TeamRunContent} for a team. */
    default String name() {
        return type().wireName(source());
    }
}
