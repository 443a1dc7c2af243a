package dev.rein.session;

import dev.rein.cancel.CancelCause;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelMode;
import dev.rein.model.Message;
import dev.rein.run.ComponentKind;
import dev.rein.run.Requirement;
import dev.rein.run.RunData;
import dev.rein.run.RunFailure;
import dev.rein.run.RunMetrics;
import dev.rein.run.RunStatus;
import dev.rein.run.event.EventMeta;
import dev.rein.run.event.Origin;
import dev.rein.run.event.RunCancelled;
import dev.rein.run.event.RunCompleted;
import dev.rein.run.event.RunError;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.RunPaused;
import dev.rein.run.event.WorkflowCancelled;
import dev.rein.run.event.WorkflowCompleted;
import dev.rein.run.event.WorkflowError;
import dev.rein.run.event.WorkflowPaused;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A run as a store keeps it: a row that is inserted when the run starts and completed when it ends. Immutable and
 * thread-safe. Made by a {@link #builder}, so that a store that copies rows need not change when a field is added.
 */
public final class StoredRun extends RunData {
    private final String rootRunId;
    private final List<Message> messages;
    private final @Nullable RunMetrics metrics;
    private final @Nullable Instant endedAt;
    private final @Nullable StoredPause pause;
    private final @Nullable String owner;
    private final long epoch;
    private final @Nullable String system;
    private final @Nullable String forkedFrom;

    private StoredRun(Builder from) {
        super(from);
        rootRunId = from.rootRunId;
        messages = from.messages;
        metrics = from.metrics;
        endedAt = from.endedAt;
        pause = from.pause;
        owner = from.owner;
        epoch = from.epoch;
        system = from.system;
        forkedFrom = from.forkedFrom;
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

    /**
     * Makes the last event of the run from this row, for one whose event is not stored: its terminal event, or that it is paused.
     * The name of its component and the step that it is part of are not known here.
     *
     * @param index the index of the event
     * @return the event; empty if the run has neither ended nor is paused
     */
    public Optional<RunEvent> lastEvent(long index) {
        var at = Objects.requireNonNullElseGet(endedAt, Instant::now);
        var depth = parentRunId() == null ? 0 : 1;
        var origin =
                new Origin(source(), componentId(), null, runId(), parentRunId(), rootRunId, sessionId(), depth, null);
        return Optional.ofNullable(lastEvent(new EventMeta(origin, index, at)));
    }

    private @Nullable RunEvent lastEvent(EventMeta meta) {
        var isWorkflow = source() == ComponentKind.WORKFLOW;
        return switch (status()) {
            case COMPLETED -> {
                var used = Objects.requireNonNullElse(metrics, RunMetrics.NONE);
                yield isWorkflow
                        ? new WorkflowCompleted(meta, text(), steps(), used, true)
                        : new RunCompleted(meta, text(), used, true);
            }
            case CANCELLED -> cancelled(meta, isWorkflow);
            case ERROR -> {
                var why = Objects.requireNonNullElse(failure(), new RunFailure("Unknown", "unknown", null));
                yield isWorkflow
                        ? new WorkflowError(meta, why, text(), steps(), true)
                        : new RunError(meta, why, text(), true);
            }
            case PAUSED -> {
                var open = pause == null ? List.<Requirement>of() : pause.requirements();
                yield isWorkflow ? new WorkflowPaused(meta, open) : new RunPaused(meta, open);
            }
            default -> null;
        };
    }

    private RunEvent cancelled(EventMeta meta, boolean isWorkflow) {
        var cause = Objects.requireNonNullElseGet(
                cause(), () -> new CancelCause(CancelKind.USER, "unknown", null, meta.createdAt()));
        var mode = Objects.requireNonNullElse(effectiveMode(), CancelMode.NOW);
        var took = Duration.between(cause.requestedAt(), meta.createdAt());
        return isWorkflow
                ? new WorkflowCancelled(meta, cause, mode, text(), steps(), took, List.of(), true)
                : new RunCancelled(meta, cause, mode, text(), took, List.of(), true);
    }

    /** The id of the run at the top of the tree; the same as {@link #runId()} for a root. */
    public String rootRunId() {
        return rootRunId;
    }

    /** The messages of this run, from the user's message on, without the system message and the history. */
    public List<Message> messages() {
        return messages;
    }

    /** Tokens, calls and times; null until the run ends. */
    public @Nullable RunMetrics metrics() {
        return metrics;
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

    /** The id of the run that this is a copy of, in a forked session; null for a run that has taken place. */
    public @Nullable String forkedFrom() {
        return forkedFrom;
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
                .messages(messages.isEmpty() ? UnansweredInput.messages(input()) : messages)
                .cause(newCause)
                .effectiveMode(mode)
                .failure(newFailure)
                .endedAt(at)
                .pause(null)
                .build();
    }

    @Override
    protected @Nullable Object[] ownValues() {
        return new @Nullable Object[] {rootRunId, messages, metrics, endedAt, pause, owner, epoch, system, forkedFrom};
    }

    @Override
    public String toString() {
        return "StoredRun[" + describeValues()
                + ", rootRunId=" + rootRunId + ", messages=" + messages + ", metrics=" + metrics + ", endedAt="
                + endedAt + ", pause=" + pause + ", owner=" + owner + ", epoch=" + epoch + ", system=" + system
                + ", forkedFrom=" + forkedFrom
                + "]";
    }

    /** Builds rows. Not thread-safe; may build more than one. */
    public static final class Builder extends RunData.Builder<Builder> {
        private String rootRunId;
        private List<Message> messages = List.of();
        private @Nullable RunMetrics metrics;
        private @Nullable Instant endedAt;
        private @Nullable StoredPause pause;
        private @Nullable String owner;
        private long epoch;
        private @Nullable String system;
        private @Nullable String forkedFrom;

        private Builder(String runId, ComponentKind source, String componentId) {
            super(runId, source, componentId);
            rootRunId = runId;
        }

        private Builder(StoredRun from) {
            super(from);
            rootRunId = from.rootRunId;
            messages = from.messages;
            metrics = from.metrics;
            endedAt = from.endedAt;
            pause = from.pause;
            owner = from.owner;
            epoch = from.epoch;
            system = from.system;
            forkedFrom = from.forkedFrom;
        }

        @Override
        protected Builder self() {
            return this;
        }

        public Builder rootRunId(String value) {
            rootRunId = Objects.requireNonNull(value, "rootRunId");
            return this;
        }

        public Builder messages(List<Message> value) {
            messages = List.copyOf(value);
            return this;
        }

        public Builder metrics(@Nullable RunMetrics value) {
            metrics = value;
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

        public Builder forkedFrom(@Nullable String value) {
            forkedFrom = value;
            return this;
        }

        public StoredRun build() {
            return new StoredRun(this);
        }
    }
}
