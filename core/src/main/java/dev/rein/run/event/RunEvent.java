package dev.rein.run.event;

import dev.rein.run.ComponentKind;
import dev.rein.run.StepRef;
import org.jspecify.annotations.Nullable;

/** Something that happened in a run. Immutable. */
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

    /** The type of the event: one for each class. */
    default EventType type() {
        return EventType.of(getClass());
    }

    /** The name of the event for clients of AgentOS, such as {@code RunContent}, or {@code TeamRunContent} for a team. */
    default String name() {
        return type().wireName(source());
    }
}
