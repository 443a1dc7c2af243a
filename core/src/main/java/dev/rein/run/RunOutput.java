package dev.rein.run;

import dev.rein.cancel.CancelRequest;
import dev.rein.model.Message;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The result of a run, or its state so far. Immutable and thread-safe; final once {@link #status()} is terminal. Rein makes
 * them; the {@link #builder} is for tests of code that reads them.
 */
public final class RunOutput extends RunData {
    private final @Nullable String reasoning;
    private final List<CancelRequest> requests;
    private final @Nullable Duration stopTook;
    private final List<Message> messages;
    private final int historySize;
    private final List<RunOutput> memberResponses;
    private final List<Requirement> requirements;
    private final RunMetrics metrics;
    private final Map<String, Object> sessionState;
    private final List<String> stateConflicts;
    private final List<AbandonedThread> abandoned;
    private final boolean stored;

    private RunOutput(Builder from) {
        super(from);
        reasoning = from.reasoning;
        requests = from.requests;
        stopTook = from.stopTook;
        messages = from.messages;
        historySize = from.historySize;
        memberResponses = from.memberResponses;
        requirements = from.requirements;
        metrics = from.metrics;
        sessionState = from.sessionState;
        stateConflicts = from.stateConflicts;
        abandoned = from.abandoned;
        stored = from.stored;
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

    /** The reasoning that the provider returned; null for none. */
    public @Nullable String reasoning() {
        return reasoning;
    }

    /** All requests to stop the run, in the order of their arrival. */
    public List<CancelRequest> requests() {
        return requests;
    }

    /** The time from the first effective request to the end; null until a stopped run has ended. */
    public @Nullable Duration stopTook() {
        return stopTook;
    }

    /** The conversation. Once the run has ended it is a valid history: every tool call has a result. */
    public List<Message> messages() {
        return messages;
    }

    /** The number of messages that precede this run's own: the system message and those of earlier runs. */
    public int historySize() {
        return historySize;
    }

    /**
     * The outputs of the runs of a team's members or a workflow's executors, in the order of their end; the latest 1,000.
     */
    public List<RunOutput> memberResponses() {
        return memberResponses;
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
        var text = text();
        if (text.length() <= length) {
            return text;
        }
        var torn = length > 0 && Character.isSurrogatePair(text.charAt(length - 1), text.charAt(length));
        return text.substring(0, torn ? length - 1 : length) + "...";
    }

    @Override
    protected @Nullable Object[] ownValues() {
        return new @Nullable Object[] {
            reasoning,
            requests,
            stopTook,
            messages,
            historySize,
            memberResponses,
            requirements,
            metrics,
            sessionState,
            stateConflicts,
            abandoned,
            stored
        };
    }

    /** Returns id, status, component and the beginning of the text; not the conversation. */
    @Override
    public String toString() {
        return "RunOutput[runId=" + runId() + ", status=" + status() + ", componentId=" + componentId() + ", text="
                + preview(80) + "]";
    }

    /** Builds outputs. Not thread-safe; may build more than one. */
    public static final class Builder extends RunData.Builder<Builder> {
        private @Nullable String reasoning;
        private List<CancelRequest> requests = List.of();
        private @Nullable Duration stopTook;
        private List<Message> messages = List.of();
        private int historySize;
        private List<RunOutput> memberResponses = List.of();
        private List<Requirement> requirements = List.of();
        private RunMetrics metrics = RunMetrics.NONE;
        private Map<String, Object> sessionState = Map.of();
        private List<String> stateConflicts = List.of();
        private List<AbandonedThread> abandoned = List.of();
        private boolean stored = true;

        private Builder(String runId, ComponentKind source, String componentId) {
            super(runId, source, componentId);
        }

        private Builder(RunOutput from) {
            super(from);
            reasoning = from.reasoning;
            requests = from.requests;
            stopTook = from.stopTook;
            messages = from.messages;
            historySize = from.historySize;
            memberResponses = from.memberResponses;
            requirements = from.requirements;
            metrics = from.metrics;
            sessionState = from.sessionState;
            stateConflicts = from.stateConflicts;
            abandoned = from.abandoned;
            stored = from.stored;
        }

        @Override
        protected Builder self() {
            return this;
        }

        public Builder reasoning(@Nullable String value) {
            reasoning = value;
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

        public Builder messages(List<Message> value) {
            messages = List.copyOf(value);
            return this;
        }

        public Builder historySize(int value) {
            historySize = value;
            return this;
        }

        public Builder memberResponses(List<RunOutput> value) {
            memberResponses = List.copyOf(value);
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

        public RunOutput build() {
            return new RunOutput(this);
        }
    }
}
