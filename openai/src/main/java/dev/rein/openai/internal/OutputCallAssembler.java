package dev.rein.openai.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.http.ProviderJson;
import dev.rein.http.ToolCallJson;
import dev.rein.model.ProviderData;
import dev.rein.model.ToolCall;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Assembles the function calls of the responses API. By the API, an item of the output begins a call, events with its item id and output
 * index bring the arguments, and the complete item ends it; the complete response contains all items again. Servers omit some of these
 * events, of the ids and of the indexes, so each call is taken from whichever events have it: by its id, then by its index, then by the
 * order. Confined to one thread.
 */
final class OutputCallAssembler {

    private final IntConsumer progress;
    private final List<PartialCall> calls = new ArrayList<>();

    /** @param progress receives the number of characters of each fragment */
    OutputCallAssembler(IntConsumer progress) {
        this.progress = progress;
    }

    static boolean isCall(JsonNode item) {
        var type = ProviderJson.text(item, "type");
        return type.equals("function_call")
                || type.equals("tool_call")
                || (type.isEmpty()
                        && !ToolCallFragment.name(item).isEmpty()
                        && !arguments(item).isMissingNode());
    }

    private static JsonNode arguments(JsonNode from) {
        return ToolCallJson.arguments(from, from.path("function"));
    }

    private static String argumentsText(JsonNode from) {
        return ToolCallJson.text(arguments(from));
    }

    /** Adds the item that begins a call. */
    PartialCall begin(JsonNode item, @Nullable Integer index) {
        var call = ofItem(item, index);
        call.setInitialArguments(argumentsText(item));
        return call;
    }

    /** Adds the complete item of a call. */
    PartialCall finish(JsonNode item, @Nullable Integer index) {
        var call = ofItem(item, index);
        setArguments(call, item);
        call.finished = true;
        return call;
    }

    /** Adds the calls of the complete response. Some servers send them with other ids than before. */
    void finish(List<JsonNode> items) {
        Set<PartialCall> found = new HashSet<>();
        var others = new ArrayList<JsonNode>();
        for (var item : items) {
            var call = byId(item);
            if (call == null || conflict(call.name, ToolCallFragment.name(item)) || !found.add(call)) {
                others.add(item);
            } else {
                setArguments(call, item);
            }
        }
        for (var item : others) {
            var same = sameCall(item, found);
            var call = same == null ? identified(begin(), item, null) : same;
            found.add(call);
            setArguments(call, item);
        }
    }

    private @Nullable PartialCall sameCall(JsonNode item, Set<PartialCall> found) {
        var name = ToolCallFragment.name(item);
        var arguments = argumentsText(item);
        Predicate<PartialCall> candidate = call -> !found.contains(call) && call.name.equals(name);
        var equal = first(call -> candidate.test(call) && call.hasArguments(arguments));
        return equal != null ? equal : first(candidate);
    }

    /** Adds an event with a fragment of the arguments. */
    void addArguments(JsonNode event) {
        var call = ofEvent(event);
        var delta = ToolCallJson.text(event.path("delta"));
        if (event.path("delta").isTextual()) {
            call.addArguments(delta, false, false);
        } else {
            call.replaceArguments(delta);
        }
        progress.accept(delta.length());
    }

    /** Adds an event with the complete arguments. */
    void finishArguments(JsonNode event) {
        var call = ofEvent(event);
        setName(call, event);
        setArguments(call, event);
        call.finished = true;
    }

    private void setArguments(PartialCall call, JsonNode from) {
        var wasKnown = call.hasArguments();
        var arguments = argumentsText(from);
        call.replaceArguments(arguments);
        progress.accept(wasKnown ? 0 : arguments.length());
    }

    private void setName(PartialCall call, JsonNode from) {
        var name = ToolCallFragment.name(from);
        if (call.name.isBlank() && !name.isBlank()) {
            call.name = name;
            progress.accept(name.length());
        }
    }

    /** The call of an item, which is begun if it is new. */
    private PartialCall ofItem(JsonNode item, @Nullable Integer index) {
        var callId = ProviderJson.text(item, "call_id");
        var known = byId(item);
        if (known == null) {
            // An index that occurs twice is that of another call.
            known = byIndex(index, callId);
        }
        if (known == null) {
            // Its arguments came before it.
            known = first(call -> call.name.isEmpty() && !conflict(call.id, callId));
        } else if (isOtherCall(known, item, index)) {
            known = null;
        }
        return identified(known == null ? begin() : known, item, index);
    }

    private PartialCall identified(PartialCall call, JsonNode item, @Nullable Integer index) {
        identify(call, ProviderJson.text(item, "call_id"), ProviderJson.text(item, "id"), index);
        setName(call, item);
        return call;
    }

    /** The call of an event that only refers to it. */
    private PartialCall ofEvent(JsonNode event) {
        var callId = ProviderJson.text(event, "call_id");
        var itemId = ProviderJson.text(event, "item_id");
        var index = ToolCallFragment.index(event.path("output_index"));
        var known = byId(event);
        if (known == null) {
            known = byIndex(index, callId);
        }
        if (known == null && callId.isEmpty() && itemId.isEmpty() && index == null) {
            var latest = calls.isEmpty() ? null : calls.getLast();
            known = latest == null || latest.finished || waits(latest) ? null : latest;
        }
        if (known == null) {
            // An unknown id is another one of a call that has been begun.
            known = first(call -> waits(call) && !conflict(call.id, callId));
        }
        var call = known == null ? begin() : known;
        identify(call, callId, itemId, index);
        return call;
    }

    private static boolean waits(PartialCall call) {
        return call.lacksArguments() && !call.finished;
    }

    private PartialCall begin() {
        ToolCallJson.requireRoom(calls.size());
        var call = new PartialCall();
        calls.add(call);
        return call;
    }

    private static void identify(PartialCall call, String callId, String itemId, @Nullable Integer index) {
        call.id = call.id.isEmpty() ? callId : call.id;
        call.itemId = call.itemId.isEmpty() ? itemId : call.itemId;
        call.index = call.index == null ? index : call.index;
        call.otherIds.add(callId);
        call.otherIds.add(itemId);
    }

    /** Some servers put the id of the call where that of the item belongs, or the other way round. */
    private @Nullable PartialCall byId(JsonNode from) {
        var callId = ProviderJson.text(from, "call_id");
        var itemId = ProviderJson.text(from, from.has("item_id") ? "item_id" : "id");
        var call =
                itemId.isEmpty() ? null : first(each -> each.otherIds.contains(itemId) && !conflict(each.id, callId));
        return call != null || callId.isEmpty() ? call : first(each -> each.otherIds.contains(callId));
    }

    /** Whether an item is another call than one with its id: some servers give all calls the same. */
    private static boolean isOtherCall(PartialCall known, JsonNode item, @Nullable Integer index) {
        var itemId = ProviderJson.text(item, "id");
        if (itemId.isEmpty() || known.itemId.isEmpty() || known.otherIds.contains(itemId)) {
            return conflict(known.name, ToolCallFragment.name(item));
        }
        return conflict(known.name, ToolCallFragment.name(item))
                || (index != null && known.index != null && !index.equals(known.index))
                || (known.finished && !known.hasArguments(argumentsText(item)));
    }

    private @Nullable PartialCall byIndex(@Nullable Integer index, String callId) {
        return index == null ? null : first(call -> index.equals(call.index) && !conflict(call.id, callId));
    }

    private @Nullable PartialCall first(Predicate<PartialCall> condition) {
        return calls.stream().filter(condition).findFirst().orElse(null);
    }

    private static boolean conflict(String first, String second) {
        return !first.isEmpty() && !second.isEmpty() && !first.equals(second);
    }

    /** Whether there is a call of which only the name was received. */
    boolean hasCallWithoutArguments() {
        return calls.stream().anyMatch(call -> !call.isEmpty() && waits(call));
    }

    boolean isEmpty() {
        return calls.isEmpty();
    }

    List<ToolCall> toolCalls(Function<JsonNode, ProviderData> providerData) {
        return calls.stream()
                .filter(call -> !call.isEmpty() && !isRepeated(call))
                .map(call -> call.toToolCall(providerData))
                .toList();
    }

    /** Whether a call is arguments only, which another call has too: an event that could not be matched with its item. */
    private boolean isRepeated(PartialCall call) {
        return call.name.isEmpty()
                && calls.stream().anyMatch(other -> !other.name.isEmpty() && other.hasArgumentsOf(call));
    }
}
