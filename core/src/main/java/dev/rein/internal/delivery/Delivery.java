package dev.rein.internal.delivery;

import dev.rein.internal.event.EventEmitter;
import dev.rein.internal.stop.Scope;
import dev.rein.model.FinishReason;
import dev.rein.model.Message;
import dev.rein.model.Pricing;
import dev.rein.model.ToolCall;
import dev.rein.model.Usage;
import dev.rein.run.Decision;
import dev.rein.run.Question;
import dev.rein.run.RunInput;
import dev.rein.run.RunMetrics;
import dev.rein.run.RunOutput;
import dev.rein.run.ToolExecution;
import dev.rein.run.event.RunContent;
import dev.rein.run.event.RunEvent;
import dev.rein.session.StoredRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A run's output so far: its text, tool calls, conversation and metrics. Text is emitted and recorded in one atomic step;
 * nothing is added after a stop. Thread-safe: every method takes the tree's lock.
 */
public final class Delivery {
    private final Scope scope;
    private final EventEmitter events;
    private final @Nullable Delivery parent;
    private final Runnable onChange;
    private final Meter meter;
    private final Transcript transcript = new Transcript();
    private final StringBuilder text = new StringBuilder(0);
    private final StringBuilder reasoning = new StringBuilder(0);

    /** The tool calls of earlier responses. */
    private final List<ToolExecution> earlierTools = new ArrayList<>(0);

    /** The tool calls of the latest response, by id: a model may reuse an id in a later response. */
    private final LinkedHashMap<String, ToolExecution> tools = new LinkedHashMap<>(0);

    /** The text of the latest response; null before there is one. */
    private @Nullable String answer;

    private @Nullable String replacement;

    private @Nullable FinishReason finishReason;
    private @Nullable String rawFinishReason;

    /** The end of the complete responses in the text. */
    private int responsesEnd;

    /** The start of the latest complete response in the text. */
    private int latestStart;

    /**
     * @param events emits the run's events
     * @param parent the parent run's delivery; null for a root
     * @param onChange notified of each change that is to be stored
     */
    public Delivery(Scope scope, EventEmitter events, @Nullable Delivery parent, Meter meter, Runnable onChange) {
        this.scope = scope;
        this.events = events;
        this.parent = parent;
        this.meter = meter;
        this.onChange = onChange;
    }

    public Meter meter() {
        return meter;
    }

    public Transcript transcript() {
        return transcript;
    }

    public RunMetrics metrics() {
        return scope.locked(meter::snapshot);
    }

    public String text() {
        return scope.locked(text::toString);
    }

    @Nullable
    public String reasoning() {
        return scope.locked(() -> reasoning.isEmpty() ? null : reasoning.toString());
    }

    public List<ToolExecution> tools() {
        return scope.locked(() -> {
            if (earlierTools.isEmpty()) {
                return List.copyOf(tools.values());
            }
            var all = new ArrayList<>(earlierTools);
            all.addAll(tools.values());
            return List.copyOf(all);
        });
    }

    /** Emits and records further text of the answer. */
    public void deliver(String delta, @Nullable String reasoningDelta) {
        deliver(delta, reasoningDelta, false);
    }

    /** The same for text that may have been counted when it was received, because it was held back. */
    public void deliver(String delta, @Nullable String reasoningDelta, boolean counted) {
        var emitted = scope.locked(() -> {
            var characters = delta.length() + (reasoningDelta == null ? 0 : reasoningDelta.length());
            var event = appendContent(scope, delta, reasoningDelta);
            text.append(delta);
            transcript.appendPartial(delta);
            if (reasoningDelta != null) {
                reasoning.append(reasoningDelta);
            }
            if (!counted) {
                meter.output(characters);
            }
            return event;
        });
        onChange.run();
        events.trace(emitted);
    }

    /** Appends a content event of this run, or of the parent if this run answers in its place. */
    private RunEvent appendContent(Scope from, String delta, @Nullable String reasoningDelta) {
        var represented = events.visibility().asParent() ? parent : null;
        if (represented != null) {
            return represented.relay(from, delta, reasoningDelta);
        }
        var characters = delta.length() + (reasoningDelta == null ? 0 : reasoningDelta.length());
        return events.append(from, characters, meta -> new RunContent(meta, delta, reasoningDelta));
    }

    /** Delivers text of a child run that answers in place of this run. */
    private RunEvent relay(Scope from, String delta, @Nullable String reasoningDelta) {
        var event = appendContent(from, delta, reasoningDelta);
        text.append(delta);
        transcript.appendPartial(delta);
        return event;
    }

    /**
     * Emits and records the result of a tool call as text for users. The conversation has it as a result only.
     *
     * @param toolCallId null for an answer, which is also set by {@link #setAnswer}
     */
    public void show(String result, @Nullable String toolCallId) {
        if (result.isEmpty()) {
            return;
        }
        var emitted = scope.locked(() -> {
            var event = appendContent(scope, result, null);
            text.append(result);
            responsesEnd = text.length();
            if (toolCallId != null) {
                transcript.shown(toolCallId, result.length());
            }
            return event;
        });
        onChange.run();
        events.trace(emitted);
    }

    /** The tool calls of the latest response, in the order in which they were recorded. */
    public List<ToolExecution> latestTools() {
        return scope.locked(() -> List.copyOf(tools.values()));
    }

    /** What users have read since the latest response began: its text, and results that were shown. Empty if it is nothing. */
    public String latestText() {
        return scope.locked(() -> latestStart < text.length()
                ? text.substring(latestStart)
                : answer == null ? transcript.textBesideCalls() : answer);
    }

    /**
     * Sets an answer that was not streamed as this run's own: a workflow's result, or that of a member in place of its leader.
     *
     * @param from the run that gave the answer; null if no run did
     */
    public void setAnswer(String whole, @Nullable RunOutput from) {
        scope.guarded(() -> {
            scope.throwIfCancelled();
            finishReason = from == null ? null : from.finishReason();
            rawFinishReason = from == null ? null : from.rawFinishReason();
            text.setLength(0);
            text.append(whole);
            answer = whole;
            transcript.addResponse(Message.assistant(whole));
        });
    }

    /** Sets the answer that the run has if it completes, in place of the delivered one. A run that is stopped before keeps what was delivered. */
    public void replaceAnswer(String whole) {
        scope.guarded(() -> {
            scope.throwIfCancelled();
            replacement = whole;
        });
    }

    /**
     * Reduces the text of a completed run to that of its last response. Earlier text, such as the announcement of a tool call,
     * remains in the messages.
     */
    public void completed() {
        scope.guarded(() -> {
            if (replacement != null) {
                answer = replacement;
                transcript.replaceAnswer(replacement);
            }
            if (answer != null) {
                text.setLength(0);
                text.append(answer);
            }
        });
    }

    /**
     * Removes the text of a stopped run that came in later events than somebody has seen, from the text and from the messages.
     *
     * @param index the index of the last event that was seen
     */
    public void forgetAfter(long index) {
        scope.guarded(() -> {
            var unseen = events.charactersAfter(index);
            text.setLength(Math.max(0, text.length() - unseen));
            transcript.cut(unseen);
        });
    }

    /** Takes over the text of a child run, if this run ended before it had any text of its own. */
    public void adoptText(String partial) {
        scope.guarded(() -> {
            if (text.isEmpty()) {
                text.append(partial);
                transcript.appendPartial(partial);
            }
        });
    }

    /**
     * Records that a tool call has started a run. Called under the tree's lock.
     *
     * @param toolCallId the id of the call; null for none
     */
    public void toolStartedRun(@Nullable String toolCallId, String runId) {
        if (toolCallId == null) {
            return;
        }
        tools.computeIfPresent(toolCallId, (_, tool) -> tool.childRunId() == null ? tool.withChild(runId) : tool);
    }

    /** Counts output that is not text, such as a tool call's arguments. */
    public void countOutput(int characters) {
        scope.guarded(() -> {
            scope.throwIfCancelled();
            meter.output(characters);
        });
    }

    public void callStarted(long characters, @Nullable Pricing pricing) {
        scope.guarded(() -> {
            meter.callStarted(characters, pricing);
            scope.throwIfCancelled();
        });
    }

    /** Counts tokens that were used beside the run's own calls, by a guardrail. */
    public void usedBesides(Usage usage, @Nullable Pricing pricing) {
        scope.guarded(() -> meter.besides(usage, pricing));
    }

    public void callReported(Usage usage) {
        scope.guarded(() -> {
            scope.throwIfCancelled();
            meter.reported(usage);
        });
    }

    /** Records that the call was refused or never arrived. */
    public void callFailed() {
        scope.guarded(() -> {
            meter.callFailed();
        });
    }

    public void callEnded() {
        scope.guarded(() -> {
            meter.callEnded();
        });
    }

    /** Inserts the messages before this run's own: the system message and the history. */
    public void contextMessages(List<Message> messages) {
        scope.guarded(() -> {
            scope.throwIfCancelled();
            transcript.context(messages);
        });
    }

    public void addMessage(Message message) {
        scope.guarded(() -> {
            scope.throwIfCancelled();
            transcript.add(message);
        });
    }

    /** Adds the input if the run ended before it had added any message: a conversation can't start with an assistant's. */
    public void addMissingInput(RunInput input) {
        scope.guarded(() -> {
            if (transcript.isEmpty()) {
                transcript.add(Message.user(input.text(), input.images(), input.files()));
            }
        });
    }

    /** Records a complete response, unless the run is stopped: then the delivered part remains partial. */
    public void addResponse(Message response) {
        scope.guarded(() -> {
            scope.throwIfCancelled();
            transcript.addResponse(response);
            // The delivered text takes precedence if the model returns a different one.
            latestStart = Math.min(responsesEnd, text.length());
            answer = text.length() > responsesEnd ? text.substring(responsesEnd) : response.content();
            responsesEnd = text.length();
            if (!response.toolCalls().isEmpty()) {
                earlierTools.addAll(tools.values());
                tools.clear();
            }
            onChange.run();
        });
    }

    /** Records why a response has ended, whether it can be used or not. */
    public void responseEnded(@Nullable FinishReason reason, @Nullable String rawReason) {
        scope.guarded(() -> {
            finishReason = reason;
            rawFinishReason = rawReason;
        });
    }

    /** Why the last response ended; null before there is one, or if it is unknown. */
    public @Nullable FinishReason finishReason() {
        return scope.<@Nullable FinishReason>locked(() -> finishReason);
    }

    /** {@link #finishReason()} in the provider's words; null when unknown. */
    public @Nullable String rawFinishReason() {
        return scope.<@Nullable String>locked(() -> rawFinishReason);
    }

    /** Removes the partial text of a response that has failed from the conversation, before another one is requested. */
    public void discardResponse() {
        scope.guarded(() -> {
            scope.throwIfCancelled();
            responsesEnd = text.length();
            transcript.discardPartial();
        });
    }

    /** Restores the stored output of a resumed run. */
    public void restore(StoredRun row) {
        scope.guarded(() -> {
            text.append(row.text());
            latestStart = text.length();
            finishReason = row.finishReason();
            rawFinishReason = row.rawFinishReason();
            transcript.restore(row.messages());
            var openIds = transcript.callIds();
            for (var tool : row.tools().reversed()) {
                if (openIds.remove(tool.toolCallId())) {
                    tools.putFirst(tool.toolCallId(), tool);
                } else {
                    earlierTools.addFirst(tool);
                }
            }
        });
    }

    /** The tool calls of the last response that have no result. */
    public List<ToolCall> openCalls() {
        return scope.locked(transcript::openCalls);
    }

    /** The id of the run that a tool call has started; null if none. */
    public @Nullable String childRunOf(ToolCall call) {
        return scope.<@Nullable String>locked(() -> {
            var tool = tools.get(call.id());
            return tool == null ? null : tool.childRunId();
        });
    }

    /** The ids of the runs started by calls of a tool that have not returned. */
    public List<String> pendingRuns(String tool) {
        return scope.locked(() -> tools.values().stream()
                .filter(call -> call.toolName().equals(tool) && call.result() == null && call.childRunId() != null)
                .map(call -> Objects.requireNonNull(call.childRunId()))
                .toList());
    }

    /** The conversation, for the next request. */
    public List<Message> conversation() {
        return scope.locked(transcript::messages);
    }

    /**
     * Counts and records a tool call that is about to be executed.
     *
     * @throws dev.rein.cancel.CancelledException if the run is stopped
     */
    public ToolExecution toolStarted(ToolCall call) {
        return scope.locked(() -> {
            scope.throwIfCancelled();
            meter.toolCall();
            scope.throwIfCancelled();
            return toolRefused(call);
        });
    }

    /**
     * Records that the code of a tool is entered: its effects are unknown if it is interrupted from here on.
     *
     * @throws dev.rein.cancel.CancelledException if the run is stopped
     */
    public void toolEntered(ToolCall call) {
        scope.guarded(() -> {
            scope.throwIfCancelled();
            transcript.toolStarted(call);
            onChange.run();
        });
    }

    /** Records a tool call that is not executed. */
    public ToolExecution toolRefused(ToolCall call) {
        return scope.locked(() -> {
            var asked = tools.get(call.id());
            var execution = asked != null && asked.result() == null && asked.question() != null
                    ? asked.started()
                    : ToolExecution.of(call);
            tools.put(call.id(), execution);
            return execution;
        });
    }

    /** Records that people are asked to decide on a tool call. */
    public ToolExecution toolAsked(ToolCall call, Question question) {
        var execution = ToolExecution.of(call).asking(question);
        scope.locked(() -> tools.put(call.id(), execution));
        return execution;
    }

    /** Records a question that the code of a tool asks during its call. @return the call; null if there is none with this id */
    public @Nullable ToolExecution toolAsks(String toolCallId, Question question) {
        return scope.<@Nullable ToolExecution>locked(() ->
                tools.computeIfPresent(toolCallId, (_, tool) -> tool.result() == null ? tool.asking(question) : tool));
    }

    /** Records the decision on a tool call. */
    public void toolDecided(ToolCall call, Decision decision) {
        toolDecided(call.id(), decision);
    }

    /** The same for a decision on a question of {@link #toolAsks}. */
    public void toolDecided(String toolCallId, Decision decision) {
        scope.locked(() -> tools.computeIfPresent(toolCallId, (_, tool) -> tool.decided(decision)));
    }

    /**
     * Records a tool's result. Not called for a tool that was stopped with its run.
     *
     * @return the call with its result
     */
    public ToolExecution toolEnded(ToolCall call, String result, boolean error, Duration took) {
        return toolEnded(call, execution -> execution.ended(result, error, took));
    }

    /** The same for a call whose exception ends the run. */
    public ToolExecution toolStoppedRun(ToolCall call, String answer, Duration took) {
        return toolEnded(call, execution -> execution.ended(answer, true, took).stoppingRun());
    }

    private ToolExecution toolEnded(ToolCall call, UnaryOperator<ToolExecution> change) {
        return scope.locked(() -> {
            var execution = change.apply(Objects.requireNonNull(tools.get(call.id())));
            tools.put(call.id(), execution);
            transcript.toolResult(
                    call, Message.tool(call, Objects.requireNonNull(execution.result()), execution.error()));
            onChange.run();
            return execution;
        });
    }
}
