package dev.rein.langchain4j;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.rein.model.ModelException;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelSettings;
import dev.rein.model.OutputSchema;
import dev.rein.model.ToolDefinition;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Makes LangChain4j's requests. Stateless. */
final class RequestMapper {
    private final @Nullable BiFunction<ChatRequestParameters, ModelSettings, ChatRequestParameters> parameters;

    RequestMapper(@Nullable BiFunction<ChatRequestParameters, ModelSettings, ChatRequestParameters> parameters) {
        this.parameters = parameters;
    }

    ChatRequest map(ModelRequest request) {
        var common = common(request);
        var settings = request.settings();
        if (parameters == null) {
            refuseUncommon(settings);
        }
        return ChatRequest.builder()
                .messages(request.messages().stream().map(MessageMapper::map).toList())
                .parameters(parameters == null ? common : parameters.apply(common, settings))
                .build();
    }

    private static ChatRequestParameters common(ModelRequest request) {
        var settings = request.settings();
        var builder = DefaultChatRequestParameters.builder();
        builder.temperature(settings.temperature());
        builder.topP(settings.topP());
        builder.maxOutputTokens(settings.maxOutputTokens());
        if (settings.stop() != null) {
            builder.stopSequences(settings.stop());
        }
        var tools = toolsFor(request);
        if (!tools.isEmpty()) {
            builder.toolSpecifications(tools.stream().map(RequestMapper::tool).toList());
            if (settings.toolChoice() != null) {
                builder.toolChoice(
                        switch (settings.toolChoice().mode()) {
                            case AUTO -> ToolChoice.AUTO;
                            case NONE -> ToolChoice.NONE;
                            case REQUIRED, TOOL -> ToolChoice.REQUIRED;
                        });
            }
        }
        if (request.outputSchema() != null) {
            builder.responseFormat(format(request.outputSchema()));
        }
        return builder.build();
    }

    /** LangChain4j cannot require a particular tool: it gets only that one. */
    private static List<ToolDefinition> toolsFor(ModelRequest request) {
        var choice = request.settings().toolChoice();
        if (choice == null || choice.tool() == null) {
            return request.tools();
        }
        var required = request.tools().stream()
                .filter(tool -> tool.name().equals(choice.tool()))
                .toList();
        if (required.isEmpty()) {
            throw new ModelException(
                    ModelException.Kind.BAD_REQUEST,
                    "The tool choice is \"" + choice.tool() + "\", which is none of the tools of the request: "
                            + request.tools().stream().map(ToolDefinition::name).toList());
        }
        return required;
    }

    private static ToolSpecification tool(ToolDefinition tool) {
        return ToolSpecification.builder()
                .name(tool.name())
                .description(tool.description())
                .parameters(SchemaMapper.object(tool.parameters()))
                .build();
    }

    private static ResponseFormat format(OutputSchema schema) {
        return ResponseFormat.builder()
                .type(ResponseFormatType.JSON)
                .jsonSchema(JsonSchema.builder()
                        .name(schema.name())
                        .rootElement(SchemaMapper.root(schema.schema()))
                        .build())
                .build();
    }

    private static void refuseUncommon(ModelSettings settings) {
        var name = settings.seed() != null
                ? "seed"
                : settings.reasoningEffort() != null
                        ? "reasoningEffort"
                        : Boolean.FALSE.equals(settings.parallelToolCalls())
                                ? "parallelToolCalls(false)"
                                : !settings.extra().isEmpty()
                                        ? "extra(\""
                                                + settings.extra()
                                                        .keySet()
                                                        .iterator()
                                                        .next() + "\", ..)"
                                        : null;
        if (name != null) {
            throw new ModelException(
                    ModelException.Kind.BAD_REQUEST,
                    "LangChain4j has no common parameter for the setting " + name
                            + ": set it on the model of LangChain4j, or pass it on with parameters(..) of LangChain4jModel.builder(..)");
        }
    }
}
