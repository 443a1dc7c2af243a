package dev.rein.internal.agent;

import dev.rein.internal.InterruptionTexts;
import dev.rein.model.Message;
import dev.rein.model.Role;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Repairs the messages of an earlier run so that providers accept them as history: each tool call is followed by exactly one
 * result. Histories written by other programs or earlier versions may violate this.
 */
final class HistoryRepair {
    private final List<Message> messages;
    private final boolean[] used;

    private HistoryRepair(List<Message> messages) {
        this.messages = messages;
        this.used = new boolean[messages.size()];
    }

    /** The repaired messages; the given list itself if it is valid. */
    static List<Message> repaired(List<Message> messages) {
        return isValid(messages) ? messages : new HistoryRepair(messages).repaired();
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
                    open.add(call.id());
                }
            }
        }
        return open.isEmpty();
    }

    /** Moves results behind their calls, and drops duplicate results and those without a call. */
    private List<Message> repaired() {
        var all = new ArrayList<Message>();
        for (var i = 0; i < messages.size(); i++) {
            var message = messages.get(i);
            if (message.role() == Role.TOOL) {
                continue;
            }
            all.add(message);
            for (var call : message.toolCalls()) {
                var result = result(call.id(), i + 1);
                all.add(
                        result != null
                                ? result
                                : Message.tool(call, InterruptionTexts.NO_RESULT, true)
                                        .asInterrupted());
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
