package dev.rein.openai.internal;

import com.openai.core.JsonValue;
import com.openai.models.FunctionDefinition;
import com.openai.models.ReasoningEffort;
import com.openai.models.ResponseFormatJsonSchema;
import com.openai.models.chat.completions.ChatCompletionAssistantMessageParam;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionContentPartText;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionMessageParam;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionSystemMessageParam;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.chat.completions.ChatCompletionUserMessageParam;
import dev.rein.model.Message;
import dev.rein.model.ModelRequest;
import dev.rein.model.OutputSchema;
import dev.rein.model.ToolDefinition;
import java.util.ArrayList;
import java.util.List;

/** Maps requests to the chat completions API. */
final class ChatRequestMapper {

    private static final ChatCompletionStreamOptions WITH_USAGE =
            ChatCompletionStreamOptions.builder().includeUsage(true).build();

    private final ModelSettings settings;
    private final boolean forOpenAI;

    /** @param forOpenAI whether requests go to OpenAI itself, which has renamed a field; compatible servers know its old name */
    ChatRequestMapper(ModelSettings settings, boolean forOpenAI) {
        this.settings = settings;
        this.forOpenAI = forOpenAI;
    }

    ChatCompletionCreateParams map(ModelRequest request) {
        var params = ChatCompletionCreateParams.builder()
                .model(settings.model())
                .messages(messages(request.messages()))
                .streamOptions(WITH_USAGE);
        var temperature = settings.temperature();
        if (temperature != null) {
            params.temperature(temperature);
        }
        var maxOutputTokens = settings.maxOutputTokens();
        if (maxOutputTokens != null) {
            if (forOpenAI) {
                params.maxCompletionTokens(maxOutputTokens);
            } else {
                params.putAdditionalBodyProperty("max_tokens", JsonValue.from(maxOutputTokens));
            }
        }
        var effort = settings.reasoningEffort();
        if (effort != null) {
            params.reasoningEffort(ReasoningEffort.of(effort));
        }
        for (var tool : request.tools()) {
            params.addTool(tool(tool));
        }
        var schema = request.outputSchema();
        if (schema != null) {
            params.responseFormat(format(schema));
        }
        return params.build();
    }

    private static List<ChatCompletionMessageParam> messages(List<Message> messages) {
        var params = new ArrayList<ChatCompletionMessageParam>(messages.size());
        for (var message : messages) {
            params.add(message(message));
        }
        return params;
    }

    private static ChatCompletionMessageParam message(Message message) {
        return switch (message.role()) {
            case SYSTEM ->
                ChatCompletionMessageParam.ofSystem(ChatCompletionSystemMessageParam.builder()
                        .content(message.content())
                        .build());
            case USER -> ChatCompletionMessageParam.ofUser(user(message));
            case ASSISTANT -> ChatCompletionMessageParam.ofAssistant(assistant(message));
            case TOOL ->
                ChatCompletionMessageParam.ofTool(ChatCompletionToolMessageParam.builder()
                        .content(message.content())
                        .toolCallId(message.toolCallId() != null ? message.toolCallId() : "")
                        .build());
        };
    }

    private static ChatCompletionUserMessageParam user(Message message) {
        var user = ChatCompletionUserMessageParam.builder();
        if (message.images().isEmpty()) {
            return user.content(message.content()).build();
        }
        var parts = new ArrayList<ChatCompletionContentPart>();
        if (!message.content().isEmpty()) {
            parts.add(ChatCompletionContentPart.ofText(ChatCompletionContentPartText.builder()
                    .text(message.content())
                    .build()));
        }
        for (var image : message.images()) {
            parts.add(ChatCompletionContentPart.ofImageUrl(ChatCompletionContentPartImage.builder()
                    .imageUrl(ChatCompletionContentPartImage.ImageUrl.builder()
                            .url(image.url())
                            .build())
                    .build()));
        }
        return user.contentOfArrayOfContentParts(parts).build();
    }

    private static ChatCompletionAssistantMessageParam assistant(Message message) {
        var assistant = ChatCompletionAssistantMessageParam.builder();
        // Content may be omitted only from messages with tool calls; in all others it is required, even if empty.
        if (!message.content().isEmpty() || message.toolCalls().isEmpty()) {
            assistant.content(message.content());
        }
        for (var call : message.toolCalls()) {
            assistant.addToolCall(ChatCompletionMessageFunctionToolCall.builder()
                    .id(call.id())
                    .function(ChatCompletionMessageFunctionToolCall.Function.builder()
                            .name(call.name())
                            .arguments(ProviderJson.argumentsObject(call.arguments()))
                            .build())
                    .build());
        }
        return assistant.build();
    }

    private static ChatCompletionFunctionTool tool(ToolDefinition tool) {
        return ChatCompletionFunctionTool.builder()
                .function(FunctionDefinition.builder()
                        .name(tool.name())
                        .description(tool.description())
                        .parameters(ProviderJson.field(tool.parameters()))
                        .build())
                .build();
    }

    private static ResponseFormatJsonSchema format(OutputSchema schema) {
        return ResponseFormatJsonSchema.builder()
                .jsonSchema(ResponseFormatJsonSchema.JsonSchema.builder()
                        .name(schema.name())
                        .schema(ProviderJson.field(schema.schema()))
                        .strict(StrictSchema.supports(schema.schema()))
                        .build())
                .build();
    }
}
