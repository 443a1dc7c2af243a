package dev.rein.openai.internal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.http.ProviderJson;
import dev.rein.model.InputFile;
import dev.rein.model.Message;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelSettings;
import dev.rein.model.OutputSchema;
import dev.rein.model.ToolDefinition;
import dev.rein.openai.ServerSettings;
import dev.rein.openai.StructuredOutput;
import java.util.List;
import java.util.Locale;

/** Maps requests to the chat completions API. */
final class ChatRequestMapper {

    private final RequestSettings settings;
    private final ServerSettings server;

    ChatRequestMapper(RequestSettings settings) {
        this.settings = settings;
        this.server = settings.server();
    }

    ObjectNode map(ModelRequest request) {
        var body = ProviderJson.mapper().createObjectNode();
        body.put("model", settings.model()).put("stream", true);
        if (server.streamOptions()) {
            body.putObject("stream_options").put("include_usage", true);
        }
        addMessages(request.messages(), body.putArray("messages"));
        var set = request.settings().orElse(settings.defaults());
        addSettings(set, body);
        if (!request.tools().isEmpty()) {
            var tools = body.putArray("tools");
            request.tools().forEach(tool -> add(tool, tools));
            addToolSettings(set, body);
        }
        var schema = request.outputSchema();
        if (schema != null) {
            body.set("response_format", format(schema));
        }
        settings.complete(body, set);
        return body;
    }

    private void addSettings(ModelSettings set, ObjectNode body) {
        if (set.temperature() != null) {
            body.put("temperature", set.temperature());
        }
        if (set.topP() != null) {
            body.put("top_p", set.topP());
        }
        if (set.maxOutputTokens() != null) {
            body.put(server.maxTokensField(), set.maxOutputTokens());
        }
        if (set.seed() != null) {
            body.put(server.seedField(), set.seed());
        }
        if (set.stop() != null) {
            var stop = body.putArray("stop");
            set.stop().forEach(stop::add);
        }
        if (set.reasoningEffort() != null) {
            body.put("reasoning_effort", set.reasoningEffort());
        }
    }

    /** Servers refuse these settings in requests without tools. */
    private static void addToolSettings(ModelSettings set, ObjectNode body) {
        var choice = set.toolChoice();
        if (choice != null && choice.tool() != null) {
            body.putObject("tool_choice")
                    .put("type", "function")
                    .putObject("function")
                    .put("name", choice.tool());
        } else if (choice != null) {
            body.put("tool_choice", choice.mode().name().toLowerCase(Locale.ROOT));
        }
        if (set.parallelToolCalls() != null) {
            body.put("parallel_tool_calls", set.parallelToolCalls());
        }
    }

    private void addMessages(List<Message> messages, ArrayNode array) {
        for (var message : messages) {
            switch (message.role()) {
                case SYSTEM -> array.addObject().put("role", "system").put("content", message.content());
                case USER -> addUser(message, array.addObject());
                case ASSISTANT -> addAssistant(message, array.addObject());
                case TOOL ->
                    array.addObject()
                            .put("role", "tool")
                            .put("tool_call_id", message.toolCallId() != null ? message.toolCallId() : "")
                            .put("content", message.content());
            }
        }
    }

    private static void addUser(Message message, ObjectNode user) {
        user.put("role", "user");
        if (!message.hasMedia()) {
            user.put("content", message.content());
            return;
        }
        var parts = user.putArray("content");
        if (!message.content().isEmpty()) {
            parts.addObject().put("type", "text").put("text", message.content());
        }
        for (var image : message.images()) {
            parts.addObject().put("type", "image_url").putObject("image_url").put("url", image.url());
        }
        message.files().forEach(file -> addFile(file, parts.addObject()));
    }

    private static void addFile(InputFile file, ObjectNode part) {
        if (file.kind() == InputFile.Kind.AUDIO) {
            var format = file.mediaType().equals("audio/mpeg")
                    ? "mp3"
                    : file.mediaType().substring("audio/".length());
            part.put("type", "input_audio")
                    .putObject("input_audio")
                    .put("data", file.base64())
                    .put("format", format);
        } else {
            part.put("type", "file")
                    .putObject("file")
                    .put("filename", file.name())
                    .put("file_data", file.dataUrl());
        }
    }

    private void addAssistant(Message message, ObjectNode assistant) {
        assistant.put("role", "assistant");
        // Content may be omitted only from messages with tool calls; in all others it is required, even if empty.
        if (!message.content().isEmpty() || message.toolCalls().isEmpty()) {
            assistant.put("content", message.content());
        }
        var returned = server.returnedMembers();
        ReturnedMembers.add(
                message.providerData(), returned, !message.toolCalls().isEmpty(), assistant);
        if (message.toolCalls().isEmpty()) {
            return;
        }
        var calls = assistant.putArray("tool_calls");
        for (var call : message.toolCalls()) {
            var object = calls.addObject();
            ReturnedMembers.add(call.providerData(), returned, true, object);
            object.put("id", call.id())
                    .put("type", "function")
                    .putObject("function")
                    .put("name", call.name())
                    .put("arguments", ProviderJson.argumentsObject(call.arguments()));
        }
    }

    private static void add(ToolDefinition tool, ArrayNode tools) {
        var function = tools.addObject().put("type", "function").putObject("function");
        function.put("name", tool.name()).put("description", tool.description());
        function.set("parameters", tool.parameters());
    }

    private ObjectNode format(OutputSchema schema) {
        if (server.structuredOutput() == StructuredOutput.OBJECT) {
            return ProviderJson.mapper().createObjectNode().put("type", "json_object");
        }
        var format = ProviderJson.mapper().createObjectNode().put("type", "json_schema");
        format.putObject("json_schema")
                .put("name", schema.name())
                .put("strict", StrictSchema.supports(schema.schema()))
                .set("schema", schema.schema());
        return format;
    }
}
