package dev.rein.run.event;

import dev.rein.run.ComponentKind;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The types of events, one for each class of {@link RunEvent}, with the names that outlive the class: the one that stores
 * keep, and the one that clients of AgentOS know. Neither may change once released, whatever becomes of the class.
 */
public enum EventType {
    RUN_STARTED(RunStarted.class, "RunStarted"),
    RUN_CONTENT(RunContent.class, "RunContent"),
    RUN_CONTENT_COMPLETED(RunContentCompleted.class, "RunContentCompleted"),
    RUN_CONTINUED(RunContinued.class, "RunContinued"),
    RUN_PAUSED(RunPaused.class, "RunPaused"),
    RUN_COMPLETED(RunCompleted.class, "RunCompleted"),
    RUN_CANCELLED(RunCancelled.class, "RunCancelled"),
    RUN_ERROR(RunError.class, "RunError"),
    MODEL_REQUEST_STARTED(ModelRequestStarted.class, "ModelRequestStarted"),
    MODEL_REQUEST_COMPLETED(ModelRequestCompleted.class, "ModelRequestCompleted"),
    MODEL_REQUEST_FAILED(ModelRequestFailed.class, "ModelRequestFailed"),
    TOOL_CALL_STARTED(ToolCallStarted.class, "ToolCallStarted"),
    TOOL_CALL_COMPLETED(ToolCallCompleted.class, "ToolCallCompleted"),
    TOOL_CALL_ERROR(ToolCallError.class, "ToolCallError"),
    PRE_HOOK_STARTED(PreHookStarted.class, "PreHookStarted"),
    PRE_HOOK_COMPLETED(PreHookCompleted.class, "PreHookCompleted"),
    POST_HOOK_STARTED(PostHookStarted.class, "PostHookStarted"),
    POST_HOOK_COMPLETED(PostHookCompleted.class, "PostHookCompleted"),
    TASK_ITERATION_STARTED(TaskIterationStarted.class, "TaskIterationStarted"),
    TASK_ITERATION_COMPLETED(TaskIterationCompleted.class, "TaskIterationCompleted"),
    TASK_STATE_UPDATED(TaskStateUpdated.class, "TaskStateUpdated"),
    TASK_CREATED(TaskCreated.class, "TaskCreated"),
    TASK_UPDATED(TaskUpdated.class, "TaskUpdated"),
    WORKFLOW_STARTED(WorkflowStarted.class, "WorkflowStarted"),
    WORKFLOW_PAUSED(WorkflowPaused.class, "WorkflowPaused"),
    WORKFLOW_COMPLETED(WorkflowCompleted.class, "WorkflowCompleted"),
    WORKFLOW_CANCELLED(WorkflowCancelled.class, "WorkflowCancelled"),
    WORKFLOW_ERROR(WorkflowError.class, "WorkflowError"),
    STEP_STARTED(StepStarted.class, "StepStarted"),
    STEP_PROGRESS(StepProgress.class, "StepProgress"),
    STEP_RESULT(StepResult.class, "StepResult", "StepOutput"),
    STEP_COMPLETED(StepCompleted.class, "StepCompleted"),
    STEP_ERROR(StepError.class, "StepError"),
    STEP_PAUSED(StepPaused.class, "StepPaused"),
    STEP_OUTPUT_REVIEW(StepOutputReview.class, "StepOutputReview"),
    STEP_CONTINUED(StepContinued.class, "StepContinued"),
    STEP_EXECUTOR_PAUSED(StepExecutorPaused.class, "StepExecutorPaused"),
    STEP_EXECUTOR_CONTINUED(StepExecutorContinued.class, "StepExecutorContinued"),
    STEPS_EXECUTION_STARTED(StepsExecutionStarted.class, "StepsExecutionStarted"),
    STEPS_EXECUTION_COMPLETED(StepsExecutionCompleted.class, "StepsExecutionCompleted"),
    PARALLEL_EXECUTION_STARTED(ParallelExecutionStarted.class, "ParallelExecutionStarted"),
    PARALLEL_EXECUTION_COMPLETED(ParallelExecutionCompleted.class, "ParallelExecutionCompleted"),
    LOOP_EXECUTION_STARTED(LoopExecutionStarted.class, "LoopExecutionStarted"),
    LOOP_ITERATION_STARTED(LoopIterationStarted.class, "LoopIterationStarted"),
    LOOP_ITERATION_COMPLETED(LoopIterationCompleted.class, "LoopIterationCompleted"),
    LOOP_EXECUTION_COMPLETED(LoopExecutionCompleted.class, "LoopExecutionCompleted"),
    CONDITION_EXECUTION_STARTED(ConditionExecutionStarted.class, "ConditionExecutionStarted"),
    CONDITION_EXECUTION_COMPLETED(ConditionExecutionCompleted.class, "ConditionExecutionCompleted"),
    ROUTER_EXECUTION_STARTED(RouterExecutionStarted.class, "RouterExecutionStarted"),
    ROUTER_PAUSED(RouterPaused.class, "RouterPaused"),
    ROUTER_EXECUTION_COMPLETED(RouterExecutionCompleted.class, "RouterExecutionCompleted"),
    CUSTOM_EVENT(CustomEvent.class, "CustomEvent");

    private static final Map<Class<?>, EventType> BY_CLASS = new HashMap<>();
    private static final Map<String, EventType> BY_STORED_NAME = new HashMap<>();

    static {
        for (var type : values()) {
            BY_CLASS.put(type.eventClass, type);
            BY_STORED_NAME.put(type.storedName, type);
        }
    }

    private final Class<? extends RunEvent> eventClass;
    private final String storedName;
    private final String wireName;
    private final String teamWireName;

    EventType(Class<? extends RunEvent> eventClass, String name) {
        this(eventClass, name, name);
    }

    EventType(Class<? extends RunEvent> eventClass, String storedName, String wireName) {
        this.eventClass = eventClass;
        this.storedName = storedName;
        this.wireName = wireName;
        this.teamWireName = "Team" + wireName;
    }

    static EventType of(Class<? extends RunEvent> eventClass) {
        var type = BY_CLASS.get(eventClass);
        if (type == null) {
            throw new IllegalStateException(eventClass + " has no event type: add a constant to EventType");
        }
        return type;
    }

    /** Returns the type that a store keeps under a name; null for a name of a later version. */
    public static @Nullable EventType ofStoredName(String name) {
        return BY_STORED_NAME.get(name);
    }

    /** The class of the events of this type. */
    public Class<? extends RunEvent> eventClass() {
        return eventClass;
    }

    /** The name that stores keep. */
    public String storedName() {
        return storedName;
    }

    /**
     * The name for clients of AgentOS, which depends on the component: {@code RunContent} of an agent is {@code
     * TeamRunContent} of a team.
     */
    public String wireName(ComponentKind source) {
        return source == ComponentKind.TEAM ? teamWireName : wireName;
    }
}
