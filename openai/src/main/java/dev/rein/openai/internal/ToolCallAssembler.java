package dev.rein.openai.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.http.ToolCallJson;
import dev.rein.model.ProviderData;
import dev.rein.model.ToolCall;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Assembles the tool calls of a chat completion from their fragments. By the API, each call has an index of its own, and the first of its
 * fragments has id and name. Servers differ: some send all calls with index 0 or without an index, some repeat id or name in every
 * fragment, some make a new id for each fragment, some send no id at all, some send a call again as a whole. Confined to one thread.
 */
final class ToolCallAssembler {

    private final ToolNames tools;
    private final IntConsumer progress;
    private final List<PartialCall> calls = new ArrayList<>();
    private final Map<Integer, PartialCall> byIndex = new HashMap<>();
    private final Map<String, PartialCall> byId = new HashMap<>();

    /** @param progress receives the number of characters of each fragment */
    ToolCallAssembler(ToolNames tools, IntConsumer progress) {
        this.tools = tools;
        this.progress = progress;
    }

    /** Adds a fragment, and returns the call that it belongs to. */
    PartialCall add(ToolCallFragment fragment) {
        var known = find(fragment);
        var call = known == null ? begin(fragment) : known;
        if (call.id.isEmpty() && !fragment.id().isEmpty()) {
            call.id = fragment.id();
            byId.put(call.id, call);
        }
        var nameLength = call.name.length();
        if (fragment.hasName() && !call.hasArguments()) {
            call.name = call.name.isEmpty() ? fragment.name() : tools.joined(call.name, fragment.name());
        }
        if (fragment.isValue()) {
            call.replaceArguments(fragment.arguments());
        } else {
            var namedAgain = known != null && fragment.hasName();
            var identified = !fragment.id().isEmpty() && fragment.id().equals(call.id);
            call.addArguments(fragment.arguments(), namedAgain, identified);
        }
        progress.accept(Math.max(0, call.name.length() - nameLength)
                + fragment.arguments().length());
        return call;
    }

    private PartialCall begin(ToolCallFragment fragment) {
        ToolCallJson.requireRoom(calls.size());
        var call = new PartialCall();
        call.chunk = fragment.chunk();
        call.index = fragment.index();
        calls.add(call);
        if (call.index != null) {
            byIndex.put(call.index, call);
        }
        return call;
    }

    /** The call that a fragment belongs to; null for a new one. */
    private @Nullable PartialCall find(ToolCallFragment fragment) {
        var sameId = fragment.id().isEmpty() ? null : byId.get(fragment.id());
        if (sameId != null) {
            return isOtherCallWithSameId(sameId, fragment) ? null : sameId;
        }
        var latest = calls.isEmpty() ? null : calls.getLast();
        var current = fragment.index() == null ? latest : byIndex.get(fragment.index());
        if (current == null) {
            return latest != null && continuesLatest(latest, fragment) ? latest : null;
        }
        if (!fragment.hasName()) {
            var otherId = !fragment.id().isEmpty() && !current.id.isEmpty();
            return otherId && current.hasWholeArguments() ? null : current;
        }
        return isOtherCall(current, fragment) ? null : current;
    }

    /** Whether a fragment with an index of its own belongs to the latest call nevertheless. */
    private static boolean continuesLatest(PartialCall latest, ToolCallFragment fragment) {
        return !fragment.hasName()
                && fragment.id().isEmpty()
                && (fragment.arguments().isEmpty() || !latest.hasWholeArguments());
    }

    /** Whether a fragment that has a name begins another call than the one at its place. */
    private boolean isOtherCall(PartialCall current, ToolCallFragment fragment) {
        if (current.name.isEmpty()) {
            return false;
        }
        var sameName = fragment.name().equals(current.name);
        if (!fragment.id().isEmpty() && !current.id.isEmpty()) {
            return !(sameName && continuesArguments(current, fragment));
        }
        var sameChunk = fragment.chunk() == current.chunk;
        if (!current.hasArguments()) {
            return sameChunk || tools.isOtherCall(current.name, fragment.name());
        }
        if (current.hasWholeArguments()) {
            var repeated = fragment.arguments().isBlank() || current.hasArguments(fragment.arguments());
            return sameChunk || !sameName || !repeated;
        }
        return !sameName && tools.contains(fragment.name());
    }

    /** Whether a server that makes a new id for each fragment continues a call. */
    private static boolean continuesArguments(PartialCall current, ToolCallFragment fragment) {
        return current.hasArguments()
                && !current.hasWholeArguments()
                && !fragment.arguments().isBlank()
                && !fragment.arguments().stripLeading().startsWith("{");
    }

    /** Some servers give all calls of a response the same id. */
    private boolean isOtherCallWithSameId(PartialCall current, ToolCallFragment fragment) {
        if (!fragment.hasName() || current.name.isEmpty()) {
            return false;
        }
        var sameName = fragment.name().equals(current.name);
        if (!current.hasArguments()) {
            return tools.isOtherCall(current.name, fragment.name());
        }
        if (!current.hasWholeArguments()) {
            return !sameName && tools.contains(fragment.name());
        }
        var samePlace = fragment.chunk() != current.chunk
                && (fragment.index() == null || fragment.index().equals(current.index));
        return !sameName
                || (!samePlace && !fragment.arguments().isBlank() && !current.hasArguments(fragment.arguments()));
    }

    boolean isEmpty() {
        return calls.isEmpty();
    }

    /** Whether there is a call of which only the name was received. */
    boolean hasCallWithoutArguments() {
        return calls.stream().anyMatch(call -> !call.isEmpty() && call.lacksArguments());
    }

    List<ToolCall> toolCalls(Function<JsonNode, ProviderData> providerData) {
        return calls.stream()
                .filter(call -> !call.isEmpty())
                .map(call -> call.toToolCall(providerData))
                .toList();
    }
}
