package dev.rein.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Repairs a conversation so that each tool call is followed by exactly one result. Histories written by other programs or earlier
 * versions may violate this.
 */
final class CallResults {
    private final List<Message> messages;
    private final boolean[] used;

    private CallResults(List<Message> messages) {
        this.messages = messages;
        this.used = new boolean[messages.size()];
    }

    /** The repaired messages; the given list itself if it is valid. */
    static List<Message> repaired(List<Message> messages) {
        return isValid(messages) ? messages : new CallResults(messages).repaired();
    }

    private static boolean isValid(List<Message> messages) {
        var open = new HashSet<String>();
        for (var message : messages) {
            if (message.role() == Role.TOOL) {
                if (!open.remove(message.toolCallId())) {
                    return false;
                }
            } else {
                if (!open.isEmpty()) {
                    return false;
                }
                for (var call : message.toolCalls()) {
                    if (call.isEmpty() || !open.add(call.id())) {
                        return false;
                    }
                }
            }
        }
        return open.isEmpty();
    }

    /** Moves results behind their calls, drops duplicate results and those without a call, and empty calls. */
    private List<Message> repaired() {
        var all = new ArrayList<Message>();
        for (var i = 0; i < messages.size(); i++) {
            var message = messages.get(i);
            if (message.role() == Role.TOOL) {
                continue;
            }
            var calls =
                    message.toolCalls().stream().filter(call -> !call.isEmpty()).toList();
            all.add(
                    calls.size() == message.toolCalls().size()
                            ? message
                            : message.withCalls(calls, message.toolCallId()));
            for (var call : message.toolCalls()) {
                var result = result(call.id(), i + 1);
                if (!call.isEmpty()) {
                    all.add(
                            result != null
                                    ? result
                                    : Message.tool(call, OutgoingRequests.NO_RESULT, true)
                                            .asInterrupted());
                }
            }
        }
        return List.copyOf(all);
    }

    /** The next result with this call id that is not yet used by another call of the same id. */
    private @Nullable Message result(String callId, int from) {
        for (var i = from; i < messages.size(); i++) {
            var message = messages.get(i);
            if (!used[i] && message.role() == Role.TOOL && callId.equals(message.toolCallId())) {
                used[i] = true;
                return message;
            }
            if (message.toolCalls().stream().anyMatch(call -> call.id().equals(callId))) {
                // A later call with the same id: results after it are its own.
                return null;
            }
        }
        return null;
    }
}
