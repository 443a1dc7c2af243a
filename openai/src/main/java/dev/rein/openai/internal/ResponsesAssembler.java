package dev.rein.openai.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.http.JsonProjection;
import dev.rein.http.ProviderError;
import dev.rein.http.ProviderJson;
import dev.rein.model.ModelCall;
import dev.rein.model.ToolCall;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Assembles a response from the events of the responses API, or from a response that is not streamed. Events that do not contribute to it
 * are ignored. Parts that come only as a whole, at their end or at that of the response, are delivered then.
 */
final class ResponsesAssembler extends ResponseAssembler {

    private static final JsonProjection NEEDED_FIELDS = JsonProjection.of(ProviderError.fieldsAnd(
            "type",
            "delta",
            "text",
            "refusal",
            "name",
            "arguments",
            "args",
            "input",
            "parameters",
            "call_id",
            "item_id",
            "output_index",
            "sequence_number",
            "item",
            "part",
            "response.id",
            "response.status",
            "response.error",
            "response.incomplete_details",
            "response.output",
            "response.usage",
            // Of a response that is not streamed.
            "id",
            "object",
            "status",
            "incomplete_details",
            "output",
            "usage"));

    private static final Set<String> FAILED = Set.of("failed", "cancelled");

    private final Consumer<String> onCreated;
    private final OutputCallAssembler calls;
    private final PartTracker texts = new PartTracker(received().soFar(), this::addText);
    private final PartTracker thoughts = new PartTracker(reasoning(), this::addReasoning);
    private final ArrayNode reasoningItems = ProviderJson.mapper().createArrayNode();

    /** Reasoning behind a call, which belongs to the call after it. */
    private final ArrayNode laterReasoningItems = ProviderJson.mapper().createArrayNode();

    /** Whether an item was cut off, whatever the response says of itself. */
    private boolean hasIncompleteItem;

    private JsonNode latest = MissingNode.getInstance();

    /** @param onCreated receives the response's id as soon as it is known */
    ResponsesAssembler(ModelCall call, RequestSettings settings, Consumer<String> onCreated) {
        super(call, settings);
        this.onCreated = onCreated;
        calls = new OutputCallAssembler(call::progress);
    }

    @Override
    public JsonProjection neededFields() {
        return NEEDED_FIELDS;
    }

    @Override
    Optional<JsonNode> error(JsonNode event) {
        var type = ProviderJson.text(event, "type");
        var response = event.path("response");
        if (type.equals("error") || type.equals("response.error")) {
            return super.error(event).or(() -> Optional.of(event));
        }
        if (type.equals("response.failed") || type.equals("response.cancelled")) {
            return super.error(event).or(() -> Optional.of(isError(response) ? response.path("error") : response));
        }
        if (isError(response)) {
            return Optional.of(response.path("error"));
        }
        var whole = response.isObject() ? response : event;
        if (FAILED.contains(ProviderJson.text(whole, "status")) && (response.isObject() || event.has("output"))) {
            return super.error(event).or(() -> Optional.of(whole));
        }
        return type.startsWith("response.") && !event.hasNonNull("error") ? Optional.empty() : super.error(event);
    }

    private static boolean isError(JsonNode response) {
        return response.path("error").hasNonNull("message")
                || response.path("error").hasNonNull("code");
    }

    @Override
    void accept(JsonNode event) {
        if (isRepeated(event)) {
            return;
        }
        var response = event.path("response");
        if (response.isObject()) {
            onCreated.accept(ProviderJson.text(response, "id"));
        }
        switch (ProviderJson.text(event, "type")) {
            case "response.output_text.delta", "response.refusal.delta" ->
                addText(ContentReader.text(event.path("delta")));
            case "response.output_text.done" -> texts.end(ContentReader.text(event.path("text")));
            case "response.refusal.done" -> texts.end(ProviderJson.text(event, "refusal"));
            case "response.content_part.added" -> texts.begin();
            case "response.content_part.done" -> endPart(event.path("part"));
            case "response.reasoning_summary_text.delta",
                    "response.reasoning_summary.delta",
                    "response.reasoning_text.delta",
                    "response.reasoning.delta" -> addReasoning(ContentReader.reasoning(event.path("delta")));
            case "response.reasoning_summary_text.done",
                    "response.reasoning_summary.done",
                    "response.reasoning_text.done",
                    "response.reasoning.done" -> thoughts.end(ContentReader.reasoning(event.path("text")));
            case "response.reasoning_summary_part.added" -> beginSummary();
            case "response.output_item.added" -> beginItem(event);
            case "response.output_item.done" -> endItem(event);
            case "response.function_call_arguments.delta" -> calls.addArguments(event);
            case "response.function_call_arguments.done" -> calls.finishArguments(event);
            case "response.completed", "response.incomplete", "response.done" ->
                end(response.isObject() ? response : event, event);
            case "" -> {
                if (event.path("output").isArray()) {
                    end(event, event);
                }
            }
            default -> {}
        }
    }

    /** Events are numbered. One that a proxy sends twice must not double the text. */
    private boolean isRepeated(JsonNode event) {
        var isRepeated = event.path("sequence_number").asInt() > 0 && event.equals(latest);
        latest = event;
        return isRepeated;
    }

    private void endPart(JsonNode part) {
        switch (ProviderJson.text(part, "type")) {
            case "reasoning_text", "summary_text" -> thoughts.end(ContentReader.reasoning(part));
            default -> texts.end(ContentReader.text(part));
        }
    }

    private void beginSummary() {
        if (!reasoning().isEmpty()) {
            addReasoning("\n\n");
        }
        thoughts.begin();
    }

    private void beginItem(JsonNode event) {
        var item = event.path("item");
        if (OutputCallAssembler.isCall(item)) {
            addReasoningItems(calls.begin(item, ToolCallFragment.index(event.path("output_index"))));
        } else {
            texts.begin();
            thoughts.begin();
        }
    }

    private void endItem(JsonNode event) {
        var item = event.path("item");
        hasIncompleteItem |= OutputItems.isIncomplete(item);
        if (OutputCallAssembler.isCall(item)) {
            addReasoningItems(calls.finish(item, ToolCallFragment.index(event.path("output_index"))));
        } else if (OutputItems.isMessage(item)) {
            texts.end(OutputItems.text(item));
        } else if (OutputItems.isReasoning(item)) {
            thoughts.end(OutputItems.reasoning(item));
            if (OutputItems.isReturnable(item)) {
                (calls.isEmpty() ? reasoningItems : laterReasoningItems).add(item);
            }
        }
    }

    private void addReasoningItems(PartialCall call) {
        if (!laterReasoningItems.isEmpty()) {
            call.addProviderMember("reasoning_items", laterReasoningItems.deepCopy());
            laterReasoningItems.removeAll();
        }
    }

    /** Ends the response; its output contains all items again, and in some servers only there. */
    private void end(JsonNode response, JsonNode event) {
        var output = response.path("output");
        var text = new StringBuilder();
        var thought = new StringBuilder();
        var returnable = ProviderJson.mapper().createArrayNode();
        for (var item : output) {
            hasIncompleteItem |= OutputItems.isIncomplete(item);
            if (OutputItems.isMessage(item)) {
                text.append(OutputItems.text(item));
            } else if (OutputItems.isReasoning(item)) {
                thought.append(thought.isEmpty() ? "" : "\n\n").append(OutputItems.reasoning(item));
                if (OutputItems.isReturnable(item)) {
                    returnable.add(item);
                }
            }
        }
        if (reasoning().isEmpty()) {
            addReasoning(thought.toString());
        }
        texts.endAll(text.toString());
        calls.finish(OutputItems.calls(output));
        if (reasoningItems.isEmpty() && laterReasoningItems.isEmpty()) {
            reasoningItems.addAll(returnable);
        }
        addUsage(UsageReader.read(response.path("usage")));
        var reason = response.path("incomplete_details").path("reason");
        var incomplete = hasIncompleteItem
                || ProviderJson.text(event, "type").equals("response.incomplete")
                || ProviderJson.text(response, "status").equals("incomplete");
        if (incomplete) {
            finish(reason.isTextual() ? reason.textValue() : "incomplete");
        } else if (isEnded(ProviderJson.text(response, "status"))) {
            finish("completed");
        }
    }

    /** False for a response that is not streamed and continues in the background. */
    private static boolean isEnded(String status) {
        return !status.equals("queued") && !status.equals("in_progress");
    }

    @Override
    JsonNode typed(String name, JsonNode event) {
        if (!name.isEmpty() && event instanceof ObjectNode object && !event.has("type")) {
            object.put("type", name);
        }
        return event;
    }

    @Override
    boolean hasCallWithoutArguments() {
        return calls.hasCallWithoutArguments();
    }

    @Override
    List<ToolCall> toolCalls() {
        return calls.toolCalls(this::providerData);
    }

    @Override
    void addProviderMembers(ObjectNode members) {
        reasoningItems.addAll(laterReasoningItems);
        if (!reasoningItems.isEmpty()) {
            members.set("reasoning_items", reasoningItems);
        }
    }

    @Override
    public boolean ignoresRest() {
        return isComplete();
    }
}
