package dev.rein.gemini;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.http.ProviderJson;
import dev.rein.model.Message;
import dev.rein.model.ModelException;
import dev.rein.model.ModelException.Kind;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelSettings;
import dev.rein.model.OutputSchema;
import dev.rein.model.Role;
import dev.rein.model.ToolChoice;
import dev.rein.model.ToolDefinition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Maps requests to {@code generateContent}.
 *
 * @param thinkingBudget in tokens; null for the model's default
 * @param includeThoughts whether the response contains thoughts; null for the provider's default
 * @param topK null for the model's default
 */
record GenerateContentMapper(
        String id,
        ModelSettings defaults,
        @Nullable Integer thinkingBudget,
        @Nullable Boolean includeThoughts,
        @Nullable Integer topK) {

    ObjectNode map(ModelRequest request, FunctionNames names) {
        var settings = request.settings().orElse(defaults);
        if (Boolean.FALSE.equals(settings.parallelToolCalls())) {
            throw new ModelException(
                    Kind.BAD_REQUEST,
                    "Gemini cannot limit " + id + " to one tool call at a time: leave parallelToolCalls(false) out");
        }
        var version = GeminiVersion.of(id);
        var schema = request.outputSchema();
        var enforced = request.tools().isEmpty() || version.hasSchemaBesideTools() ? schema : null;
        var body = ProviderJson.mapper().createObjectNode();
        addSystem(body, request.messages(), enforced == null ? schema : null);
        body.set("contents", new ContentsMapper(names, version).map(request.messages()));
        if (!request.tools().isEmpty()) {
            addTools(body, request.tools(), settings.toolChoice(), names);
        }
        var config = generationConfig(settings, version);
        if (enforced != null) {
            config.put("responseMimeType", "application/json").set("responseJsonSchema", enforced.schema());
        }
        if (!config.isEmpty()) {
            body.set("generationConfig", config);
        }
        ProviderJson.addMembers(body, ExtraMembers.named(settings.extra()));
        return body;
    }

    /** @param asked the schema that the model is asked for in words; null for none */
    private static void addSystem(ObjectNode body, List<Message> messages, @Nullable OutputSchema asked) {
        var parts = ProviderJson.mapper().createArrayNode();
        for (var message : messages) {
            if (message.role() == Role.SYSTEM && !message.content().isEmpty()) {
                parts.addObject().put("text", message.content());
            }
        }
        if (asked != null) {
            parts.addObject().put("text", asked.instruction());
        }
        if (!parts.isEmpty()) {
            body.putObject("systemInstruction").set("parts", parts);
        }
    }

    private static void addTools(
            ObjectNode body, List<ToolDefinition> tools, @Nullable ToolChoice choice, FunctionNames names) {
        var declared = body.putArray("tools").addObject().putArray("functionDeclarations");
        for (var tool : tools) {
            declared.addObject()
                    .put("name", names.function(tool.name()))
                    .put("description", tool.description())
                    .set("parametersJsonSchema", tool.parameters());
        }
        if (choice != null) {
            var config = body.putObject("toolConfig").putObject("functionCallingConfig");
            config.put(
                    "mode",
                    switch (choice.mode()) {
                        case AUTO -> "AUTO";
                        case NONE -> "NONE";
                        case REQUIRED, TOOL -> "ANY";
                    });
            if (choice.tool() != null) {
                config.putArray("allowedFunctionNames").add(names.function(choice.tool()));
            }
        }
    }

    private ObjectNode generationConfig(ModelSettings settings, GeminiVersion version) {
        var config = ProviderJson.mapper().createObjectNode();
        if (settings.temperature() != null) {
            config.put("temperature", settings.temperature());
        }
        if (settings.topP() != null) {
            config.put("topP", settings.topP());
        }
        if (topK != null) {
            config.put("topK", topK);
        }
        if (settings.seed() != null) {
            config.put("seed", settings.seed());
        }
        if (settings.maxOutputTokens() != null) {
            config.put("maxOutputTokens", settings.maxOutputTokens());
        }
        if (settings.stop() != null) {
            addTexts(config.putArray("stopSequences"), settings.stop());
        }
        var thinking = ProviderJson.mapper().createObjectNode();
        addThinking(thinking, settings.reasoningEffort(), version);
        if (!thinking.isEmpty()) {
            config.set("thinkingConfig", thinking);
        }
        return config;
    }

    private void addThinking(ObjectNode thinking, @Nullable String effort, GeminiVersion version) {
        if (effort != null && version.hasThinkingLevels()) {
            thinking.put("thinkingLevel", effort);
        } else if (effort != null) {
            thinking.put("thinkingBudget", budget(effort));
        } else if (thinkingBudget != null) {
            thinking.put("thinkingBudget", thinkingBudget);
        }
        if (includeThoughts != null) {
            thinking.put("includeThoughts", includeThoughts);
        }
    }

    /** The budgets of Google's OpenAI-compatible API: https://ai.google.dev/gemini-api/docs/openai#thinking */
    private int budget(String effort) {
        return switch (effort) {
            case "none" -> 0;
            case "minimal", "low" -> 1_024;
            case "medium" -> 8_192;
            case "high" -> 24_576;
            default ->
                throw new ModelException(
                        Kind.BAD_REQUEST,
                        "reasoningEffort is \"" + effort + "\": for " + id
                                + " use none, minimal, low, medium or high, or thinkingBudget(..)");
        };
    }

    private static void addTexts(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }
}
