package dev.rein.openai.internal;

import dev.rein.model.ToolCall;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Puts the fragments of a response's tool calls together. */
final class ToolCalls {

    private final List<Call> calls = new ArrayList<>();
    private final Map<Integer, Call> byIndex = new HashMap<>();
    private int latest;

    /**
     * One more fragment. Servers differ: some send all parallel calls with index 0 and distinct ids, some repeat the id in
     * every fragment, some send no id at all.
     *
     * @return how many characters it brought
     */
    int add(int index, String id, String name, String arguments) {
        latest = index;
        var call = byIndex.get(index);
        if (call == null || (!id.isEmpty() && !call.id.isEmpty() && !id.equals(call.id))) {
            call = new Call();
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

    /** The finished call, whose arguments replace those collected so far. */
    void finish(int index, String id, String name, String arguments) {
        var call = byIndex.get(index);
        if (call == null) {
            add(index, id, name, arguments);
        } else if (!arguments.isEmpty()) {
            call.arguments.setLength(0);
            call.arguments.append(arguments);
        }
    }

    /** The index of the latest fragment, for one that has none. */
    int latest() {
        return latest;
    }

    List<ToolCall> finished() {
        return calls.stream().map(Call::finished).toList();
    }

    private static final class Call {
        private String id = "";
        private String name = "";
        private final StringBuilder arguments = new StringBuilder();

        ToolCall finished() {
            var known = id.isEmpty() ? "call_" + UUID.randomUUID() : id;
            return new ToolCall(known, name, arguments.isEmpty() ? "{}" : arguments.toString());
        }
    }
}
