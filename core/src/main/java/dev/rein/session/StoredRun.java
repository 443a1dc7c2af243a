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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A run as a store keeps it: a row that is inserted when the run starts and completed when it ends. Immutable and
 * thread-safe. Made by a {@link #builder}, so that a store that copies rows need not change when a field is added.
 */
public final class StoredRun {
    private final String runId;
    private final @Nullable String parentRunId;
    private final String rootRunId;
    private final ComponentKind source;
    private final String componentId;
    private final @Nullable String sessionId;
    private final @Nullable String userId;
    private final RunStatus status;
    private final RunInput input;
    private final String text;
    private final List<Message> messages;
    private final List<ToolExecution> tools;
    private final List<StepOutput> steps;
    private final @Nullable CancelCause cause;
    private final @Nullable CancelMode effectiveMode;
    private final @Nullable RunFailure failure;
    private final @Nullable RunMetrics metrics;
    private final Map<String, Object> metadata;
    private final Instant createdAt;
    private final @Nullable Instant endedAt;
    private final @Nullable StoredPause pause;
    private final @Nullable String owner;
    private final long epoch;
    private final @Nullable String system;

    private StoredRun(Builder from) {
        runId = from.runId;
        parentRunId = from.parentRunId;
        rootRunId = from.rootRunId;
        source = from.source;
        componentId = from.componentId;
        sessionId = from.sessionId;
        userId = from.userId;
        status = from.status;
        input = from.input;
        text = from.text;
        messages = from.messages;
        tools = from.tools;
        steps = from.steps;
        cause = from.cause;
        effectiveMode = from.effectiveMode;
        failure = from.failure;
        metrics = from.metrics;
        metadata = from.metadata;
        createdAt = from.createdAt;
        endedAt = from.endedAt;
        pause = from.pause;
        owner = from.owner;
        epoch = from.epoch;
        system = from.system;
    }

    /**
     * Returns a builder for a root run that is PENDING, was created now and belongs to no session, user or process.
     *
     * @param source the kind of component that runs
     */
    public static Builder builder(String runId, ComponentKind source, String componentId) {
        return new Builder(runId, source, componentId);
    }

    /** Returns a builder that holds the values of this one. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** The id of the run. */
    public String runId() {
        return runId;
    }

    /** The id of the run that started this one; null for a root. */
    public @Nullable String parentRunId() {
        return parentRunId;
    }

    /** The id of the run at the top of the tree; the same as {@link #runId()} for a root. */
    public String rootRunId() {
        return rootRunId;
    }

    /** The kind of component that ran. */
    public ComponentKind source() {
        return source;
    }

    /** The id of the agent, team or workflow that ran. */
    public String componentId() {
        return componentId;
    }

    /** The id of the session; null for none. */
    public @Nullable String sessionId() {
        return sessionId;
    }

    /** The id of the user; null when unknown. */
    public @Nullable String userId() {
        return userId;
    }

    /** The status of the run. */
    public RunStatus status() {
        return status;
    }

    /** The input of the run. */
    public RunInput input() {
        return input;
    }

    /** The text that was delivered. */
    public String text() {
        return text;
    }

    /** The messages of this run, from the user's message on, without the system message and the history. */
    public List<Message> messages() {
        return messages;
    }

    /** The tool calls, in the order of their start. */
    public List<ToolExecution> tools() {
        return tools;
    }

    /** The results of a workflow's steps, nested as the steps are; empty for others. */
    public List<StepOutput> steps() {
        return steps;
    }

    /** The cause of the stop; null unless the run was stopped. */
    public @Nullable CancelCause cause() {
        return cause;
    }

    /** The mode of the stop; null unless the run was stopped. */
    public @Nullable CancelMode effectiveMode() {
        return effectiveMode;
    }

    /** The failure; null unless the run failed. */
    public @Nullable RunFailure failure() {
        return failure;
    }

    /** Tokens, calls and times; null until the run ends. */
    public @Nullable RunMetrics metrics() {
        return metrics;
    }

    /** The metadata that the caller gave. */
    public Map<String, Object> metadata() {
        return metadata;
    }

    /** When the run was accepted. */
    public Instant createdAt() {
        return createdAt;
    }

    /** When the run ended; null until then. */
    public @Nullable Instant endedAt() {
        return endedAt;
    }

    /** The checkpoint of a paused run; null unless it is PAUSED. */
    public @Nullable StoredPause pause() {
        return pause;
    }

    /** The id of the process that executes the run, where several share the store; null for none. */
    public @Nullable String owner() {
        return owner;
    }

    /** The number of the owner: only the latest one may write, see {@link SessionStore#finish}. */
    public long epoch() {
        return epoch;
    }

    /** The system message; null when there was none, or the run ended before its first model request. */
    public @Nullable String system() {
        return system;
    }

    /** Returns a copy that belongs to another process. */
    public StoredRun ownedBy(@Nullable String newOwner, long newEpoch) {
        return toBuilder().owner(newOwner).epoch(newEpoch).build();
    }

    /**
     * Returns a copy that has ended, for a run that is ended by another process than its own. It keeps the text, messages
     * and tool calls that were stored so far.
     */
    public StoredRun ended(
            RunStatus newStatus,
            @Nullable CancelCause newCause,
            @Nullable CancelMode mode,
            @Nullable RunFailure newFailure,
            Instant at) {
        return toBuilder()
                .status(newStatus)
                .messages(messages.isEmpty() ? UnansweredInput.messages(input) : messages)
                .cause(newCause)
                .effectiveMode(mode)
                .failure(newFailure)
                .endedAt(at)
                .pause(null)
                .build();
    }

    private @Nullable Object[] values() {
        return new @Nullable Object[] {
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
            owner,
            epoch,
            system
        };
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || other instanceof StoredRun that && Arrays.equals(values(), that.values());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values());
    }

    @Override
    public String toString() {
        return "StoredRun[runId=" + runId
                + ", parentRunId=" + parentRunId
                + ", rootRunId=" + rootRunId
                + ", source=" + source
                + ", componentId=" + componentId
                + ", sessionId=" + sessionId
                + ", userId=" + userId
                + ", status=" + status
                + ", input=" + input
                + ", text=" + text
                + ", messages=" + messages
                + ", tools=" + tools
                + ", steps=" + steps
                + ", cause=" + cause
                + ", effectiveMode=" + effectiveMode
                + ", failure=" + failure
                + ", metrics=" + metrics
                + ", metadata=" + metadata
                + ", createdAt=" + createdAt
                + ", endedAt=" + endedAt
                + ", pause=" + pause
                + ", owner=" + owner
                + ", epoch=" + epoch
                + ", system=" + system
                + "]";
    }

    /** Builds rows. Not thread-safe; may build more than one. */
    public static final class Builder {
        private String runId;
        private @Nullable String parentRunId;
        private String rootRunId;
        private ComponentKind source;
        private String componentId;
        private @Nullable String sessionId;
        private @Nullable String userId;
        private RunStatus status = RunStatus.PENDING;
        private RunInput input = RunInput.of("");
        private String text = "";
        private List<Message> messages = List.of();
        private List<ToolExecution> tools = List.of();
        private List<StepOutput> steps = List.of();
        private @Nullable CancelCause cause;
        private @Nullable CancelMode effectiveMode;
        private @Nullable RunFailure failure;
        private @Nullable RunMetrics metrics;
        private Map<String, Object> metadata = Map.of();
        private Instant createdAt = Instant.now();
        private @Nullable Instant endedAt;
        private @Nullable StoredPause pause;
        private @Nullable String owner;
        private long epoch;
        private @Nullable String system;

        private Builder(String runId, ComponentKind source, String componentId) {
            this.runId = Objects.requireNonNull(runId, "runId");
            this.source = Objects.requireNonNull(source, "source");
            this.componentId = Objects.requireNonNull(componentId, "componentId");
            rootRunId = runId;
        }

        private Builder(StoredRun from) {
            runId = from.runId;
            parentRunId = from.parentRunId;
            rootRunId = from.rootRunId;
            source = from.source;
            componentId = from.componentId;
            sessionId = from.sessionId;
            userId = from.userId;
            status = from.status;
            input = from.input;
            text = from.text;
            messages = from.messages;
            tools = from.tools;
            steps = from.steps;
            cause = from.cause;
            effectiveMode = from.effectiveMode;
            failure = from.failure;
            metrics = from.metrics;
            metadata = from.metadata;
            createdAt = from.createdAt;
            endedAt = from.endedAt;
            pause = from.pause;
            owner = from.owner;
            epoch = from.epoch;
            system = from.system;
        }

        public Builder runId(String value) {
            runId = Objects.requireNonNull(value, "runId");
            return this;
        }

        public Builder parentRunId(@Nullable String value) {
            parentRunId = value;
            return this;
        }

        public Builder rootRunId(String value) {
            rootRunId = Objects.requireNonNull(value, "rootRunId");
            return this;
        }

        public Builder source(ComponentKind value) {
            source = Objects.requireNonNull(value, "source");
            return this;
        }

        public Builder componentId(String value) {
            componentId = Objects.requireNonNull(value, "componentId");
            return this;
        }

        public Builder sessionId(@Nullable String value) {
            sessionId = value;
            return this;
        }

        public Builder userId(@Nullable String value) {
            userId = value;
            return this;
        }

        public Builder status(RunStatus value) {
            status = Objects.requireNonNull(value, "status");
            return this;
        }

        public Builder input(RunInput value) {
            input = Objects.requireNonNull(value, "input");
            return this;
        }

        public Builder text(String value) {
            text = Objects.requireNonNull(value, "text");
            return this;
        }

        public Builder messages(List<Message> value) {
            messages = List.copyOf(value);
            return this;
        }

        public Builder tools(List<ToolExecution> value) {
            tools = List.copyOf(value);
            return this;
        }

        public Builder steps(List<StepOutput> value) {
            steps = List.copyOf(value);
            return this;
        }

        public Builder cause(@Nullable CancelCause value) {
            cause = value;
            return this;
        }

        public Builder effectiveMode(@Nullable CancelMode value) {
            effectiveMode = value;
            return this;
        }

        public Builder failure(@Nullable RunFailure value) {
            failure = value;
            return this;
        }

        public Builder metrics(@Nullable RunMetrics value) {
            metrics = value;
            return this;
        }

        public Builder metadata(Map<String, Object> value) {
            metadata = Map.copyOf(value);
            return this;
        }

        public Builder createdAt(Instant value) {
            createdAt = Objects.requireNonNull(value, "createdAt");
            return this;
        }

        public Builder endedAt(@Nullable Instant value) {
            endedAt = value;
            return this;
        }

        public Builder pause(@Nullable StoredPause value) {
            pause = value;
            return this;
        }

        public Builder owner(@Nullable String value) {
            owner = value;
            return this;
        }

        public Builder epoch(long value) {
            epoch = value;
            return this;
        }

        public Builder system(@Nullable String value) {
            system = value;
            return this;
        }

        public StoredRun build() {
            return new StoredRun(this);
        }
    }
}
