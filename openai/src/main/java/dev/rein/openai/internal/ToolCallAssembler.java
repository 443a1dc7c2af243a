package dev.rein.openai.internal;

import dev.rein.model.ToolCall;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Assembles the tool calls of a response from their fragments. */
final class ToolCallAssembler {

    private final List<PartialCall> calls = new ArrayList<>();
    private final Map<Integer, PartialCall> byIndex = new HashMap<>();
    private int latestIndex;

    /**
     * Adds a fragment. Servers differ: some send all parallel calls with index 0 and distinct ids, some repeat the id in every
     * fragment, some send no id at all.
     *
     * @return number of characters in the fragment
     */
    int add(int index, String id, String name, String arguments) {
        latestIndex = index;
        var call = byIndex.get(index);
        if (call == null || (!id.isEmpty() && !call.id.isEmpty() && !id.equals(call.id))) {
            call = new PartialCall();
            calls.add(call);
            byIndex.put(index, call);
        }
        if (!id.isEmpty()) {
            call.id = id;
        }
        var isNew = call.name.isEmpty();
        if (isNew) {
            call.name = name;
        }
        call.arguments.append(arguments);
        return (isNew ? name.length() : 0) + arguments.length();
    }

    /** Finishes a call; its final arguments replace those collected from fragments. */
    void finish(int index, String id, String name, String arguments) {
        var call = byIndex.get(index);
        if (call == null) {
            add(index, id, name, arguments);
        } else if (!arguments.isEmpty()) {
            call.arguments.setLength(0);
            call.arguments.append(arguments);
        }
    }

    /** The index of the latest fragment; used for fragments without an index. */
    int latestIndex() {
        return latestIndex;
    }

    List<ToolCall> toolCalls() {
        return calls.stream().map(PartialCall::toToolCall).toList();
    }

    private static final class PartialCall {
        private String id = "";
        private String name = "";
        private final StringBuilder arguments = new StringBuilder();

        ToolCall toToolCall() {
            var usedId = id.isEmpty() ? "call_" + UUID.randomUUID() : id;
            return new ToolCall(usedId, name, arguments.isEmpty() ? "{}" : arguments.toString());
        }
    }
}
