package dev.rein.openai.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.http.ProviderJson;
import dev.rein.model.ProviderData;
import dev.rein.model.ToolCall;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A tool call of which some fragments may be missing. Confined to one thread. */
final class PartialCall {

    private static final String NO_ARGUMENTS = "{}";

    /** The id that results refer to; empty if the server has sent none. */
    String id = "";

    /** The id of the item in the responses API; empty if the server has sent none. */
    String itemId = "";

    /** All ids that the server has used for the call. */
    final Set<String> otherIds = new HashSet<>();

    /** Whether an event has said that the arguments are complete. */
    boolean finished;

    /** Null if the server has sent none. */
    @Nullable
    Integer index;

    String name = "";

    /** The chunk that began the call. */
    int chunk;

    private final PartialJson arguments = new PartialJson();

    /** Arguments that were sent with the beginning of the call, in case that no others follow. */
    private String initialArguments = "";

    /** A repetition of the whole call while its arguments were incomplete. */
    private @Nullable String repeated;

    private final ObjectNode providerMembers = ProviderJson.mapper().createObjectNode();

    boolean hasArguments() {
        return !arguments.isBlank();
    }

    boolean hasWholeArguments() {
        return arguments.isWhole();
    }

    boolean hasArguments(String expected) {
        return arguments.toString().equals(expected);
    }

    boolean hasArgumentsOf(PartialCall other) {
        return finalArguments().equals(other.finalArguments());
    }

    /** Whether nothing is known that a tool could be called with. */
    boolean isEmpty() {
        return name.isBlank() && !hasArguments() && initialArguments.isBlank();
    }

    /** Whether the arguments are missing altogether, which is different from an empty object. */
    boolean lacksArguments() {
        return !hasArguments() && initialArguments.isBlank();
    }

    /**
     * Adds a fragment of the arguments.
     *
     * @param namedAgain whether the fragment has the call's name although it is not the first one
     * @param identified whether the fragment has the call's id
     */
    void addArguments(String fragment, boolean namedAgain, boolean identified) {
        if ((namedAgain || identified) && hasArguments()) {
            var object = PartialJson.object(fragment);
            if (object != null && arguments.isWhole()) {
                arguments.replace(object);
                return;
            }
            if (object != null && namedAgain) {
                repeated = object;
            }
        }
        arguments.append(fragment);
    }

    void setInitialArguments(String all) {
        initialArguments = all;
    }

    /** Replaces the arguments, unless that would lose them: some servers end a call with empty arguments. */
    void replaceArguments(String all) {
        var nothing = all.isBlank() || all.equals("null");
        var empty = all.strip().equals(NO_ARGUMENTS);
        if (!nothing && !(empty && arguments.isWhole())) {
            arguments.replace(all);
        }
    }

    /** Adds members that the provider wants back with the call. */
    void addProviderMember(String member, JsonNode value) {
        providerMembers.set(member, value);
    }

    ToolCall toToolCall(Function<JsonNode, ProviderData> providerData) {
        var usedId = !id.isBlank() ? id : !itemId.isBlank() ? itemId : "call_" + UUID.randomUUID();
        var data = providerMembers.isEmpty() ? null : providerData.apply(providerMembers);
        return new ToolCall(usedId, name, finalArguments(), data);
    }

    private String finalArguments() {
        var all = hasArguments() ? arguments.toString() : initialArguments;
        if (all.isBlank() || all.strip().equals("null")) {
            return NO_ARGUMENTS;
        }
        var object = PartialJson.object(all);
        if (object != null) {
            return object;
        }
        return repeated != null ? repeated : all;
    }
}
