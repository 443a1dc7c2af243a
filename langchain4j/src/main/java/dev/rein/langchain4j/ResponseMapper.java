package dev.rein.langchain4j;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.TokenUsage;
import dev.rein.http.ToolCallJson;
import dev.rein.model.FinishReason;
import dev.rein.model.Model;
import dev.rein.model.ModelException;
import dev.rein.model.ModelResponse;
import dev.rein.model.ProviderData;
import dev.rein.model.ToolCall;
import dev.rein.model.Usage;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes responses of LangChain4j's. Stateless. */
final class ResponseMapper {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final Model model;
    private final Function<TokenUsage, Usage> usage;

    ResponseMapper(Model model, Function<TokenUsage, Usage> usage) {
        this.model = model;
        this.usage = usage;
    }

    /** The tokens that all providers have. */
    static Usage usage(TokenUsage usage) {
        return Usage.of(orZero(usage.inputTokenCount()), orZero(usage.outputTokenCount()));
    }

    /** @param response null if a model breaks its contract */
    ModelResponse map(@Nullable ChatResponse response, DeliveredText delivered) {
        if (response == null) {
            throw new ModelException(ModelException.Kind.MALFORMED, model + " has returned null instead of a response");
        }
        var message = response.aiMessage();
        var text = orEmpty(message.text());
        var reasoning = message.thinking();
        delivered.complete(text, orEmpty(reasoning));
        var tokens = response.tokenUsage() == null ? null : usage.apply(response.tokenUsage());
        if (tokens != null) {
            delivered.call().usage(tokens);
        }
        ToolCallJson.requireRoom(message.toolExecutionRequests().size() - 1);
        var calls = message.toolExecutionRequests().stream()
                .map(ResponseMapper::call)
                .toList();
        var reason = response.finishReason();
        return new ModelResponse(
                text,
                reasoning,
                calls,
                tokens,
                reason(reason),
                reason == null ? null : reason.name().toLowerCase(Locale.ROOT),
                data(message));
    }

    private static ToolCall call(ToolExecutionRequest request) {
        var id = request.id();
        var arguments = orEmpty(request.arguments());
        return new ToolCall(
                // Some providers have no ids.
                id == null || id.isBlank()
                        ? "call_" + UUID.randomUUID().toString().replace("-", "")
                        : id,
                orEmpty(request.name()),
                arguments.isBlank() ? "{}" : arguments);
    }

    private static FinishReason reason(dev.langchain4j.model.output.@Nullable FinishReason reason) {
        return switch (reason) {
            case null -> FinishReason.OTHER;
            case STOP -> FinishReason.STOP;
            case LENGTH -> FinishReason.LENGTH;
            case TOOL_EXECUTION -> FinishReason.TOOL_CALLS;
            case CONTENT_FILTER -> FinishReason.CONTENT_FILTER;
            case OTHER -> FinishReason.OTHER;
        };
    }

    /** What LangChain4j keeps for the next request, such as signatures of the reasoning. */
    private @Nullable ProviderData data(AiMessage message) {
        var kept = new LinkedHashMap<String, Object>();
        message.attributes().forEach((name, value) -> {
            if (!name.equals(AiMessage.GENERATED_IMAGES_KEY) && isJson(value)) {
                kept.put(name, value);
            }
        });
        return kept.isEmpty() ? null : ProviderData.of(model, MAPPER.valueToTree(kept));
    }

    /** Whether the value is the same after it was stored as JSON. */
    private static boolean isJson(@Nullable Object value) {
        return switch (value) {
            case String _, Boolean _, Integer _, Long _, Double _ -> true;
            case Map<?, ?> map ->
                map.keySet().stream().allMatch(String.class::isInstance)
                        && map.values().stream().allMatch(ResponseMapper::isJson);
            case List<?> list -> ((Collection<?>) list).stream().allMatch(ResponseMapper::isJson);
            case null, default -> false;
        };
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static long orZero(@Nullable Integer count) {
        return count == null ? 0 : count;
    }
}
