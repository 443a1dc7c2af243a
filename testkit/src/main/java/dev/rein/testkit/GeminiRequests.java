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

/** Reads requests for Gemini's generated content. */
final class GeminiRequests {
    private final List<Message> messages = new ArrayList<>();

    private GeminiRequests() {}

    static ModelRequest read(JsonNode body) {
        var reader = new GeminiRequests();
        for (var part : body.path("systemInstruction").path("parts")) {
            reader.messages.add(Message.system(part.path("text").asText()));
        }
        for (var content : body.path("contents")) {
            if (content.path("role").asText().equals("model")) {
                reader.model(content.path("parts"));
            } else {
                reader.user(content.path("parts"));
            }
        }
        var tools = new ArrayList<ToolDefinition>();
        for (var tool : body.path("tools")) {
            for (var function : tool.path("functionDeclarations")) {
                tools.add(new ToolDefinition(
                        function.path("name").asText(),
                        function.path("description").asText(""),
                        function.path("parametersJsonSchema")));
            }
        }
        var schema = body.at("/generationConfig/responseJsonSchema");
        return new ModelRequest(
                reader.messages, tools, schema.isObject() ? new OutputSchema("", schema) : null, settings(body));
    }

    /** A message for each text, the last one with the calls. */
    private void model(JsonNode parts) {
        var calls = new ArrayList<ToolCall>();
        for (var part : parts) {
            if (part.has("functionCall")) {
                var call = part.get("functionCall");
                calls.add(new ToolCall(
                        call.path("id").asText(""),
                        call.path("name").asText(""),
                        FixtureJson.write(call.path("args"))));
            } else if (part.has("text") && !part.path("thought").asBoolean(false)) {
                messages.add(Message.assistant(part.get("text").asText()));
            }
        }
        if (!calls.isEmpty()) {
            messages.add(Message.assistant("", null, calls));
        }
    }

    /** The results, and a user's message for each text, with the images that come before it. */
    private void user(JsonNode parts) {
        var images = new ArrayList<Image>();
        for (var part : parts) {
            if (part.has("functionResponse")) {
                messages.add(result(part.get("functionResponse")));
            } else if (part.has("inlineData")) {
                var data = part.get("inlineData");
                images.add(new Image("data:" + data.path("mimeType").asText() + ";base64,"
                        + data.path("data").asText()));
            } else if (part.has("fileData")) {
                images.add(new Image(part.at("/fileData/fileUri").asText()));
            } else if (part.has("text")) {
                messages.add(Message.user(part.get("text").asText(), images));
                images.clear();
            }
        }
        if (!images.isEmpty()) {
            messages.add(Message.user("", images));
        }
    }

    private static Message result(JsonNode result) {
        var error = result.path("response").path("error");
        return new Message(
                Role.TOOL,
                error.isMissingNode() ? result.at("/response/output").asText() : error.asText(),
                List.of(),
                List.of(),
                result.path("id").asText(null),
                result.path("name").asText(null),
                !error.isMissingNode(),
                null,
                false);
    }

    private static ModelSettings settings(JsonNode body) {
        var settings = ModelSettings.builder();
        var config = body.path("generationConfig");
        if (config.has("temperature")) {
            settings.temperature(config.get("temperature").asDouble());
        }
        if (config.has("topP")) {
            settings.topP(config.get("topP").asDouble());
        }
        if (config.has("maxOutputTokens")) {
            settings.maxOutputTokens(config.get("maxOutputTokens").asInt());
        }
        if (config.has("seed")) {
            settings.seed(config.get("seed").asLong());
        }
        if (config.path("stopSequences").isArray()) {
            settings.stop(FixtureJson.texts(config.get("stopSequences")));
        }
        var level = config.at("/thinkingConfig/thinkingLevel");
        if (level.isTextual()) {
            settings.reasoningEffort(level.asText());
        }
        var choice = choice(body.at("/toolConfig/functionCallingConfig"));
        if (choice != null) {
            settings.toolChoice(choice);
        }
        return settings.build();
    }

    private static @Nullable ToolChoice choice(JsonNode config) {
        return switch (config.path("mode").asText("")) {
            case "AUTO" -> ToolChoice.AUTO;
            case "NONE" -> ToolChoice.NONE;
            case "ANY" ->
                config.has("allowedFunctionNames")
                        ? ToolChoice.of(
                                config.path("allowedFunctionNames").path(0).asText())
                        : ToolChoice.REQUIRED;
            default -> null;
        };
    }
}
