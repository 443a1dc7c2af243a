package dev.rein.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.Image;
import dev.rein.model.Message;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelSettings;
import dev.rein.model.OutputSchema;
import dev.rein.model.Role;
import dev.rein.model.ToolCall;
import dev.rein.model.ToolChoice;
import dev.rein.model.ToolDefinition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads requests of OpenAI's two APIs. */
final class OpenAiRequests {
    private OpenAiRequests() {}

    static ModelRequest chat(JsonNode body) {
        var messages = new ArrayList<Message>();
        for (var message : body.path("messages")) {
            var calls = new ArrayList<ToolCall>();
            for (var call : message.path("tool_calls")) {
                calls.add(call(call.path("id"), call.path("function")));
            }
            messages.add(message(message, calls, message.path("tool_call_id").asText(null)));
        }
        var tools = new ArrayList<ToolDefinition>();
        for (var tool : body.path("tools")) {
            tools.add(tool(tool.path("function")));
        }
        var limit = body.has("max_completion_tokens") ? "max_completion_tokens" : "max_tokens";
        return new ModelRequest(
                messages,
                tools,
                schema(body.path("response_format").path("json_schema")),
                settings(
                        body,
                        limit,
                        body.path("reasoning_effort"),
                        body.path("tool_choice").path("function")));
    }

    static ModelRequest responses(JsonNode body) {
        var messages = new ArrayList<Message>();
        if (body.path("instructions").isTextual()) {
            messages.add(Message.system(body.path("instructions").asText()));
        }
        for (var item : body.path("input")) {
            switch (item.path("type").asText("message")) {
                case "message" -> messages.add(message(item, List.of(), null));
                case "function_call" -> addCall(call(item.path("call_id"), item), messages);
                case "function_call_output" ->
                    messages.add(new Message(
                            Role.TOOL,
                            item.path("output").asText(),
                            List.of(),
                            List.of(),
                            item.path("call_id").asText(),
                            null,
                            false,
                            null,
                            false));
                default -> {}
            }
        }
        var tools = new ArrayList<ToolDefinition>();
        for (var tool : body.path("tools")) {
            tools.add(tool(tool));
        }
        return new ModelRequest(
                messages,
                tools,
                schema(body.path("text").path("format")),
                settings(body, "max_output_tokens", body.path("reasoning").path("effort"), body.path("tool_choice")));
    }

    /** Adds a call to the assistant's message before it, or to a new one. */
    private static void addCall(ToolCall call, List<Message> messages) {
        if (messages.isEmpty() || messages.getLast().role() != Role.ASSISTANT) {
            messages.add(Message.assistant("", null, List.of(call)));
            return;
        }
        var before = messages.removeLast();
        var calls = new ArrayList<>(before.toolCalls());
        calls.add(call);
        messages.add(before.withCalls(calls, null));
    }

    private static Message message(JsonNode message, List<ToolCall> calls, @Nullable String callId) {
        var role = switch (message.path("role").asText()) {
            case "system", "developer" -> Role.SYSTEM;
            case "assistant" -> Role.ASSISTANT;
            case "tool" -> Role.TOOL;
            default -> Role.USER;
        };
        var content = message.path("content");
        if (!content.isArray()) {
            return new Message(role, content.asText(""), List.of(), calls, callId, null, false, null, false);
        }
        var text = new StringBuilder();
        var images = new ArrayList<Image>();
        for (var part : content) {
            switch (part.path("type").asText()) {
                case "image_url" ->
                    images.add(new Image(part.path("image_url").path("url").asText()));
                case "input_image" ->
                    images.add(new Image(part.path("image_url").asText()));
                default -> text.append(part.path("text").asText(""));
            }
        }
        return new Message(role, text.toString(), images, calls, callId, null, false, null, false);
    }

    private static ToolCall call(JsonNode id, JsonNode function) {
        return new ToolCall(
                id.asText(""),
                function.path("name").asText(""),
                function.path("arguments").asText(""));
    }

    private static ToolDefinition tool(JsonNode function) {
        return new ToolDefinition(
                function.path("name").asText(), function.path("description").asText(""), function.path("parameters"));
    }

    private static @Nullable OutputSchema schema(JsonNode format) {
        return format.path("schema").isObject()
                ? new OutputSchema(format.path("name").asText(""), format.get("schema"))
                : null;
    }

    private static ModelSettings settings(JsonNode body, String limit, JsonNode effort, JsonNode chosen) {
        var settings = ModelSettings.builder();
        if (body.has("temperature")) {
            settings.temperature(body.get("temperature").asDouble());
        }
        if (body.has("top_p")) {
            settings.topP(body.get("top_p").asDouble());
        }
        if (body.hasNonNull(limit)) {
            settings.maxOutputTokens(body.get(limit).asInt());
        }
        if (body.has("seed")) {
            settings.seed(body.get("seed").asLong());
        }
        if (body.path("stop").isArray()) {
            settings.stop(FixtureJson.texts(body.get("stop")));
        }
        if (body.has("parallel_tool_calls")) {
            settings.parallelToolCalls(body.get("parallel_tool_calls").asBoolean());
        }
        if (effort.isTextual()) {
            settings.reasoningEffort(effort.asText());
        }
        if (chosen.path("name").isTextual()) {
            settings.toolChoice(ToolChoice.of(chosen.get("name").asText()));
        } else if (body.path("tool_choice").isTextual()) {
            settings.toolChoice(
                    switch (body.get("tool_choice").asText()) {
                        case "none" -> ToolChoice.NONE;
                        case "required" -> ToolChoice.REQUIRED;
                        default -> ToolChoice.AUTO;
                    });
        }
        return settings.build();
    }
}
