package dev.rein.internal.agent;

import dev.rein.internal.Ids;
import dev.rein.model.Message;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.model.Role;
import dev.rein.model.ToolCall;
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
 * Keeps the ids of tool calls unique in a request: results are matched to calls by id, and strict providers refuse a request with
 * an id that occurs twice. Some servers send no ids, or number the calls of each response anew. An id that is unique is kept.
 */
final class CallIds {
    private final Set<String> taken = new HashSet<>();

    /** A response to a request, with ids that no call of the request has. */
    static ModelResponse unique(ModelResponse response, ModelRequest request) {
        if (response.toolCalls().isEmpty()) {
            return response;
        }
        var taken = new HashSet<String>();
        request.messages().forEach(message -> message.toolCalls().forEach(call -> taken.add(call.id())));
        var calls = response.toolCalls().stream()
                .map(call -> !call.id().isBlank() && taken.add(call.id())
                        ? call
                        : call.withId("call_" + Ids.ofComponent(null)))
                .toList();
        return response.withToolCalls(calls);
    }

    /**
     * The messages of an earlier run, with ids that none before them has. The new ids are the same each time, so that a provider
     * finds the same conversation in its cache.
     *
     * @param messages a valid history: results are right behind their calls
     */
    List<Message> unique(List<Message> messages) {
        var all = new ArrayList<Message>();
        Map<String, Queue<String>> results = new HashMap<>();
        for (var message : messages) {
            if (message.role() == Role.TOOL) {
                var ids = Objects.requireNonNull(results.get(message.toolCallId()));
                all.add(message.withCalls(message.toolCalls(), ids.remove()));
                continue;
            }
            results.clear();
            var calls = new ArrayList<ToolCall>();
            for (var call : message.toolCalls()) {
                var id = !call.id().isBlank() && taken.add(call.id()) ? call.id() : free();
                calls.add(call.withId(id));
                results.computeIfAbsent(call.id(), _ -> new ArrayDeque<>()).add(id);
            }
            all.add(calls.equals(message.toolCalls()) ? message : message.withCalls(calls, message.toolCallId()));
        }
        return all;
    }

    private String free() {
        var number = taken.size() + 1;
        while (!taken.add("call_" + number)) {
            number++;
        }
        return "call_" + number;
    }
}
