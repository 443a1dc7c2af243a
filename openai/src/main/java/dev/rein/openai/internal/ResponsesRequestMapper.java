package dev.rein.openai.internal;

import com.openai.models.Reasoning;
import com.openai.models.ReasoningEffort;
import com.openai.models.responses.EasyInputMessage;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFormatTextJsonSchemaConfig;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseInputContent;
import com.openai.models.responses.ResponseInputImage;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseInputText;
import com.openai.models.responses.ResponseTextConfig;
import dev.rein.model.Message;
import dev.rein.model.ModelRequest;
import dev.rein.model.OutputSchema;
import dev.rein.model.ToolDefinition;
import java.util.ArrayList;
import java.util.List;

/** Maps requests to the responses API. Each request contains the whole conversation. */
final class ResponsesRequestMapper {

    private final ModelSettings settings;

    ResponsesRequestMapper(ModelSettings settings) {
        this.settings = settings;
    }

    ResponseCreateParams map(ModelRequest request) {
        var params = ResponseCreateParams.builder()
                .model(settings.model())
                .input(ResponseCreateParams.Input.ofResponse(input(request.messages())));
        if (settings.background()) {
            // Responses in the background have to be stored.
            params.background(true).store(true);
        } else {
            params.store(false);
        }
        var temperature = settings.temperature();
        if (temperature != null) {
            params.temperature(temperature);
        }
        var maxOutputTokens = settings.maxOutputTokens();
        if (maxOutputTokens != null) {
            params.maxOutputTokens(maxOutputTokens);
        }
        reasoning(params);
        for (var tool : request.tools()) {
            params.addTool(tool(tool));
        }
        var schema = request.outputSchema();
        if (schema != null) {
            params.text(ResponseTextConfig.builder().format(format(schema)).build());
        }
        return params.build();
    }

    private void reasoning(ResponseCreateParams.Builder params) {
        var effort = settings.reasoningEffort();
        var summary = settings.reasoningSummary();
        if (effort == null && summary == null) {
            return;
        }
        var reasoning = Reasoning.builder();
        if (effort != null) {
            reasoning.effort(ReasoningEffort.of(effort));
        }
        if (summary != null) {
            reasoning.summary(Reasoning.Summary.of(summary));
        }
        params.reasoning(reasoning.build());
    }

    private static List<ResponseInputItem> input(List<Message> messages) {
        var items = new ArrayList<ResponseInputItem>(messages.size());
        for (var message : messages) {
            add(message, items);
        }
        return items;
    }

    private static void add(Message message, List<ResponseInputItem> items) {
        switch (message.role()) {
            case SYSTEM -> items.add(message(EasyInputMessage.Role.SYSTEM, message.content()));
            case USER -> items.add(user(message));
            case ASSISTANT -> {
                if (!message.content().isEmpty() || message.toolCalls().isEmpty()) {
                    items.add(message(EasyInputMessage.Role.ASSISTANT, message.content()));
                }
                for (var call : message.toolCalls()) {
                    items.add(ResponseInputItem.ofFunctionCall(ResponseFunctionToolCall.builder()
                            .callId(call.id())
                            .name(call.name())
                            .arguments(ProviderJson.argumentsObject(call.arguments()))
                            .build()));
                }
            }
            case TOOL ->
                items.add(ResponseInputItem.ofFunctionCallOutput(ResponseInputItem.FunctionCallOutput.builder()
                        .callId(message.toolCallId() != null ? message.toolCallId() : "")
                        .output(message.content())
                        .build()));
        }
    }

    private static ResponseInputItem message(EasyInputMessage.Role role, String content) {
        return ResponseInputItem.ofEasyInputMessage(
                EasyInputMessage.builder().role(role).content(content).build());
    }

    private static ResponseInputItem user(Message message) {
        if (message.images().isEmpty()) {
            return message(EasyInputMessage.Role.USER, message.content());
        }
        var parts = new ArrayList<ResponseInputContent>();
        if (!message.content().isEmpty()) {
            parts.add(ResponseInputContent.ofInputText(
                    ResponseInputText.builder().text(message.content()).build()));
        }
        for (var image : message.images()) {
            parts.add(ResponseInputContent.ofInputImage(ResponseInputImage.builder()
                    .detail(ResponseInputImage.Detail.AUTO)
                    .imageUrl(image.url())
                    .build()));
        }
        return ResponseInputItem.ofEasyInputMessage(EasyInputMessage.builder()
                .role(EasyInputMessage.Role.USER)
                .contentOfResponseInputMessageContentList(parts)
                .build());
    }

    private static FunctionTool tool(ToolDefinition tool) {
        return FunctionTool.builder()
                .name(tool.name())
                .description(tool.description())
                .parameters(ProviderJson.field(tool.parameters()))
                // The default is true, but most tools have optional parameters.
                .strict(false)
                .build();
    }

    private static ResponseFormatTextJsonSchemaConfig format(OutputSchema schema) {
        return ResponseFormatTextJsonSchemaConfig.builder()
                .name(schema.name())
                .schema(ProviderJson.field(schema.schema()))
                .strict(StrictSchema.supports(schema.schema()))
                .build();
    }
}
