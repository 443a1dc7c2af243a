package dev.rein.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;

/**
 * Gives each tool call of a conversation an id of its own, in a form that a server accepts. Results are matched to calls by id, and
 * strict servers refuse a request with an id that occurs twice; but some servers send no ids, or number the calls of each response
 * anew. New ids are the same each time, so that a server finds the same conversation in its cache.
 */
final class UniqueCallIds {
    private final ToolCallIds form;
    private final Set<String> taken = new HashSet<>();

    private UniqueCallIds(ToolCallIds form) {
        this.form = form;
    }

    /** @param messages with results right behind their calls, see {@link CallResults} */
    static List<Message> of(List<Message> messages, ToolCallIds form) {
        return new UniqueCallIds(form).of(messages);
    }

    private List<Message> of(List<Message> messages) {
        var all = new ArrayList<Message>(messages.size());
        Map<String, Queue<String>> results = new HashMap<>();
        for (var message : messages) {
            if (message.role() == Role.TOOL) {
                var id = Objects.requireNonNull(results.get(message.toolCallId()))
                        .remove();
                all.add(id.equals(message.toolCallId()) ? message : message.withCalls(message.toolCalls(), id));
                continue;
            }
            results.clear();
            var calls = new ArrayList<ToolCall>();
            for (var call : message.toolCalls()) {
                var id = unique(call.id());
                calls.add(id.equals(call.id()) ? call : call.withId(id));
                results.computeIfAbsent(call.id(), _ -> new ArrayDeque<>()).add(id);
            }
            all.add(calls.equals(message.toolCalls()) ? message : message.withCalls(calls, message.toolCallId()));
        }
        return all;
    }

    private String unique(String id) {
        if (form.accepts(id) && taken.add(id)) {
            return id;
        }
        for (var attempt = 1; ; attempt++) {
            var replacement = form.replacement(id, attempt);
            if (taken.add(replacement)) {
                return replacement;
            }
        }
    }
}
