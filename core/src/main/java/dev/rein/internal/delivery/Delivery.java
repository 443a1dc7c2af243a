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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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

    /** The calls of earlier responses. */
    private final List<ToolExecution> earlierTools = new ArrayList<>(0);

    /** The calls of the latest response, by their ids: a model may use an id again in a later one. */
    private final LinkedHashMap<String, ToolExecution> tools = new LinkedHashMap<>(0);

    /** The text of the latest response; null before there is one. */
    private @Nullable String answer;

    /** Where in the text the responses end that are complete. */
    private int answeredTo;

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
        return scope.locked(() -> {
            var all = new ArrayList<>(earlierTools);
            all.addAll(tools.values());
            return List.copyOf(all);
        });
    }

    /** Delivers more of the answer: shows it and keeps it, or neither. */
    public void deliver(String delta, @Nullable String reasoningDelta) {
        var shown = scope.locked(() -> {
            var characters = delta.length() + (reasoningDelta == null ? 0 : reasoningDelta.length());
            var event = show(scope, delta, reasoningDelta);
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

    /** Shows text as its own, or as that of the run for which it answers. */
    private RunEvent show(Scope from, String delta, @Nullable String reasoningDelta) {
        var answersFor = events.visibility().asParent() ? parent : null;
        if (answersFor != null) {
            return answersFor.relay(from, delta, reasoningDelta);
        }
        var characters = delta.length() + (reasoningDelta == null ? 0 : reasoningDelta.length());
        return events.append(from, characters, meta -> new RunContent(meta, delta, reasoningDelta));
    }

    /** Delivers what a run below it says in its place. */
    private RunEvent relay(Scope from, String delta, @Nullable String reasoningDelta) {
        var event = show(from, delta, reasoningDelta);
        text.append(delta);
        transcript.partial(delta);
        return event;
    }

    /** The answer as a whole, not delivered bit by bit: a workflow's, or that of a member in place of its leader. */
    public void conclude(String whole) {
        scope.guarded(() -> {
            scope.throwIfCancelled();
            text.setLength(0);
            text.append(whole);
            answer = whole;
            transcript.answered(Message.assistant(whole));
        });
    }

    /**
     * It has completed: its text is that of its last response. What came before it, such as the words that announce a tool call, is
     * in the messages.
     */
    public void completed() {
        scope.guarded(() -> {
            if (answer != null) {
                text.setLength(0);
                text.append(answer);
            }
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
    public void answered(Message response) {
        scope.locked(() -> {
            scope.throwIfCancelled();
            transcript.answered(response);
            // What was delivered counts, also of a model that returns something else than it has delivered.
            answer = text.length() > answeredTo ? text.substring(answeredTo) : response.content();
            answeredTo = text.length();
            if (!response.toolCalls().isEmpty()) {
                earlierTools.addAll(tools.values());
                tools.clear();
            }
            onChange.run();
            return null;
        });
    }

    /** Takes up what another process has delivered of the run. */
    public void resume(StoredRun row) {
        scope.guarded(() -> {
            text.append(row.text());
            transcript.resume(row.messages());
            var open = transcript.calls();
            for (var tool : row.tools().reversed()) {
                if (open.remove(tool.toolCallId())) {
                    tools.putFirst(tool.toolCallId(), tool);
                } else {
                    earlierTools.addFirst(tool);
                }
            }
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
