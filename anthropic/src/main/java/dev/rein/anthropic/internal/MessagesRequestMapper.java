package dev.rein.anthropic.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.http.ProviderJson;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelSettings;
import dev.rein.model.Role;
import dev.rein.model.ToolChoice;
import dev.rein.model.ToolDefinition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Maps requests to the body of the Messages API. See the <a href="https://platform.claude.com/docs/en/api/messages/create">API
 * reference</a>.
 */
final class MessagesRequestMapper {
    private final RequestOptions options;

    MessagesRequestMapper(RequestOptions options) {
        this.options = options;
    }

    /** @param request prepared for sending */
    ObjectNode map(ModelRequest request) {
        var settings = request.settings().orElse(options.settings());
        var conversation = Conversation.of(request.messages());
        var body = object().put("model", options.model());
        body.put(
                "max_tokens",
                settings.maxOutputTokens() != null
                        ? settings.maxOutputTokens()
                        : options.defaultMaxTokens(settings.reasoningEffort() != null));
        body.put("stream", true);
        var system = system(request);
        if (!system.isEmpty()) {
            body.set("system", system);
        }
        body.set("messages", conversation);
        if (!request.tools().isEmpty()) {
            body.set("tools", tools(request.tools()));
            var choice = toolChoice(settings);
            if (choice != null) {
                body.set("tool_choice", choice);
            }
        }
        sampling(body, settings);
        thinking(body, conversation);
        outputConfig(body, request, settings);
        if (options.promptCaching()) {
            cache(body);
        }
        ProviderJson.addMembers(body, settings.extra());
        return body;
    }

    private ArrayNode system(ModelRequest request) {
        var system = array();
        for (var message : request.messages()) {
            if (message.role() == Role.SYSTEM && !message.content().isBlank()) {
                system.add(Conversation.text(message.content()));
            }
        }
        var schema = request.outputSchema();
        if (schema != null && !options.structuredOutput()) {
            system.add(Conversation.text(schema.instruction()));
        }
        return system;
    }

    private static ArrayNode tools(List<ToolDefinition> tools) {
        var array = array();
        for (var tool : tools) {
            var node = array.addObject().put("name", tool.name());
            if (!tool.description().isBlank()) {
                node.put("description", tool.description());
            }
            node.set("input_schema", tool.parameters());
        }
        return array;
    }

    private static @Nullable ObjectNode toolChoice(ModelSettings settings) {
        var choice = settings.toolChoice();
        var onlyOne = Boolean.FALSE.equals(settings.parallelToolCalls());
        if (choice == null && settings.parallelToolCalls() == null) {
            return null;
        }
        var node = object();
        switch (choice == null ? ToolChoice.Mode.AUTO : choice.mode()) {
            case AUTO -> node.put("type", "auto");
            case NONE -> {
                return node.put("type", "none");
            }
            case REQUIRED -> node.put("type", "any");
            case TOOL -> node.put("type", "tool").put("name", choice == null ? null : choice.tool());
        }
        return settings.parallelToolCalls() == null ? node : node.put("disable_parallel_tool_use", onlyOne);
    }

    private static void sampling(ObjectNode body, ModelSettings settings) {
        if (settings.temperature() != null) {
            body.put("temperature", settings.temperature());
        }
        if (settings.topP() != null) {
            body.put("top_p", settings.topP());
        }
        var stop = settings.stop();
        if (stop != null) {
            var texts = body.putArray("stop_sequences");
            stop.forEach(texts::add);
        }
    }

    /**
     * With a budget, the provider rejects a conversation whose last tool calls come without the thinking before them, as they do when
     * another model has called the tools; such a request is answered without thinking.
     */
    private void thinking(ObjectNode body, ArrayNode conversation) {
        switch (options.thinking()) {
            case Thinking.Budget budget -> {
                if (!Conversation.endsWithResultsOfCallsWithoutThinking(conversation)) {
                    body.putObject("thinking").put("type", "enabled").put("budget_tokens", budget.tokens());
                }
            }
            case Thinking.Adaptive _ -> body.putObject("thinking").put("type", "adaptive");
            case Thinking.ProviderDefault _ -> {}
        }
    }

    private void outputConfig(ObjectNode body, ModelRequest request, ModelSettings settings) {
        var config = object();
        if (settings.reasoningEffort() != null) {
            config.put("effort", settings.reasoningEffort());
        }
        var schema = request.outputSchema();
        if (schema != null && options.structuredOutput()) {
            config.putObject("format").put("type", "json_schema").set("schema", SupportedSchema.of(schema.schema()));
        }
        if (!config.isEmpty()) {
            body.set("output_config", config);
        }
    }

    /**
     * Marks the ends of the tools, of the system prompt and of the conversation. The next request of the run begins with the same, and the
     * provider finds the longest beginning that it knows. See
     * <a href="https://platform.claude.com/docs/en/build-with-claude/prompt-caching">prompt caching</a>.
     */
    private static void cache(ObjectNode body) {
        markLast(body.path("tools"));
        markLast(body.path("system"));
        var messages = body.path("messages");
        markLast(messages.path(messages.size() - 1).path("content"));
    }

    private static void markLast(JsonNode blocks) {
        if (blocks.path(blocks.size() - 1) instanceof ObjectNode last) {
            last.putObject("cache_control").put("type", "ephemeral");
        }
    }

    static ObjectNode object() {
        return ProviderJson.mapper().createObjectNode();
    }

    static ArrayNode array() {
        return ProviderJson.mapper().createArrayNode();
    }
}
