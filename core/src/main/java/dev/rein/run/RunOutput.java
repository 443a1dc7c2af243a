package dev.rein.run;

import dev.rein.cancel.CancelCause;
import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.model.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run has come to. Immutable; final once {@link #status()} is.
 *
 * @param runId the run's id
 * @param parentRunId the run it was part of; null for a root
 * @param source what kind of component ran
 * @param componentId the agent, team or workflow that ran
 * @param sessionId its session; null for none
 * @param userId its user; null when unknown
 * @param input what it was given
 * @param metadata what its caller gave with it
 * @param status where it stands
 * @param text the answer; of a run that was stopped or failed, what had been delivered
 * @param reasoning the reasoning that the provider showed; null when none
 * @param cause why it was told to stop; null when it was not
 * @param effectiveMode the mode of the stop; null when there was none
 * @param requests every request to stop it, in their order
 * @param stopTook from the first effective request to the end; null when it was not stopped or has not ended
 * @param failure why it ended as ERROR; null otherwise
 * @param messages the conversation; once it has ended valid as a history: every tool call has a result
 * @param historySize how many of the messages were there before this run's own: the system message, and those of earlier runs
 * @param tools the tool calls, in the order of their start
 * @param memberResponses the ended runs of a team's members, or of the agents, teams and workflows that execute a
 *     workflow's steps, in the order of their end; the latest 1,000
 * @param steps the results of a workflow's steps, in their order, nested as the steps are
 * @param requirements what it waits for, of this run and all below it; empty unless PAUSED
 * @param metrics tokens, calls and times
 * @param sessionState the session's state as this run left it
 * @param stateConflicts the session's state where two have changed one key: a line for each. A bare key: another run had
 *     changed it meanwhile, and this run's value was kept. Longer: two parallel branches had, with both values
 * @param abandoned threads that would not stop
 * @param stored whether its store has it; true when it has no store
 * @param createdAt when it was accepted
 */
public record RunOutput(
        String runId,
        @Nullable String parentRunId,
        ComponentKind source,
        String componentId,
        @Nullable String sessionId,
        @Nullable String userId,
        RunInput input,
        Map<String, Object> metadata,
        RunStatus status,
        String text,
        @Nullable String reasoning,
        @Nullable CancelCause cause,
        @Nullable CancelMode effectiveMode,
        List<CancelRequest> requests,
        @Nullable Duration stopTook,
        @Nullable RunFailure failure,
        List<Message> messages,
        int historySize,
        List<ToolExecution> tools,
        List<RunOutput> memberResponses,
        List<StepOutput> steps,
        List<Requirement> requirements,
        RunMetrics metrics,
        Map<String, Object> sessionState,
        List<String> stateConflicts,
        List<AbandonedThread> abandoned,
        boolean stored,
        Instant createdAt) {

    public boolean isCompleted() {
        return status == RunStatus.COMPLETED;
    }

    /** Whether it waits for people. */
    public boolean isPaused() {
        return status == RunStatus.PAUSED;
    }

    public boolean isCancelled() {
        return status == RunStatus.CANCELLED;
    }

    public boolean isError() {
        return status == RunStatus.ERROR;
    }

    /** The first {@code length} characters of the text, with an ellipsis when there are more; one less where a pair would be torn. */
    public String preview(int length) {
        if (length < 0) {
            throw new IllegalArgumentException("length is " + length + ": it must not be negative");
        }
        if (text.length() <= length) {
            return text;
        }
        var torn = length > 0 && Character.isSurrogatePair(text.charAt(length - 1), text.charAt(length));
        return text.substring(0, torn ? length - 1 : length) + "...";
    }
}
