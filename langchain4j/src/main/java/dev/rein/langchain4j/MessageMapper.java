package dev.rein.langchain4j;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.AudioContent;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.PdfFileContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.message.VideoContent;
import dev.rein.model.Image;
import dev.rein.model.InputFile;
import dev.rein.model.Message;
import java.util.ArrayList;
import java.util.Map;

/** Makes LangChain4j's messages. Stateless. */
final class MessageMapper {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final TypeReference<Map<String, Object>> ATTRIBUTES = new TypeReference<>() {};

    private MessageMapper() {}

    static ChatMessage map(Message message) {
        return switch (message.role()) {
            // A blank one is not allowed in LangChain4j.
            case SYSTEM -> SystemMessage.from(message.content().isBlank() ? "." : message.content());
            case USER -> user(message);
            case ASSISTANT -> assistant(message);
            case TOOL ->
                ToolExecutionResultMessage.builder()
                        .id(message.toolCallId())
                        .toolName(message.toolName())
                        .text(message.content())
                        .isError(message.toolError() ? true : null)
                        .build();
        };
    }

    private static UserMessage user(Message message) {
        var contents = new ArrayList<Content>();
        if (!message.content().isBlank()) {
            contents.add(TextContent.from(message.content()));
        }
        message.images().forEach(image -> contents.add(image(image)));
        message.files().forEach(file -> contents.add(file(file)));
        return UserMessage.from(contents);
    }

    private static Content image(Image image) {
        var base64 = image.base64();
        var mimeType = image.mimeType();
        return base64 == null || mimeType == null
                ? ImageContent.from(image.url())
                : ImageContent.from(base64, mimeType);
    }

    private static Content file(InputFile file) {
        return switch (file.kind()) {
            case AUDIO -> AudioContent.from(file.base64(), file.mediaType());
            case VIDEO -> VideoContent.from(file.base64(), file.mediaType());
            case DOCUMENT -> PdfFileContent.from(file.base64(), file.mediaType());
        };
    }

    private static AiMessage assistant(Message message) {
        var builder = AiMessage.builder()
                .text(message.content().isEmpty() ? null : message.content())
                .thinking(message.reasoning())
                .toolExecutionRequests(message.toolCalls().stream()
                        .map(call -> ToolExecutionRequest.builder()
                                .id(call.id())
                                .name(call.name())
                                .arguments(call.arguments().isBlank() ? "{}" : call.arguments())
                                .build())
                        .toList());
        var data = message.providerData();
        if (data != null && data.data().isObject()) {
            builder.attributes(MAPPER.convertValue(data.data(), ATTRIBUTES));
        }
        return builder.build();
    }
}
