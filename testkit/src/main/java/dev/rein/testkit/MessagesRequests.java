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

/** Reads requests of Anthropic's messages. */
final class MessagesRequests {
    private final List<Message> messages = new ArrayList<>();

    private MessagesRequests() {}

    static ModelRequest read(JsonNode body) {
        var reader = new MessagesRequests();
        var system = text(body.path("system"));
        if (!system.isEmpty()) {
            reader.messages.add(Message.system(system));
        }
        for (var message : body.path("messages")) {
            if (message.path("role").asText().equals("assistant")) {
                reader.assistant(message.path("content"));
            } else {
                reader.user(message.path("content"));
            }
        }
        var tools = new ArrayList<ToolDefinition>();
        for (var tool : body.path("tools")) {
            tools.add(new ToolDefinition(
                    tool.path("name").asText(), tool.path("description").asText(""), tool.path("input_schema")));
        }
        var format = body.path("output_config").path("format");
        return new ModelRequest(
                reader.messages,
                tools,
                format.has("schema") ? new OutputSchema("", format.get("schema")) : null,
                settings(body));
    }

    private void assistant(JsonNode content) {
        var calls = new ArrayList<ToolCall>();
        for (var block : content) {
            if (block.path("type").asText().equals("tool_use")) {
                calls.add(new ToolCall(
                        block.path("id").asText(),
                        block.path("name").asText(),
                        FixtureJson.write(block.path("input"))));
            }
        }
        messages.add(Message.assistant(text(content), null, calls));
    }

    /** The results, and a user's message for each text, with the images that come before it. */
    private void user(JsonNode content) {
        if (content.isTextual()) {
            messages.add(Message.user(content.asText()));
        }
        var images = new ArrayList<Image>();
        for (var block : content) {
            switch (block.path("type").asText()) {
                case "tool_result" ->
                    messages.add(new Message(
                            Role.TOOL,
                            text(block.path("content")),
                            List.of(),
                            List.of(),
                            block.path("tool_use_id").asText(),
                            null,
                            block.path("is_error").asBoolean(false),
                            null,
                            false));
                case "image" -> images.add(image(block.path("source")));
                case "text" -> {
                    messages.add(Message.user(block.path("text").asText(), images));
                    images.clear();
                }
                default -> {}
            }
        }
        if (!images.isEmpty()) {
            messages.add(Message.user("", images));
        }
    }

    private static Image image(JsonNode source) {
        return new Image(
                source.path("type").asText().equals("url")
                        ? source.path("url").asText()
                        : "data:" + source.path("media_type").asText() + ";base64,"
                                + source.path("data").asText());
    }

    private static String text(JsonNode content) {
        if (content.isTextual()) {
            return content.asText();
        }
        var text = new StringBuilder();
        for (var block : content) {
            if (block.path("type").asText().equals("text")) {
                text.append(block.path("text").asText());
            }
        }
        return text.toString();
    }

    private static ModelSettings settings(JsonNode body) {
        var settings = ModelSettings.builder();
        if (body.has("temperature")) {
            settings.temperature(body.get("temperature").asDouble());
        }
        if (body.has("top_p")) {
            settings.topP(body.get("top_p").asDouble());
        }
        if (body.has("max_tokens")) {
            settings.maxOutputTokens(body.get("max_tokens").asInt());
        }
        if (body.path("stop_sequences").isArray()) {
            settings.stop(FixtureJson.texts(body.get("stop_sequences")));
        }
        var effort = body.path("output_config").path("effort");
        if (effort.isTextual()) {
            settings.reasoningEffort(effort.asText());
        }
        var choice = body.path("tool_choice");
        if (choice.has("disable_parallel_tool_use")) {
            settings.parallelToolCalls(!choice.get("disable_parallel_tool_use").asBoolean());
        }
        var chosen = choice(choice);
        if (chosen != null) {
            settings.toolChoice(chosen);
        }
        return settings.build();
    }

    private static @Nullable ToolChoice choice(JsonNode choice) {
        return switch (choice.path("type").asText("")) {
            case "auto" -> ToolChoice.AUTO;
            case "none" -> ToolChoice.NONE;
            case "any" -> ToolChoice.REQUIRED;
            case "tool" -> ToolChoice.of(choice.path("name").asText());
            default -> null;
        };
    }
}
