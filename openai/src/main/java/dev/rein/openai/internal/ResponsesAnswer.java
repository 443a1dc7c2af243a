package dev.rein.openai.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelResponse;
import dev.rein.model.Usage;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The events of a response. Their list is OpenAI's; those that bring nothing to a run are passed over. */
final class ResponsesAnswer implements Answer {

    private static final JsonProjection WANTED = JsonProjection.of(
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

    private final ModelCall call;
    private final Consumer<String> created;
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final ToolCalls toolCalls = new ToolCalls();
    private @Nullable Usage usage;
    private @Nullable String finishReason;

    /** @param created is told the response's id, once it is known */
    ResponsesAnswer(ModelCall call, Consumer<String> created) {
        this.call = call;
        this.created = created;
    }

    @Override
    public JsonProjection wanted() {
        return WANTED;
    }

    @Override
    public Optional<JsonNode> error(JsonNode event) {
        return switch (ProviderJson.text(event, "type")) {
            case "error" -> Answer.super.error(event).or(() -> Optional.of(event));
            case "response.failed", "response.cancelled" ->
                Answer.super.error(event).or(() -> Optional.of(cause(event.path("response"))));
            default -> Answer.super.error(event);
        };
    }

    @Override
    public void accept(JsonNode event) {
        switch (ProviderJson.text(event, "type")) {
            case "response.created" -> created.accept(ProviderJson.text(event.path("response"), "id"));
            case "response.output_text.delta", "response.refusal.delta" -> say(ProviderJson.text(event, "delta"));
            case "response.reasoning_summary_text.delta", "response.reasoning_text.delta" ->
                reason(ProviderJson.text(event, "delta"));
            case "response.reasoning_summary_part.added" -> separateSummaries();
            case "response.output_item.added" -> add(event);
            case "response.function_call_arguments.delta" ->
                call.progress(toolCalls.add(index(event), "", "", ProviderJson.text(event, "delta")));
            case "response.output_item.done" -> finish(event);
            case "response.completed" -> end(event.path("response"), "completed");
            case "response.incomplete" ->
                end(
                        event.path("response"),
                        event.path("response")
                                .path("incomplete_details")
                                .path("reason")
                                .asText("incomplete"));
            default -> {}
        }
    }

    private void say(String delta) {
        if (!delta.isEmpty()) {
            text.append(delta);
            call.text(delta);
        }
    }

    private void reason(String delta) {
        if (!delta.isEmpty()) {
            reasoning.append(delta);
            call.reasoning(delta);
        }
    }

    private void separateSummaries() {
        if (!reasoning.isEmpty()) {
            reason("\n\n");
        }
    }

    private static int index(JsonNode event) {
        return event.path("output_index").asInt(0);
    }

    private void add(JsonNode event) {
        var item = event.path("item");
        if (ProviderJson.text(item, "type").equals("function_call")) {
            // The item's id is another one: the result must name call_id.
            call.progress(toolCalls.add(
                    index(event), ProviderJson.text(item, "call_id"), ProviderJson.text(item, "name"), ""));
        }
    }

    private void finish(JsonNode event) {
        var item = event.path("item");
        if (ProviderJson.text(item, "type").equals("function_call")) {
            toolCalls.finish(
                    index(event),
                    ProviderJson.text(item, "call_id"),
                    ProviderJson.text(item, "name"),
                    ProviderJson.text(item, "arguments"));
        }
    }

    private void end(JsonNode response, String reason) {
        finishReason = reason;
        var counted = response.path("usage");
        if (counted.isObject()) {
            usage = new Usage(
                    counted.path("input_tokens").asLong(),
                    counted.path("output_tokens").asLong(),
                    counted.path("output_tokens_details")
                            .path("reasoning_tokens")
                            .asLong(),
                    counted.path("input_tokens_details").path("cached_tokens").asLong());
            call.usage(usage);
        }
    }

    private static JsonNode cause(JsonNode response) {
        var error = response.path("error");
        return error.isObject() ? error : response;
    }

    @Override
    public boolean isComplete() {
        return finishReason != null;
    }

    @Override
    public boolean isOver() {
        return isComplete();
    }

    @Override
    public ModelResponse response() {
        return new ModelResponse(
                text.toString(),
                reasoning.isEmpty() ? null : reasoning.toString(),
                toolCalls.finished(),
                usage,
                finishReason);
    }
}
