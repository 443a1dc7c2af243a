package dev.rein.openai.internal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.http.ProviderJson;
import dev.rein.model.Message;
import dev.rein.model.ModelException;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelSettings;
import dev.rein.model.OutputSchema;
import dev.rein.model.ProviderData;
import dev.rein.model.ToolDefinition;
import dev.rein.openai.StructuredOutput;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Maps requests to the responses API. Each request contains the whole conversation. */
final class ResponsesRequestMapper {

    private final RequestSettings settings;

    ResponsesRequestMapper(RequestSettings settings) {
        this.settings = settings;
    }

    ObjectNode map(ModelRequest request) {
        var body = ProviderJson.mapper().createObjectNode();
        body.put("model", settings.model()).put("stream", true);
        // Responses in the background have to be stored.
        body.put("store", settings.background());
        if (settings.background()) {
            body.put("background", true);
        }
        var input = body.putArray("input");
        request.messages().forEach(message -> add(message, input));
        var set = request.settings().orElse(settings.defaults());
        addSettings(set, body);
        addReasoning(set.reasoningEffort(), body);
        if (!request.tools().isEmpty()) {
            var tools = body.putArray("tools");
            request.tools().forEach(tool -> add(tool, tools));
            addToolSettings(set, body);
        }
        var schema = request.outputSchema();
        if (schema != null) {
            body.putObject("text").set("format", format(schema));
        }
        settings.complete(body, set);
        return body;
    }

    /** The API has no seed. */
    private void addSettings(ModelSettings set, ObjectNode body) {
        if (set.stop() != null) {
            throw new ModelException(
                    ModelException.Kind.BAD_REQUEST,
                    "The responses API has no stop sequences, but stop is set to " + set.stop()
                            + ": remove it, or use OpenAIChat");
        }
        if (set.temperature() != null) {
            body.put("temperature", set.temperature());
        }
        if (set.topP() != null) {
            body.put("top_p", set.topP());
        }
        if (set.maxOutputTokens() != null) {
            body.put("max_output_tokens", set.maxOutputTokens());
        }
        if (settings.encryptedReasoning()) {
            body.putArray("include").add("reasoning.encrypted_content");
        }
    }

    /** The API refuses these settings in requests without tools. */
    private static void addToolSettings(ModelSettings set, ObjectNode body) {
        var choice = set.toolChoice();
        if (choice != null && choice.tool() != null) {
            body.putObject("tool_choice").put("type", "function").put("name", choice.tool());
        } else if (choice != null) {
            body.put("tool_choice", choice.mode().name().toLowerCase(Locale.ROOT));
        }
        if (set.parallelToolCalls() != null) {
            body.put("parallel_tool_calls", set.parallelToolCalls());
        }
    }

    private void addReasoning(@Nullable String effort, ObjectNode body) {
        if (effort == null && settings.reasoningSummary() == null) {
            return;
        }
        var reasoning = body.putObject("reasoning");
        if (effort != null) {
            reasoning.put("effort", effort);
        }
        if (settings.reasoningSummary() != null) {
            reasoning.put("summary", settings.reasoningSummary());
        }
    }

    private static void add(Message message, ArrayNode input) {
        switch (message.role()) {
            case SYSTEM -> addMessage("system", message.content(), input);
            case USER -> addUser(message, input);
            case ASSISTANT -> addAssistant(message, input);
            case TOOL ->
                input.addObject()
                        .put("type", "function_call_output")
                        .put("call_id", message.toolCallId() != null ? message.toolCallId() : "")
                        .put("output", message.content());
        }
    }

    private static void addMessage(String role, String content, ArrayNode input) {
        input.addObject().put("type", "message").put("role", role).put("content", content);
    }

    private static void addUser(Message message, ArrayNode input) {
        if (!message.hasMedia()) {
            addMessage("user", message.content(), input);
            return;
        }
        var parts = input.addObject().put("type", "message").put("role", "user").putArray("content");
        if (!message.content().isEmpty()) {
            parts.addObject().put("type", "input_text").put("text", message.content());
        }
        for (var image : message.images()) {
            parts.addObject().put("type", "input_image").put("detail", "auto").put("image_url", image.url());
        }
        for (var file : message.files()) {
            parts.addObject()
                    .put("type", "input_file")
                    .put("filename", file.name())
                    .put("file_data", file.dataUrl());
        }
    }

    private static void addAssistant(Message message, ArrayNode input) {
        addReasoningItems(message.providerData(), input);
        if (!message.content().isEmpty() || message.toolCalls().isEmpty()) {
            addMessage("assistant", message.content(), input);
        }
        for (var call : message.toolCalls()) {
            addReasoningItems(call.providerData(), input);
            input.addObject()
                    .put("type", "function_call")
                    .put("call_id", call.id())
                    .put("name", call.name())
                    .put("arguments", ProviderJson.argumentsObject(call.arguments()));
        }
    }

    private static void addReasoningItems(@Nullable ProviderData data, ArrayNode input) {
        if (data != null) {
            data.data().path("reasoning_items").forEach(input::add);
        }
    }

    private static void add(ToolDefinition tool, ArrayNode tools) {
        tools.addObject()
                .put("type", "function")
                .put("name", tool.name())
                .put("description", tool.description())
                // The default is true, but most tools have optional parameters.
                .put("strict", false)
                .set("parameters", tool.parameters());
    }

    private ObjectNode format(OutputSchema schema) {
        if (settings.server().structuredOutput() == StructuredOutput.OBJECT) {
            return ProviderJson.mapper().createObjectNode().put("type", "json_object");
        }
        var format = ProviderJson.mapper().createObjectNode();
        format.put("type", "json_schema")
                .put("name", schema.name())
                .put("strict", StrictSchema.supports(schema.schema()))
                .set("schema", schema.schema());
        return format;
    }
}
