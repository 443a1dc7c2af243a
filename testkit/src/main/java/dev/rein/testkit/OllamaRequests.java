package dev.rein.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.Image;
import dev.rein.model.Message;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelSettings;
import dev.rein.model.OutputSchema;
import dev.rein.model.Role;
import dev.rein.model.ToolCall;
import dev.rein.model.ToolDefinition;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reads requests of Ollama's chats. */
final class OllamaRequests {
    private static final Set<String> ROLES = Set.of("system", "user", "assistant", "tool");

    private OllamaRequests() {}

    static ModelRequest read(JsonNode body) {
        var messages = new ArrayList<Message>();
        for (var message : body.path("messages")) {
            messages.add(message(message));
        }
        var tools = new ArrayList<ToolDefinition>();
        for (var tool : body.path("tools")) {
            var function = tool.path("function");
            tools.add(new ToolDefinition(
                    function.path("name").asText(),
                    function.path("description").asText(""),
                    function.path("parameters")));
        }
        var format = body.path("format");
        return new ModelRequest(
                messages, tools, format.isObject() ? new OutputSchema("", format) : null, settings(body));
    }

    private static Message message(JsonNode message) {
        var images = new ArrayList<Image>();
        // The type is not transmitted.
        message.path("images").forEach(image -> images.add(new Image("data:image/png;base64," + image.asText())));
        var calls = new ArrayList<ToolCall>();
        for (var call : message.path("tool_calls")) {
            calls.add(new ToolCall(
                    call.path("id").asText(""),
                    call.at("/function/name").asText(""),
                    FixtureJson.write(call.at("/function/arguments"))));
        }
        return new Message(
                Role.valueOf(message.path("role").asText("user").toUpperCase(Locale.ROOT)),
                message.path("content").asText(""),
                images,
                calls,
                message.path("tool_call_id").asText(null),
                message.path("tool_name").asText(null),
                false,
                message.path("thinking").asText(null),
                false);
    }

    private static ModelSettings settings(JsonNode body) {
        var settings = ModelSettings.builder();
        var options = body.path("options");
        if (options.has("temperature")) {
            settings.temperature(options.get("temperature").asDouble());
        }
        if (options.has("top_p")) {
            settings.topP(options.get("top_p").asDouble());
        }
        if (options.has("num_predict")) {
            settings.maxOutputTokens(options.get("num_predict").asInt());
        }
        if (options.has("seed")) {
            settings.seed(options.get("seed").asLong());
        }
        if (options.path("stop").isArray()) {
            settings.stop(FixtureJson.texts(options.get("stop")));
        }
        if (body.path("think").isTextual()) {
            settings.reasoningEffort(body.get("think").asText());
        }
        return settings.build();
    }

    /**
     * What the server's decoder rejects, see https://github.com/ollama/ollama/blob/main/api/types.go, and results that do not follow
     * their calls, which the templates of many models mix up.
     */
    static List<String> violations(JsonNode body) {
        var found = new ArrayList<String>();
        if (body.path("model").asText("").isEmpty()) {
            found.add("model is required");
        }
        var open = new ArrayList<String>();
        for (var i = 0; i < body.path("messages").size(); i++) {
            var message = body.path("messages").get(i);
            var where = "messages[" + i + "] ";
            var role = message.path("role").asText();
            if (!ROLES.contains(role)) {
                found.add(where + "has the role \"" + role + "\": it must be one of " + ROLES);
            }
            if (!message.path("content").isTextual()) {
                found.add(where + "has content that is no string");
            }
            if (role.equals("tool")) {
                if (!open.remove(message.path("tool_name").asText())) {
                    found.add(where + "is a result without a call right before it");
                }
            } else if (!open.isEmpty()) {
                found.add(where + "comes before the results of " + open);
                open.clear();
            }
            for (var image : message.path("images")) {
                if (!isBase64(image)) {
                    found.add(where + "has an image that is not Base64");
                }
            }
            for (var call : message.path("tool_calls")) {
                open.add(call.at("/function/name").asText());
                if (!call.at("/function/arguments").isObject()) {
                    found.add(where + "has arguments that are no object");
                }
            }
        }
        return found;
    }

    private static boolean isBase64(JsonNode image) {
        try {
            return image.isTextual() && Base64.getDecoder().decode(image.asText()).length > 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
