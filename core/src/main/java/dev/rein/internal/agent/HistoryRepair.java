package dev.rein.internal.agent;

import dev.rein.internal.delivery.InterruptionTexts;
import dev.rein.model.Message;
import dev.rein.model.Role;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the messages of an earlier run a history that providers accept: each tool call is followed by its one result. The runs of
 * this version are; those that other programs or earlier versions have written may not be.
 */
final class HistoryRepair {
    private final List<Message> messages;
    private final boolean[] used;

    private HistoryRepair(List<Message> messages) {
        this.messages = messages;
        this.used = new boolean[messages.size()];
    }

    /** The same messages if nothing is wrong with them. */
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

    /** Results are put behind their calls; those without a call, and second ones, are left out. */
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

    /** The next result of a call that no other call of this id has taken. */
    private @Nullable Message result(String callId, int from) {
        for (var i = from; i < messages.size(); i++) {
            var message = messages.get(i);
            if (!used[i] && message.role() == Role.TOOL && callId.equals(message.toolCallId())) {
                used[i] = true;
                return message;
            }
            if (message.toolCalls().stream().anyMatch(call -> call.id().equals(callId))) {
                // A later call of the same id: what follows is its result.
                return null;
            }
        }
        return null;
    }
}
