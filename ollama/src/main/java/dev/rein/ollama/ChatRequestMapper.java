package dev.rein.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.rein.http.ProviderJson;
import dev.rein.model.Image;
import dev.rein.model.Message;
import dev.rein.model.ModelException;
import dev.rein.model.ModelException.Kind;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelSettings;
import dev.rein.model.Role;
import dev.rein.model.ToolChoice;
import dev.rein.model.ToolDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Maps requests to {@code /api/chat}.
 *
 * @param options of the model's runner; settings of the same meaning replace them
 * @param keepAlive null for the server's default
 * @param think whether the model thinks; null for the server's default
 */
record ChatRequestMapper(
        String id,
        ModelSettings defaults,
        Map<String, JsonNode> options,
        @Nullable JsonNode keepAlive,
        @Nullable JsonNode think) {

    ObjectNode map(ModelRequest request) {
        var settings = request.settings().orElse(defaults);
        var choice = settings.toolChoice() == null ? ToolChoice.AUTO : settings.toolChoice();
        refuseUnsupported(settings, choice);
        var tools = choice.mode() == ToolChoice.Mode.NONE ? List.<ToolDefinition>of() : request.tools();
        var schema = request.outputSchema();

        var body = ProviderJson.mapper().createObjectNode().put("model", id).put("stream", true);
        var messages = body.putArray("messages");
        var asked = tools.isEmpty() ? null : schema;
        var conversation =
                asked == null ? request.messages() : withInstruction(request.messages(), asked.instruction());
        conversation.forEach(message -> add(message, messages));
        if (!tools.isEmpty()) {
            var declared = body.putArray("tools");
            for (var tool : tools) {
                declared.addObject()
                        .put("type", "function")
                        .putObject("function")
                        .put("name", tool.name())
                        .put("description", tool.description())
                        .set("parameters", tool.parameters());
            }
        } else if (schema != null) {
            body.set("format", schema.schema());
        }
        var thinking = thinking(settings);
        if (thinking != null) {
            body.set("think", thinking);
        }
        if (keepAlive != null) {
            body.set("keep_alive", keepAlive);
        }
        var runner = runnerOptions(settings);
        if (!runner.isEmpty()) {
            body.set("options", runner);
        }
        ProviderJson.addMembers(body, settings.extra());
        return body;
    }

    private void refuseUnsupported(ModelSettings settings, ToolChoice choice) {
        if (choice.mode() == ToolChoice.Mode.REQUIRED || choice.mode() == ToolChoice.Mode.TOOL) {
            throw new ModelException(
                    Kind.BAD_REQUEST,
                    "Ollama has no tool choice, so " + id + " cannot be made to call "
                            + (choice.tool() == null ? "a tool" : choice.tool())
                            + ": ask for the call in the instructions, and leave toolChoice out");
        }
        if (Boolean.FALSE.equals(settings.parallelToolCalls())) {
            throw new ModelException(
                    Kind.BAD_REQUEST,
                    "Ollama cannot limit " + id + " to one tool call at a time: leave parallelToolCalls(false) out");
        }
    }

    /** The server would call no tool if it enforced the schema, so the model is asked for it. */
    private static List<Message> withInstruction(List<Message> messages, String instruction) {
        var changed = new ArrayList<>(messages);
        if (!messages.isEmpty() && messages.getFirst().role() == Role.SYSTEM) {
            changed.set(0, messages.getFirst().withContent(messages.getFirst().content() + "\n\n" + instruction));
        } else {
            changed.addFirst(Message.system(instruction));
        }
        return changed;
    }

    private static void add(Message message, ArrayNode messages) {
        var added = messages.addObject()
                .put("role", message.role().name().toLowerCase(Locale.ROOT))
                .put("content", message.content());
        if (message.reasoning() != null && !message.reasoning().isEmpty()) {
            added.put("thinking", message.reasoning());
        }
        if (!message.images().isEmpty()) {
            var images = added.putArray("images");
            message.images().forEach(image -> images.add(base64(image)));
        }
        if (!message.toolCalls().isEmpty()) {
            var calls = added.putArray("tool_calls");
            for (var call : message.toolCalls()) {
                calls.addObject()
                        .put("id", call.id())
                        .putObject("function")
                        .put("name", call.name())
                        .set("arguments", ProviderJson.argumentsTree(call.arguments()));
            }
        }
        if (message.role() == Role.TOOL) {
            added.put("tool_name", message.toolName()).put("tool_call_id", message.toolCallId());
        }
    }

    private static String base64(Image image) {
        var content = image.base64();
        if (content == null) {
            throw new ModelException(
                    Kind.BAD_REQUEST,
                    "Ollama does not load images from the network, such as " + image.url()
                            + ": load it yourself and use Image.of(bytes, type)");
        }
        return content;
    }

    private @Nullable JsonNode thinking(ModelSettings settings) {
        var effort = settings.reasoningEffort();
        if (effort == null) {
            return think;
        }
        return effort.equals("none") ? BooleanNode.FALSE : TextNode.valueOf(effort);
    }

    private ObjectNode runnerOptions(ModelSettings settings) {
        var runner = ProviderJson.mapper().createObjectNode();
        options.forEach(runner::set);
        if (settings.temperature() != null) {
            runner.put("temperature", settings.temperature());
        }
        if (settings.topP() != null) {
            runner.put("top_p", settings.topP());
        }
        if (settings.maxOutputTokens() != null) {
            runner.put("num_predict", settings.maxOutputTokens());
        }
        if (settings.seed() != null) {
            runner.put("seed", settings.seed());
        }
        if (settings.stop() != null) {
            var stop = runner.putArray("stop");
            settings.stop().forEach(stop::add);
        }
        return runner;
    }
}
