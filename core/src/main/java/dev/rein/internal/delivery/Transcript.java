package dev.rein.internal.delivery;

import dev.rein.model.Message;
import dev.rein.model.Role;
import dev.rein.model.ToolCall;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The conversation of one run while it grows. Whatever the moment, {@link #repaired()} is a valid history: every tool call
 * has a result, partial text is a message of its own, and an assistant has the last word. Guarded by the tree's lock.
 */
public final class Transcript {
    private static final class Pending {
        boolean started;

        @Nullable
        Message result;
    }

    private final List<Message> messages = new ArrayList<>(4);
    private final StringBuilder partial = new StringBuilder(0);
    private final Map<ToolCall, Pending> calls = new LinkedHashMap<>(0);
    private int ownFrom;

    /** What goes before this run's own part: the system message and the history. */
    void context(List<Message> before) {
        messages.addAll(0, before);
        ownFrom = before.size();
    }

    /** How many messages went before this run's own. */
    public int ownFrom() {
        return ownFrom;
    }

    /** What the model is told before the conversation; null for nothing. */
    @Nullable
    public String system() {
        return ownFrom > 0 && messages.getFirst().role() == Role.SYSTEM
                ? messages.getFirst().content()
                : null;
    }

    /** Whether nothing of this run's own is in it. */
    public boolean isEmpty() {
        return messages.size() == ownFrom;
    }

    void add(Message message) {
        messages.add(message);
    }

    /** More text of the response that is being streamed. */
    void partial(String delta) {
        partial.append(delta);
    }

    /** The response is complete, and replaces its partial text. */
    void answered(Message answer) {
        partial.setLength(0);
        messages.add(answer);
        for (var call : answer.toolCalls()) {
            calls.put(call, new Pending());
        }
    }

    void started(ToolCall call) {
        Objects.requireNonNull(calls.get(call)).started = true;
    }

    void result(ToolCall call, Message result) {
        var pending = Objects.requireNonNull(calls.get(call));
        pending.result = result;
        if (calls.values().stream().allMatch(each -> each.result != null)) {
            calls.values().forEach(each -> messages.add(Objects.requireNonNull(each.result)));
            calls.clear();
        }
    }

    /**
     * Takes up a conversation that was left in the middle of a batch of tool calls: those whose result only stands in for one
     * are open.
     */
    void resume(List<Message> own) {
        var batch = own.size() - 1;
        while (batch >= 0 && own.get(batch).toolCalls().isEmpty()) {
            batch--;
        }
        messages.addAll(own.subList(0, Math.max(batch, 0)));
        if (batch < 0) {
            return;
        }
        answered(own.get(batch));
        var open = Map.copyOf(calls);
        for (var message : own.subList(batch + 1, own.size())) {
            open.keySet().stream()
                    .filter(call -> call.id().equals(message.toolCallId()) && !message.interrupted())
                    .findFirst()
                    .ifPresent(call -> result(call, message));
        }
    }

    /** The ids of the calls of the batch that is under way. */
    Set<String> calls() {
        return calls.keySet().stream().map(ToolCall::id).collect(Collectors.toCollection(HashSet::new));
    }

    List<ToolCall> openCalls() {
        return calls.entrySet().stream()
                .filter(each -> each.getValue().result == null)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Everything so far, for the next request. Only valid between turns. */
    public List<Message> messages() {
        return List.copyOf(messages);
    }

    /** Everything so far as a valid history, without changing anything. */
    public List<Message> repaired() {
        return repaired(0);
    }

    /** The same without what went before this run. */
    public List<Message> repairedOwn() {
        return repaired(ownFrom);
    }

    private List<Message> repaired(int from) {
        var all = new ArrayList<>(messages.subList(Math.min(from, messages.size()), messages.size()));
        calls.forEach((call, pending) -> all.add(
                pending.result != null
                        ? pending.result
                        : Message.tool(
                                        call,
                                        pending.started
                                                ? InterruptionTexts.UNKNOWN_EFFECTS
                                                : InterruptionTexts.NOT_STARTED,
                                        true)
                                .asInterrupted()));
        if (!partial.toString().isBlank()) {
            all.add(Message.assistant(partial.toString()).asInterrupted());
        } else if (all.isEmpty() || all.getLast().role() != Role.ASSISTANT) {
            all.add(Message.assistant(InterruptionTexts.NO_ANSWER).asInterrupted());
        }
        return List.copyOf(all);
    }
}
