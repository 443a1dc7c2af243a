package dev.rein.internal.agent;

import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.model.ToolCall;
import dev.rein.model.ToolDefinition;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The tool calls of a response, as they are executed. */
final class RequestedCalls {
    /** What models put before the names of tools: their training data and the templates of servers name tools this way. */
    private static final List<String> NAMESPACES =
            List.of("functions.", "function.", "tools.", "tool.", "default_api.", "functions:");

    private RequestedCalls() {}

    /**
     * A response whose calls name the tools of its request, where a model has written a name differently, and have ids of their own.
     * Calls with neither name nor arguments are dropped.
     */
    static ModelResponse of(ModelResponse response, ModelRequest request) {
        if (response.toolCalls().isEmpty()) {
            return response;
        }
        var names = request.tools().stream().map(ToolDefinition::name).collect(Collectors.toSet());
        var calls = response.toolCalls().stream()
                .filter(call -> !call.isEmpty())
                .map(call -> named(call, names))
                .toList();
        return CallIds.unique(response.withToolCalls(calls), request);
    }

    private static ToolCall named(ToolCall call, Set<String> names) {
        if (names.contains(call.name())) {
            return call;
        }
        var name = call.name().strip();
        for (var namespace : NAMESPACES) {
            if (name.startsWith(namespace)) {
                name = name.substring(namespace.length());
                break;
            }
        }
        return names.contains(name) ? call.withName(name) : call;
    }
}
