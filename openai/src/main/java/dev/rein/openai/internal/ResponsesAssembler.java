package dev.rein.openai.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.ModelCall;
import java.util.Optional;
import java.util.function.Consumer;

/** Assembles a response from the events of the responses API. Events that do not contribute to it are ignored. */
final class ResponsesAssembler extends ResponseAssembler {

    private static final JsonProjection NEEDED_FIELDS = JsonProjection.of(
            "error",
            "type",
            "delta",
            "output_index",
            "item.type",
            "item.call_id",
            "item.name",
            "item.arguments",
            "response.id",
            "response.error",
            "response.incomplete_details.reason",
            "response.usage");

    private final Consumer<String> onCreated;

    /** @param onCreated receives the response's id as soon as it is known */
    ResponsesAssembler(ModelCall call, Consumer<String> onCreated) {
        super(call);
        this.onCreated = onCreated;
    }

    @Override
    JsonProjection neededFields() {
        return NEEDED_FIELDS;
    }

    @Override
    Optional<JsonNode> error(JsonNode event) {
        return switch (ProviderJson.text(event, "type")) {
            case "error" -> super.error(event).or(() -> Optional.of(event));
            case "response.failed", "response.cancelled" ->
                super.error(event).or(() -> Optional.of(cause(event.path("response"))));
            default -> super.error(event);
        };
    }

    @Override
    void accept(JsonNode event) {
        switch (ProviderJson.text(event, "type")) {
            case "response.created" -> onCreated.accept(ProviderJson.text(event.path("response"), "id"));
            case "response.output_text.delta", "response.refusal.delta" -> addText(ProviderJson.text(event, "delta"));
            case "response.reasoning_summary_text.delta", "response.reasoning_text.delta" ->
                addReasoning(ProviderJson.text(event, "delta"));
            case "response.reasoning_summary_part.added" -> separateSummaries();
            case "response.output_item.added" -> beginToolCall(event);
            case "response.function_call_arguments.delta" ->
                addToolCallFragment(index(event), "", "", ProviderJson.text(event, "delta"));
            case "response.output_item.done" -> finishToolCall(event);
            case "response.completed" -> finish(event.path("response"), "completed");
            case "response.incomplete" ->
                finish(
                        event.path("response"),
                        event.path("response")
                                .path("incomplete_details")
                                .path("reason")
                                .asText("incomplete"));
            default -> {}
        }
    }

    private void separateSummaries() {
        if (hasReasoning()) {
            addReasoning("\n\n");
        }
    }

    private static int index(JsonNode event) {
        return event.path("output_index").asInt(0);
    }

    private void beginToolCall(JsonNode event) {
        var item = event.path("item");
        if (ProviderJson.text(item, "type").equals("function_call")) {
            // Not the item's own id: the result refers to call_id.
            addToolCallFragment(index(event), ProviderJson.text(item, "call_id"), ProviderJson.text(item, "name"), "");
        }
    }

    private void finishToolCall(JsonNode event) {
        var item = event.path("item");
        if (ProviderJson.text(item, "type").equals("function_call")) {
            toolCalls()
                    .finish(
                            index(event),
                            ProviderJson.text(item, "call_id"),
                            ProviderJson.text(item, "name"),
                            ProviderJson.text(item, "arguments"));
        }
    }

    private void finish(JsonNode response, String reason) {
        finish(reason);
        addUsage(response.path("usage"), "input_tokens", "output_tokens");
    }

    private static JsonNode cause(JsonNode response) {
        var error = response.path("error");
        return error.isObject() ? error : response;
    }

    @Override
    boolean ignoresRest() {
        return isComplete();
    }
}
