package dev.rein.internal.delivery;

import dev.rein.internal.event.EventEmitter;
import dev.rein.internal.stop.Scope;
import dev.rein.model.Message;
import dev.rein.model.Pricing;
import dev.rein.model.ToolCall;
import dev.rein.model.Usage;
import dev.rein.run.Decision;
import dev.rein.run.Question;
import dev.rein.run.RunInput;
import dev.rein.run.RunMetrics;
import dev.rein.run.ToolExecution;
import dev.rein.run.event.RunContent;
import dev.rein.run.event.RunEvent;
import dev.rein.session.StoredRun;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a run has delivered: its text, its tool calls, its conversation and what they cost. Text is shown and kept in one
 * step, or neither; after a stop nothing is added. Guarded by the tree's lock, which every method takes.
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
    private final Map<String, ToolExecution> tools = new LinkedHashMap<>(0);

    /**
     * @param events how the run shows what it delivers
     * @param parent of the run that it is part of; null for a root
     * @param onChange told of each change that is to be stored
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
        return scope.locked(() -> List.copyOf(tools.values()));
    }

    /** Delivers more of the answer: shows it and keeps it, or neither. */
    public void deliver(String delta, @Nullable String reasoningDelta) {
        var shown = scope.locked(() -> {
            var characters = delta.length() + (reasoningDelta == null ? 0 : reasoningDelta.length());
            var answersFor = events.visibility().asParent() ? parent : null;
            var event = answersFor != null
                    ? answersFor.relay(scope, delta, reasoningDelta)
                    : events.append(scope, characters, meta -> new RunContent(meta, delta, reasoningDelta));
            text.append(delta);
            transcript.partial(delta);
            if (reasoningDelta != null) {
                reasoning.append(reasoningDelta);
            }
            meter.output(characters);
            return event;
        });
        onChange.run();
        events.trace(shown);
    }

    /** Delivers what a run below it says in its place. */
    private RunEvent relay(Scope from, String delta, @Nullable String reasoningDelta) {
        var characters = delta.length() + (reasoningDelta == null ? 0 : reasoningDelta.length());
        var event = events.append(from, characters, meta -> new RunContent(meta, delta, reasoningDelta));
        text.append(delta);
        transcript.partial(delta);
        return event;
    }

    /** The answer as a whole, not delivered bit by bit: a workflow's. */
    public void conclude(String answer) {
        scope.guarded(() -> {
            scope.throwIfCancelled();
            text.setLength(0);
            text.append(answer);
            transcript.answered(Message.assistant(answer));
        });
    }

    /** Takes the text of a run below it as its own, if it has none: it was ended before it could say anything itself. */
    public void adopt(String partial) {
        scope.guarded(() -> {
            if (text.isEmpty()) {
                text.append(partial);
                transcript.partial(partial);
            }
        });
    }

    /** Notes that a tool call has started a run. */
    public void toolRuns(String toolCallId, String runId) {
        tools.computeIfPresent(toolCallId, (_, tool) -> tool.childRunId() == null ? tool.withChild(runId) : tool);
    }

    /** Counts output that is not text, such as a tool call's arguments. */
    public void count(int characters) {
        scope.locked(() -> {
            scope.throwIfCancelled();
            meter.output(characters);
            return null;
        });
    }

    public void callBegins(long characters, @Nullable Pricing pricing) {
        scope.locked(() -> {
            meter.callBegins(characters, pricing);
            scope.throwIfCancelled();
            return null;
        });
    }

    public void callReported(Usage usage) {
        scope.locked(() -> {
            scope.throwIfCancelled();
            meter.reported(usage);
            return null;
        });
    }

    /** The call was refused or never arrived. */
    public void callFails() {
        scope.locked(() -> {
            meter.callFails();
            return null;
        });
    }

    public void callEnds() {
        scope.locked(() -> {
            meter.callEnds();
            return null;
        });
    }

    /** What goes before this run's own part of the conversation. */
    public void conversationBefore(List<Message> messages) {
        scope.locked(() -> {
            scope.throwIfCancelled();
            transcript.context(messages);
            return null;
        });
    }

    public void say(Message message) {
        scope.locked(() -> {
            scope.throwIfCancelled();
            transcript.add(message);
            return null;
        });
    }

    /** Says what the run was given, if it was ended before it could: a conversation can't begin with an assistant. */
    public void sayInput(RunInput input) {
        scope.locked(() -> {
            if (transcript.isEmpty()) {
                transcript.add(Message.user(input.text(), input.images()));
            }
            return null;
        });
    }

    /** A complete response, unless the run is stopped: then what was delivered of it stays a part. */
    public void answered(Message answer) {
        scope.locked(() -> {
            scope.throwIfCancelled();
            transcript.answered(answer);
            onChange.run();
            return null;
        });
    }

    /** Takes up what another process has delivered of the run. */
    public void resume(StoredRun row) {
        scope.guarded(() -> {
            text.append(row.text());
            row.tools().forEach(tool -> tools.put(tool.toolCallId(), tool));
            transcript.resume(row.messages());
        });
    }

    /** The calls of the last batch that have no result. */
    public List<ToolCall> openCalls() {
        return scope.locked(transcript::openCalls);
    }

    /** The run that a call has started; null for none. */
    public @Nullable String runOf(ToolCall call) {
        return scope.<@Nullable String>locked(() -> {
            var tool = tools.get(call.id());
            return tool == null ? null : tool.childRunId();
        });
    }

    /** The runs that calls of a tool have started, and have not come back from. */
    public List<String> runsOf(String tool) {
        return scope.locked(() -> tools.values().stream()
                .filter(call -> call.toolName().equals(tool) && call.result() == null && call.childRunId() != null)
                .map(call -> Objects.requireNonNull(call.childRunId()))
                .toList());
    }

    /** The conversation so far, for the next request. */
    public List<Message> conversation() {
        return scope.locked(transcript::messages);
    }

    /**
     * A tool is about to be called: counts it.
     *
     * @throws dev.rein.cancel.CancelledException if a stop does not let it
     */
    public ToolExecution toolStarts(ToolCall call) {
        return scope.locked(() -> {
            scope.throwIfCancelled();
            meter.toolCall();
            scope.throwIfCancelled();
            return toolRefused(call);
        });
    }

    /**
     * The code of a tool is entered: from here on its effects are unknown if a stop comes.
     *
     * @throws dev.rein.cancel.CancelledException if a stop does not let it
     */
    public void toolBegins(ToolCall call) {
        scope.locked(() -> {
            scope.throwIfCancelled();
            transcript.started(call);
            onChange.run();
            return null;
        });
    }

    /** A tool that will not be called after all. */
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

    /** People are asked about a tool before it is called, or in its place. */
    public ToolExecution toolAsked(ToolCall call, Question question) {
        var execution = ToolExecution.of(call).asking(question);
        scope.locked(() -> tools.put(call.id(), execution));
        return execution;
    }

    /** They have decided. */
    public void toolDecided(ToolCall call, Decision decision) {
        scope.locked(() -> tools.computeIfPresent(call.id(), (_, tool) -> tool.decided(decision)));
    }

    /**
     * Keeps a tool's result. Not called for one that was stopped with its run.
     *
     * @return the call with its result
     */
    public ToolExecution toolEnded(ToolCall call, String result, boolean error, Duration took) {
        return scope.locked(() -> {
            var execution = Objects.requireNonNull(tools.get(call.id())).ended(result, error, took);
            tools.put(call.id(), execution);
            transcript.result(call, Message.tool(call, result, error));
            onChange.run();
            return execution;
        });
    }
}
