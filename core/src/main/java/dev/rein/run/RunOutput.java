package dev.rein.run;

import dev.rein.cancel.CancelCause;
import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.model.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The result of a run, or its state so far. Immutable and thread-safe; final once {@link #status()} is terminal. Rein makes
 * them; the {@link #builder} is for tests of code that reads them.
 */
public final class RunOutput {
    private final String runId;
    private final @Nullable String parentRunId;
    private final ComponentKind source;
    private final String componentId;
    private final @Nullable String sessionId;
    private final @Nullable String userId;
    private final RunInput input;
    private final Map<String, Object> metadata;
    private final RunStatus status;
    private final String text;
    private final @Nullable String reasoning;
    private final @Nullable CancelCause cause;
    private final @Nullable CancelMode effectiveMode;
    private final List<CancelRequest> requests;
    private final @Nullable Duration stopTook;
    private final @Nullable RunFailure failure;
    private final List<Message> messages;
    private final int historySize;
    private final List<ToolExecution> tools;
    private final List<RunOutput> memberResponses;
    private final List<StepOutput> steps;
    private final List<Requirement> requirements;
    private final RunMetrics metrics;
    private final Map<String, Object> sessionState;
    private final List<String> stateConflicts;
    private final List<AbandonedThread> abandoned;
    private final boolean stored;
    private final Instant createdAt;

    private RunOutput(Builder from) {
        runId = from.runId;
        parentRunId = from.parentRunId;
        source = from.source;
        componentId = from.componentId;
        sessionId = from.sessionId;
        userId = from.userId;
        input = from.input;
        metadata = from.metadata;
        status = from.status;
        text = from.text;
        reasoning = from.reasoning;
        cause = from.cause;
        effectiveMode = from.effectiveMode;
        requests = from.requests;
        stopTook = from.stopTook;
        failure = from.failure;
        messages = from.messages;
        historySize = from.historySize;
        tools = from.tools;
        memberResponses = from.memberResponses;
        steps = from.steps;
        requirements = from.requirements;
        metrics = from.metrics;
        sessionState = from.sessionState;
        stateConflicts = from.stateConflicts;
        abandoned = from.abandoned;
        stored = from.stored;
        createdAt = from.createdAt;
    }

    /**
     * Returns a builder for the output of a root run that is PENDING, was created now and belongs to no session or user.
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

    /** The input of the run. */
    public RunInput input() {
        return input;
    }

    /** The metadata that the caller gave. */
    public Map<String, Object> metadata() {
        return metadata;
    }

    /** The status of the run when this output was taken. */
    public RunStatus status() {
        return status;
    }

    /** The answer; for a run that was stopped or failed, the text delivered so far. */
    public String text() {
        return text;
    }

    /** The reasoning that the provider returned; null for none. */
    public @Nullable String reasoning() {
        return reasoning;
    }

    /** The cause of the stop; null unless the run was stopped. */
    public @Nullable CancelCause cause() {
        return cause;
    }

    /** The mode of the stop; null unless the run was stopped. */
    public @Nullable CancelMode effectiveMode() {
        return effectiveMode;
    }

    /** All requests to stop the run, in the order of their arrival. */
    public List<CancelRequest> requests() {
        return requests;
    }

    /** The time from the first effective request to the end; null until a stopped run has ended. */
    public @Nullable Duration stopTook() {
        return stopTook;
    }

    /** The failure; null unless the status is ERROR. */
    public @Nullable RunFailure failure() {
        return failure;
    }

    /** The conversation. Once the run has ended it is a valid history: every tool call has a result. */
    public List<Message> messages() {
        return messages;
    }

    /** The number of messages that precede this run's own: the system message and those of earlier runs. */
    public int historySize() {
        return historySize;
    }

    /** The tool calls, in the order of their start. */
    public List<ToolExecution> tools() {
        return tools;
    }

    /**
     * The outputs of the runs of a team's members or a workflow's executors, in the order of their end; the latest 1,000.
     */
    public List<RunOutput> memberResponses() {
        return memberResponses;
    }

    /** The results of a workflow's steps, in their order and nested as the steps are; empty for others. */
    public List<StepOutput> steps() {
        return steps;
    }

    /** The requirements of a paused run and of the runs below it; empty unless the status is PAUSED. */
    public List<Requirement> requirements() {
        return requirements;
    }

    /** Tokens, calls and times. */
    public RunMetrics metrics() {
        return metrics;
    }

    /** The session state as this run left it. */
    public Map<String, Object> sessionState() {
        return sessionState;
    }

    /**
     * The keys of the session state that were changed twice, one line each. A key alone was changed by another run
     * meanwhile; the value of this run was kept. A key with two values was changed by two parallel branches.
     */
    public List<String> stateConflicts() {
        return stateConflicts;
    }

    /** The threads that did not stop within the grace period. */
    public List<AbandonedThread> abandoned() {
        return abandoned;
    }

    /** Whether the run is in its store; true when it has no store. */
    public boolean stored() {
        return stored;
    }

    /** When the run was accepted. */
    public Instant createdAt() {
        return createdAt;
    }

    public boolean isCompleted() {
        return status == RunStatus.COMPLETED;
    }

    /** Whether the run waits for decisions; see {@link #requirements()}. */
    public boolean isPaused() {
        return status == RunStatus.PAUSED;
    }

    public boolean isCancelled() {
        return status == RunStatus.CANCELLED;
    }

    public boolean isError() {
        return status == RunStatus.ERROR;
    }

    /**
     * Returns this output if the run has completed, for callers to whom anything else is an error:
     *
     * {@snippet :
     * System.out.println(agent.run("Hello").orThrow().text());
     * }
     *
     * @throws RunFailedException if the status is not COMPLETED; the message says why
     */
    public RunOutput orThrow() {
        if (!isCompleted()) {
            throw new RunFailedException(this);
        }
        return this;
    }

    /**
     * Returns the first {@code length} characters of the text, followed by an ellipsis if there are more. A surrogate
     * pair is never split: the result is then one character shorter.
     *
     * @throws IllegalArgumentException if {@code length} is negative
     */
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

    private @Nullable Object[] values() {
        return new @Nullable Object[] {
            runId,
            parentRunId,
            source,
            componentId,
            sessionId,
            userId,
            input,
            metadata,
            status,
            text,
            reasoning,
            cause,
            effectiveMode,
            requests,
            stopTook,
            failure,
            messages,
            historySize,
            tools,
            memberResponses,
            steps,
            requirements,
            metrics,
            sessionState,
            stateConflicts,
            abandoned,
            stored,
            createdAt
        };
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || other instanceof RunOutput that && Arrays.equals(values(), that.values());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values());
    }

    /** Returns id, status, component and the beginning of the text; not the conversation. */
    @Override
    public String toString() {
        return "RunOutput[runId=" + runId + ", status=" + status + ", componentId=" + componentId + ", text="
                + preview(80) + "]";
    }

    /** Builds outputs. Not thread-safe; may build more than one. */
    public static final class Builder {
        private String runId;
        private @Nullable String parentRunId;
        private ComponentKind source;
        private String componentId;
        private @Nullable String sessionId;
        private @Nullable String userId;
        private RunInput input = RunInput.of("");
        private Map<String, Object> metadata = Map.of();
        private RunStatus status = RunStatus.PENDING;
        private String text = "";
        private @Nullable String reasoning;
        private @Nullable CancelCause cause;
        private @Nullable CancelMode effectiveMode;
        private List<CancelRequest> requests = List.of();
        private @Nullable Duration stopTook;
        private @Nullable RunFailure failure;
        private List<Message> messages = List.of();
        private int historySize;
        private List<ToolExecution> tools = List.of();
        private List<RunOutput> memberResponses = List.of();
        private List<StepOutput> steps = List.of();
        private List<Requirement> requirements = List.of();
        private RunMetrics metrics = RunMetrics.NONE;
        private Map<String, Object> sessionState = Map.of();
        private List<String> stateConflicts = List.of();
        private List<AbandonedThread> abandoned = List.of();
        private boolean stored = true;
        private Instant createdAt = Instant.now();

        private Builder(String runId, ComponentKind source, String componentId) {
            this.runId = Objects.requireNonNull(runId, "runId");
            this.source = Objects.requireNonNull(source, "source");
            this.componentId = Objects.requireNonNull(componentId, "componentId");
        }

        private Builder(RunOutput from) {
            runId = from.runId;
            parentRunId = from.parentRunId;
            source = from.source;
            componentId = from.componentId;
            sessionId = from.sessionId;
            userId = from.userId;
            input = from.input;
            metadata = from.metadata;
            status = from.status;
            text = from.text;
            reasoning = from.reasoning;
            cause = from.cause;
            effectiveMode = from.effectiveMode;
            requests = from.requests;
            stopTook = from.stopTook;
            failure = from.failure;
            messages = from.messages;
            historySize = from.historySize;
            tools = from.tools;
            memberResponses = from.memberResponses;
            steps = from.steps;
            requirements = from.requirements;
            metrics = from.metrics;
            sessionState = from.sessionState;
            stateConflicts = from.stateConflicts;
            abandoned = from.abandoned;
            stored = from.stored;
            createdAt = from.createdAt;
        }

        public Builder runId(String value) {
            runId = Objects.requireNonNull(value, "runId");
            return this;
        }

        public Builder parentRunId(@Nullable String value) {
            parentRunId = value;
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

        public Builder input(RunInput value) {
            input = Objects.requireNonNull(value, "input");
            return this;
        }

        public Builder metadata(Map<String, Object> value) {
            metadata = Map.copyOf(value);
            return this;
        }

        public Builder status(RunStatus value) {
            status = Objects.requireNonNull(value, "status");
            return this;
        }

        public Builder text(String value) {
            text = Objects.requireNonNull(value, "text");
            return this;
        }

        public Builder reasoning(@Nullable String value) {
            reasoning = value;
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

        public Builder requests(List<CancelRequest> value) {
            requests = List.copyOf(value);
            return this;
        }

        public Builder stopTook(@Nullable Duration value) {
            stopTook = value;
            return this;
        }

        public Builder failure(@Nullable RunFailure value) {
            failure = value;
            return this;
        }

        public Builder messages(List<Message> value) {
            messages = List.copyOf(value);
            return this;
        }

        public Builder historySize(int value) {
            historySize = value;
            return this;
        }

        public Builder tools(List<ToolExecution> value) {
            tools = List.copyOf(value);
            return this;
        }

        public Builder memberResponses(List<RunOutput> value) {
            memberResponses = List.copyOf(value);
            return this;
        }

        public Builder steps(List<StepOutput> value) {
            steps = List.copyOf(value);
            return this;
        }

        public Builder requirements(List<Requirement> value) {
            requirements = List.copyOf(value);
            return this;
        }

        public Builder metrics(RunMetrics value) {
            metrics = Objects.requireNonNull(value, "metrics");
            return this;
        }

        public Builder sessionState(Map<String, Object> value) {
            sessionState = Map.copyOf(value);
            return this;
        }

        public Builder stateConflicts(List<String> value) {
            stateConflicts = List.copyOf(value);
            return this;
        }

        public Builder abandoned(List<AbandonedThread> value) {
            abandoned = List.copyOf(value);
            return this;
        }

        public Builder stored(boolean value) {
            stored = value;
            return this;
        }

        public Builder createdAt(Instant value) {
            createdAt = Objects.requireNonNull(value, "createdAt");
            return this;
        }

        public RunOutput build() {
            return new RunOutput(this);
        }
    }
}
