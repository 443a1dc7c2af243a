package dev.rein.run;

import dev.rein.cancel.CancelCause;
import dev.rein.cancel.CancelMode;
import dev.rein.model.FinishReason;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the output of a run and its row in a store have in common. Immutable and thread-safe. For subclasses in Rein only.
 */
public abstract class RunData {
    private final String runId;
    private final @Nullable String parentRunId;
    private final ComponentKind source;
    private final String componentId;
    private final @Nullable String sessionId;
    private final @Nullable String userId;
    private final RunStatus status;
    private final RunInput input;
    private final Map<String, Object> metadata;
    private final String text;
    private final @Nullable FinishReason finishReason;
    private final @Nullable String rawFinishReason;
    private final @Nullable String answerType;
    private final @Nullable CancelCause cause;
    private final @Nullable CancelMode effectiveMode;
    private final @Nullable RunFailure failure;
    private final List<ToolExecution> tools;
    private final List<StepOutput> steps;
    private final Instant createdAt;

    protected RunData(Builder<?> from) {
        runId = from.runId;
        parentRunId = from.parentRunId;
        source = from.source;
        componentId = from.componentId;
        sessionId = from.sessionId;
        userId = from.userId;
        status = from.status;
        input = from.input;
        metadata = from.metadata;
        text = from.text;
        finishReason = from.finishReason;
        rawFinishReason = from.rawFinishReason;
        answerType = from.answerType;
        cause = from.cause;
        effectiveMode = from.effectiveMode;
        failure = from.failure;
        tools = from.tools;
        steps = from.steps;
        createdAt = from.createdAt;
    }

    /** Returns the values that only the subclass has. */
    protected abstract @Nullable Object[] ownValues();

    /** The id of the run. */
    public final String runId() {
        return runId;
    }

    /** The id of the run that started this one; null for a root. */
    public final @Nullable String parentRunId() {
        return parentRunId;
    }

    /** The kind of component that ran. */
    public final ComponentKind source() {
        return source;
    }

    /** The id of the agent, team or workflow that ran. */
    public final String componentId() {
        return componentId;
    }

    /** The id of the session; null for none. */
    public final @Nullable String sessionId() {
        return sessionId;
    }

    /** The id of the user; null when unknown. */
    public final @Nullable String userId() {
        return userId;
    }

    /** The status of the run when this was taken. */
    public final RunStatus status() {
        return status;
    }

    /** The input of the run. */
    public final RunInput input() {
        return input;
    }

    /** The metadata that the caller gave. */
    public final Map<String, Object> metadata() {
        return metadata;
    }

    /** The answer; for a run that was stopped or failed, the text delivered so far. */
    public final String text() {
        return text;
    }

    /**
     * Why the last response of the model ended: of an agent, the leader of a team, or the run that gave the answer in its place.
     * With {@link FinishReason#LENGTH} or {@link FinishReason#CONTENT_FILTER} the text is incomplete, also of a completed run.
     *
     * @return null if there was no complete response, or if the run was stored by a version that did not record it
     */
    public final @Nullable FinishReason finishReason() {
        return finishReason;
    }

    /** {@link #finishReason()} in the provider's words, such as {@code max_output_tokens}; null when unknown. */
    public final @Nullable String rawFinishReason() {
        return rawFinishReason;
    }

    /**
     * The name of the type that the run was asked to answer with, such as {@code List<Story>}, or of its JSON schema; null for text. The text of
     * such a run that has completed is JSON of it.
     */
    public final @Nullable String answerType() {
        return answerType;
    }

    /** The cause of the stop; null unless the run was stopped. */
    public final @Nullable CancelCause cause() {
        return cause;
    }

    /** The mode of the stop; null unless the run was stopped. */
    public final @Nullable CancelMode effectiveMode() {
        return effectiveMode;
    }

    /** The failure; null unless the status is ERROR. */
    public final @Nullable RunFailure failure() {
        return failure;
    }

    /** The tool calls, in the order of their start. */
    public final List<ToolExecution> tools() {
        return tools;
    }

    /** The results of a workflow's steps, in their order and nested as the steps are; empty for others. */
    public final List<StepOutput> steps() {
        return steps;
    }

    /** When the run was accepted. */
    public final Instant createdAt() {
        return createdAt;
    }

    public final boolean isCompleted() {
        return status == RunStatus.COMPLETED;
    }

    /** Whether the run waits for decisions. */
    public final boolean isPaused() {
        return status == RunStatus.PAUSED;
    }

    public final boolean isCancelled() {
        return status == RunStatus.CANCELLED;
    }

    public final boolean isError() {
        return status == RunStatus.ERROR;
    }

    private @Nullable Object[] values() {
        return new @Nullable Object[] {
            runId,
            parentRunId,
            source,
            componentId,
            sessionId,
            userId,
            status,
            input,
            metadata,
            text,
            finishReason,
            rawFinishReason,
            answerType,
            cause,
            effectiveMode,
            failure,
            tools,
            steps,
            createdAt
        };
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof RunData that
                        && getClass() == that.getClass()
                        && Arrays.equals(values(), that.values())
                        && Arrays.equals(ownValues(), that.ownValues()));
    }

    @Override
    public final int hashCode() {
        return 31 * Arrays.hashCode(values()) + Arrays.hashCode(ownValues());
    }

    /** Returns all common values with their names, for {@code toString()}. */
    protected final String describeValues() {
        return "runId=" + runId + ", parentRunId=" + parentRunId + ", source=" + source + ", componentId=" + componentId
                + ", sessionId=" + sessionId + ", userId=" + userId + ", status=" + status + ", input=" + input
                + ", metadata=" + metadata + ", text=" + text + ", finishReason=" + finishReason + ", rawFinishReason="
                + rawFinishReason + ", answerType=" + answerType + ", cause=" + cause + ", effectiveMode="
                + effectiveMode
                + ", failure=" + failure + ", tools=" + tools + ", steps=" + steps + ", createdAt=" + createdAt;
    }

    /**
     * Base of the builders. Not thread-safe.
     *
     * @param <B> the type of the builder
     */
    public abstract static class Builder<B extends Builder<B>> {
        private String runId;
        private @Nullable String parentRunId;
        private ComponentKind source;
        private String componentId;
        private @Nullable String sessionId;
        private @Nullable String userId;
        private RunStatus status = RunStatus.PENDING;
        private RunInput input = RunInput.of("");
        private Map<String, Object> metadata = Map.of();
        private String text = "";
        private @Nullable FinishReason finishReason;
        private @Nullable String rawFinishReason;
        private @Nullable String answerType;
        private @Nullable CancelCause cause;
        private @Nullable CancelMode effectiveMode;
        private @Nullable RunFailure failure;
        private List<ToolExecution> tools = List.of();
        private List<StepOutput> steps = List.of();
        private Instant createdAt = Instant.now();

        protected Builder(String runId, ComponentKind source, String componentId) {
            this.runId = Objects.requireNonNull(runId, "runId");
            this.source = Objects.requireNonNull(source, "source");
            this.componentId = Objects.requireNonNull(componentId, "componentId");
        }

        protected Builder(RunData from) {
            runId = from.runId;
            parentRunId = from.parentRunId;
            source = from.source;
            componentId = from.componentId;
            sessionId = from.sessionId;
            userId = from.userId;
            status = from.status;
            input = from.input;
            metadata = from.metadata;
            text = from.text;
            finishReason = from.finishReason;
            rawFinishReason = from.rawFinishReason;
            answerType = from.answerType;
            cause = from.cause;
            effectiveMode = from.effectiveMode;
            failure = from.failure;
            tools = from.tools;
            steps = from.steps;
            createdAt = from.createdAt;
        }

        /** Returns this builder. */
        protected abstract B self();

        public final B runId(String value) {
            runId = Objects.requireNonNull(value, "runId");
            return self();
        }

        public final B parentRunId(@Nullable String value) {
            parentRunId = value;
            return self();
        }

        public final B source(ComponentKind value) {
            source = Objects.requireNonNull(value, "source");
            return self();
        }

        public final B componentId(String value) {
            componentId = Objects.requireNonNull(value, "componentId");
            return self();
        }

        public final B sessionId(@Nullable String value) {
            sessionId = value;
            return self();
        }

        public final B userId(@Nullable String value) {
            userId = value;
            return self();
        }

        public final B status(RunStatus value) {
            status = Objects.requireNonNull(value, "status");
            return self();
        }

        public final B input(RunInput value) {
            input = Objects.requireNonNull(value, "input");
            return self();
        }

        public final B metadata(Map<String, Object> value) {
            metadata = Map.copyOf(value);
            return self();
        }

        public final B text(String value) {
            text = Objects.requireNonNull(value, "text");
            return self();
        }

        public final B finishReason(@Nullable FinishReason value) {
            finishReason = value;
            return self();
        }

        public final B rawFinishReason(@Nullable String value) {
            rawFinishReason = value;
            return self();
        }

        public final B answerType(@Nullable String value) {
            answerType = value;
            return self();
        }

        public final B cause(@Nullable CancelCause value) {
            cause = value;
            return self();
        }

        public final B effectiveMode(@Nullable CancelMode value) {
            effectiveMode = value;
            return self();
        }

        public final B failure(@Nullable RunFailure value) {
            failure = value;
            return self();
        }

        public final B tools(List<ToolExecution> value) {
            tools = List.copyOf(value);
            return self();
        }

        public final B steps(List<StepOutput> value) {
            steps = List.copyOf(value);
            return self();
        }

        public final B createdAt(Instant value) {
            createdAt = Objects.requireNonNull(value, "createdAt");
            return self();
        }
    }
}
