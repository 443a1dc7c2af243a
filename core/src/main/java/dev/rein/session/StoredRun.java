package dev.rein.session;

import dev.rein.cancel.CancelCause;
import dev.rein.cancel.CancelMode;
import dev.rein.model.Message;
import dev.rein.run.ComponentKind;
import dev.rein.run.RunFailure;
import dev.rein.run.RunInput;
import dev.rein.run.RunMetrics;
import dev.rein.run.RunStatus;
import dev.rein.run.StepOutput;
import dev.rein.run.ToolExecution;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run as a store keeps it: its row from its start, completed at its end.
 *
 * @param runId its id
 * @param parentRunId the run it is part of; null for a root
 * @param rootRunId the run at the top of its tree
 * @param source what kind of component ran
 * @param componentId the component
 * @param sessionId its session; null for none
 * @param userId its user; null when unknown
 * @param status where it stands
 * @param input what it was given
 * @param text what was delivered
 * @param messages its part of the conversation: from the user's message on, without system message and history
 * @param tools the tool calls, in the order of their start
 * @param steps the results of a workflow's steps, nested as the steps are; empty for others
 * @param cause why it was stopped; null when it was not
 * @param effectiveMode how; null when it was not
 * @param failure why it failed; null when it did not
 * @param metrics tokens, calls and times; null until it ends
 * @param metadata what its caller gave
 * @param createdAt when it was accepted
 * @param endedAt when it ended; null until then
 * @param pause what it waits for; null unless it is PAUSED
 * @param owner the process that runs it, where several share the store; null for none
 * @param epoch counts its owners: only the latest may write, see {@link SessionStore#finish}
 * @param system what its model was told before the conversation; null when nothing was, or it never came to that
 */
public record StoredRun(
        String runId,
        @Nullable String parentRunId,
        String rootRunId,
        ComponentKind source,
        String componentId,
        @Nullable String sessionId,
        @Nullable String userId,
        RunStatus status,
        RunInput input,
        String text,
        List<Message> messages,
        List<ToolExecution> tools,
        List<StepOutput> steps,
        @Nullable CancelCause cause,
        @Nullable CancelMode effectiveMode,
        @Nullable RunFailure failure,
        @Nullable RunMetrics metrics,
        Map<String, Object> metadata,
        Instant createdAt,
        @Nullable Instant endedAt,
        @Nullable StoredPause pause,
        @Nullable String owner,
        long epoch,
        @Nullable String system) {
    public StoredRun {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
        steps = List.copyOf(steps);
        metadata = Map.copyOf(metadata);
    }

    /** A run that nobody owns, and that waits for nobody. */
    public StoredRun(
            String runId,
            @Nullable String parentRunId,
            String rootRunId,
            ComponentKind source,
            String componentId,
            @Nullable String sessionId,
            @Nullable String userId,
            RunStatus status,
            RunInput input,
            String text,
            List<Message> messages,
            List<ToolExecution> tools,
            List<StepOutput> steps,
            @Nullable CancelCause cause,
            @Nullable CancelMode effectiveMode,
            @Nullable RunFailure failure,
            @Nullable RunMetrics metrics,
            Map<String, Object> metadata,
            Instant createdAt,
            @Nullable Instant endedAt) {
        this(
                runId,
                parentRunId,
                rootRunId,
                source,
                componentId,
                sessionId,
                userId,
                status,
                input,
                text,
                messages,
                tools,
                steps,
                cause,
                effectiveMode,
                failure,
                metrics,
                metadata,
                createdAt,
                endedAt,
                null,
                null,
                0,
                null);
    }

    /** The same run of another owner. */
    public StoredRun ownedBy(@Nullable String newOwner, long newEpoch) {
        return new StoredRun(
                runId,
                parentRunId,
                rootRunId,
                source,
                componentId,
                sessionId,
                userId,
                status,
                input,
                text,
                messages,
                tools,
                steps,
                cause,
                effectiveMode,
                failure,
                metrics,
                metadata,
                createdAt,
                endedAt,
                pause,
                newOwner,
                newEpoch,
                system);
    }

    /** The same run, ended by somebody else than its own process, with what there is of it. */
    public StoredRun ended(
            RunStatus newStatus,
            @Nullable CancelCause newCause,
            @Nullable CancelMode mode,
            @Nullable RunFailure newFailure,
            Instant at) {
        return new StoredRun(
                runId,
                parentRunId,
                rootRunId,
                source,
                componentId,
                sessionId,
                userId,
                newStatus,
                input,
                text,
                messages.isEmpty() ? Unsaid.of(input) : messages,
                tools,
                steps,
                newCause,
                mode,
                newFailure,
                metrics,
                metadata,
                createdAt,
                at,
                null,
                owner,
                epoch,
                system);
    }

    /** The same run with another system message. */
    public StoredRun system(@Nullable String text) {
        return new StoredRun(
                runId,
                parentRunId,
                rootRunId,
                source,
                componentId,
                sessionId,
                userId,
                status,
                input,
                this.text,
                messages,
                tools,
                steps,
                cause,
                effectiveMode,
                failure,
                metrics,
                metadata,
                createdAt,
                endedAt,
                pause,
                owner,
                epoch,
                text);
    }
}
