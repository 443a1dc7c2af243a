package dev.rein.run.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.run.ComponentKind;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EventTypeTest {
    /** Type, name in stores, name for clients of AgentOS. Stores and clients depend on them: add lines, change none. */
    private static final String NAMES = """
        RUN_STARTED RunStarted RunStarted
        RUN_CONTENT RunContent RunContent
        RUN_CONTENT_COMPLETED RunContentCompleted RunContentCompleted
        RUN_CONTINUED RunContinued RunContinued
        RUN_PAUSED RunPaused RunPaused
        RUN_COMPLETED RunCompleted RunCompleted
        RUN_CANCELLED RunCancelled RunCancelled
        RUN_ERROR RunError RunError
        MODEL_REQUEST_STARTED ModelRequestStarted ModelRequestStarted
        MODEL_REQUEST_COMPLETED ModelRequestCompleted ModelRequestCompleted
        MODEL_REQUEST_FAILED ModelRequestFailed ModelRequestFailed
        TOOL_CALL_STARTED ToolCallStarted ToolCallStarted
        TOOL_CALL_COMPLETED ToolCallCompleted ToolCallCompleted
        TOOL_CALL_ERROR ToolCallError ToolCallError
        PRE_HOOK_STARTED PreHookStarted PreHookStarted
        PRE_HOOK_COMPLETED PreHookCompleted PreHookCompleted
        POST_HOOK_STARTED PostHookStarted PostHookStarted
        POST_HOOK_COMPLETED PostHookCompleted PostHookCompleted
        TASK_ITERATION_STARTED TaskIterationStarted TaskIterationStarted
        TASK_ITERATION_COMPLETED TaskIterationCompleted TaskIterationCompleted
        TASK_STATE_UPDATED TaskStateUpdated TaskStateUpdated
        TASK_CREATED TaskCreated TaskCreated
        TASK_UPDATED TaskUpdated TaskUpdated
        WORKFLOW_STARTED WorkflowStarted WorkflowStarted
        WORKFLOW_PAUSED WorkflowPaused WorkflowPaused
        WORKFLOW_COMPLETED WorkflowCompleted WorkflowCompleted
        WORKFLOW_CANCELLED WorkflowCancelled WorkflowCancelled
        WORKFLOW_ERROR WorkflowError WorkflowError
        STEP_STARTED StepStarted StepStarted
        STEP_PROGRESS StepProgress StepProgress
        STEP_RESULT StepResult StepOutput
        STEP_COMPLETED StepCompleted StepCompleted
        STEP_ERROR StepError StepError
        STEP_PAUSED StepPaused StepPaused
        STEP_OUTPUT_REVIEW StepOutputReview StepOutputReview
        STEP_CONTINUED StepContinued StepContinued
        STEP_EXECUTOR_PAUSED StepExecutorPaused StepExecutorPaused
        STEP_EXECUTOR_CONTINUED StepExecutorContinued StepExecutorContinued
        STEPS_EXECUTION_STARTED StepsExecutionStarted StepsExecutionStarted
        STEPS_EXECUTION_COMPLETED StepsExecutionCompleted StepsExecutionCompleted
        PARALLEL_EXECUTION_STARTED ParallelExecutionStarted ParallelExecutionStarted
        PARALLEL_EXECUTION_COMPLETED ParallelExecutionCompleted ParallelExecutionCompleted
        LOOP_EXECUTION_STARTED LoopExecutionStarted LoopExecutionStarted
        LOOP_ITERATION_STARTED LoopIterationStarted LoopIterationStarted
        LOOP_ITERATION_COMPLETED LoopIterationCompleted LoopIterationCompleted
        LOOP_EXECUTION_COMPLETED LoopExecutionCompleted LoopExecutionCompleted
        CONDITION_EXECUTION_STARTED ConditionExecutionStarted ConditionExecutionStarted
        CONDITION_EXECUTION_COMPLETED ConditionExecutionCompleted ConditionExecutionCompleted
        ROUTER_EXECUTION_STARTED RouterExecutionStarted RouterExecutionStarted
        ROUTER_PAUSED RouterPaused RouterPaused
        ROUTER_EXECUTION_COMPLETED RouterExecutionCompleted RouterExecutionCompleted
        CUSTOM_EVENT CustomEvent CustomEvent
        """;

    private static Stream<Class<? extends RunEvent>> records(Class<? extends RunEvent> type) {
        return type.isRecord()
                ? Stream.of(type)
                : Arrays.stream(type.getPermittedSubclasses())
                        .flatMap(each -> records(each.asSubclass(RunEvent.class)));
    }

    @Test
    void namesInStoresAndForClientsNeverChange() {
        assertThat(Arrays.stream(EventType.values())
                        .map(type -> type + " " + type.storedName() + " " + type.wireName(ComponentKind.AGENT))
                        .collect(Collectors.joining("\n", "", "\n")))
                .isEqualTo(NAMES);
    }

    @Test
    void everyClassOfEventsHasOneType() {
        assertThat(Arrays.stream(EventType.values()).map(EventType::eventClass))
                .containsExactlyInAnyOrderElementsOf(records(RunEvent.class).toList());
    }

    @Test
    void namesInStoresAreFoundAgain() {
        assertThat(EventType.values())
                .allSatisfy(type ->
                        assertThat(EventType.ofStoredName(type.storedName())).isEqualTo(type));
        assertThat(EventType.ofStoredName("EventOfALaterVersion")).isNull();
    }

    @Test
    void eventsOfTeamsHaveTheirOwnNamesForClients() {
        assertThat(EventType.RUN_CONTENT.wireName(ComponentKind.AGENT)).isEqualTo("RunContent");
        assertThat(EventType.RUN_CONTENT.wireName(ComponentKind.TEAM)).isEqualTo("TeamRunContent");
        assertThat(EventType.STEP_RESULT.wireName(ComponentKind.WORKFLOW)).isEqualTo("StepOutput");
    }
}
