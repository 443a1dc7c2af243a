package dev.rein.internal.delivery;

import dev.rein.internal.InterruptionTexts;
import dev.rein.model.Message;
import dev.rein.model.OutgoingRequests;
import dev.rein.model.Role;
import dev.rein.model.ToolCall;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The conversation of a run in progress. {@link #repaired()} is a valid history at any time: every tool call has a result,
 * partial text is a message of its own, and the last message is an assistant's. Guarded by the tree's lock.
 */
public final class Transcript {
    private static final class PendingCall {
        boolean started;

        @Nullable
        Message result;
    }

    private final List<Message> messages = new ArrayList<>(4);
    private final StringBuilder partial = new StringBuilder(0);
    private final Map<ToolCall, PendingCall> calls = new LinkedHashMap<>(0);
    private int ownFrom;

    /** How many characters of results users have seen, by the ids of the calls. */
    private final Map<String, Integer> shown = new HashMap<>(0);

    /** Inserts the messages before this run's own: the system message and the history. */
    void context(List<Message> before) {
        messages.addAll(0, before);
        ownFrom = before.size();
    }

    /** The number of messages before this run's own. */
    public int ownFrom() {
        return ownFrom;
    }

    /** The content of the system message; null if there is none. */
    @Nullable
    public String system() {
        return ownFrom > 0 && messages.getFirst().role() == Role.SYSTEM
                ? messages.getFirst().content()
                : null;
    }

    /** Whether there are no messages of this run's own. */
    public boolean isEmpty() {
        return messages.size() == ownFrom;
    }

    void add(Message message) {
        closeBatch();
        messages.add(OutgoingRequests.nonBlank(message));
    }

    /** Appends text of the response that is being streamed. */
    void appendPartial(String delta) {
        partial.append(delta);
    }

    /** Records that users have seen the result of a call. */
    void shown(String toolCallId, int characters) {
        shown.merge(toolCallId, characters, Integer::sum);
    }

    /** Removes the text of a response that is not completed. */
    void discardPartial() {
        partial.setLength(0);
    }

    /** Adds a complete response, which replaces its partial text. */
    void addResponse(Message response) {
        partial.setLength(0);
        add(response);
        for (var call : response.toolCalls()) {
            calls.put(call, new PendingCall());
        }
    }

    /** Replaces the text of the last response, which had no tool calls. What the provider wanted back belonged to the earlier text. */
    void replaceAnswer(String content) {
        var last = messages.isEmpty() ? null : messages.getLast();
        if (last != null && last.role() == Role.ASSISTANT && last.toolCalls().isEmpty()) {
            messages.set(messages.size() - 1, Message.assistant(content, last.reasoning(), List.of()));
        } else {
            messages.add(Message.assistant(content));
        }
    }

    /**
     * Removes text from the end of this run's answers. A message that loses text is marked as interrupted; one of which nothing
     * remains is removed. Tool calls and their results stay.
     */
    void cut(int characters) {
        var partly = Math.min(characters, partial.length());
        partial.setLength(partial.length() - partly);
        var rest = characters - partly;
        for (var i = messages.size() - 1; i >= ownFrom && rest > 0; i--) {
            var message = messages.get(i);
            var id = message.toolCallId();
            if (message.role() == Role.TOOL && id != null) {
                var seen = shown.remove(id);
                rest -= seen == null ? 0 : Math.min(rest, seen);
            } else if (message.role() == Role.ASSISTANT && !message.content().isEmpty()) {
                var lost = Math.min(rest, message.content().length());
                rest -= lost;
                cut(i, message.content().substring(0, message.content().length() - lost));
            }
        }
    }

    private void cut(int index, String content) {
        var message = messages.get(index);
        if (content.isBlank() && message.toolCalls().isEmpty()) {
            messages.remove(index);
        } else {
            messages.set(
                    index, message.withContent(content.isBlank() ? "" : content).asInterrupted());
        }
    }

    void toolStarted(ToolCall call) {
        var pending = calls.get(call);
        if (pending != null) {
            pending.started = true;
        }
    }

    /** Adds the result of a call of the latest batch. One that comes after the conversation has gone on is dropped. */
    void toolResult(ToolCall call, Message result) {
        var pending = calls.get(call);
        if (pending == null) {
            return;
        }
        pending.result = result;
        if (calls.values().stream().allMatch(each -> each.result != null)) {
            closeBatch();
        }
    }

    /** Adds the results of the latest batch behind its calls, so that no call stays without one. */
    private void closeBatch() {
        calls.forEach((call, pending) -> messages.add(result(call, pending)));
        calls.clear();
    }

    private static Message result(ToolCall call, PendingCall pending) {
        return pending.result != null
                ? pending.result
                : Message.tool(
                                call,
                                pending.started ? InterruptionTexts.UNKNOWN_EFFECTS : InterruptionTexts.NOT_STARTED,
                                true)
                        .asInterrupted();
    }

    /**
     * Restores a conversation that may end within a batch of tool calls. Calls whose stored result is a placeholder are open
     * again.
     */
    void restore(List<Message> own) {
        var batch = own.size() - 1;
        while (batch >= 0 && own.get(batch).toolCalls().isEmpty()) {
            batch--;
        }
        messages.addAll(own.subList(0, Math.max(batch, 0)));
        if (batch < 0) {
            return;
        }
        addResponse(own.get(batch));
        var open = Map.copyOf(calls);
        for (var message : own.subList(batch + 1, own.size())) {
            open.keySet().stream()
                    .filter(call -> call.id().equals(message.toolCallId()) && !message.interrupted())
                    .findFirst()
                    .ifPresent(call -> toolResult(call, message));
        }
    }

    /** The text of the last message that has tool calls; empty if there is none. */
    String textBesideCalls() {
        return messages.reversed().stream()
                .filter(message -> !message.toolCalls().isEmpty())
                .findFirst()
                .map(Message::content)
                .orElse("");
    }

    /** The ids of the calls of the current batch. */
    Set<String> callIds() {
        return calls.keySet().stream().map(ToolCall::id).collect(Collectors.toCollection(HashSet::new));
    }

    List<ToolCall> openCalls() {
        return calls.entrySet().stream()
                .filter(each -> each.getValue().result == null)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** All messages, for the next request. Only valid between turns. */
    public List<Message> messages() {
        return List.copyOf(messages);
    }

    /** All messages as a valid history. Does not modify this transcript. */
    public List<Message> repaired() {
        return repaired(0);
    }

    /** This run's own messages as a valid history. */
    public List<Message> repairedOwn() {
        return repaired(ownFrom);
    }

    private List<Message> repaired(int from) {
        var all = new ArrayList<>(messages.subList(Math.min(from, messages.size()), messages.size()));
        calls.forEach((call, pending) -> all.add(result(call, pending)));
        if (!partial.toString().isBlank()) {
            all.add(Message.assistant(partial.toString()).asInterrupted());
        } else if (all.isEmpty() || all.getLast().role() != Role.ASSISTANT) {
            all.add(Message.assistant(InterruptionTexts.NO_ANSWER).asInterrupted());
        }
        return List.copyOf(all);
    }
}
