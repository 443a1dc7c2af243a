package dev.rein.langchain4j;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiTokenUsage;
import dev.langchain4j.model.output.TokenUsage;
import dev.rein.model.ModelSettings;
import dev.rein.model.Usage;
import dev.rein.testkit.ModelCapability;
import java.util.Map;
import java.util.Set;

/** LangChain4j's models of OpenAI with Rein's HTTP client. */
final class TestModels {
    static final Set<ModelCapability> MISSING = Set.of(
            // LangChain4j keeps nothing of a message of chat completions, and requires no particular tool.
            ModelCapability.PROVIDER_DATA, ModelCapability.TOOL_CHOICE);
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final TypeReference<Map<String, Object>> MEMBERS = new TypeReference<>() {};
    static final String KEY = "sk-secret-0123456789";

    private TestModels() {}

    static LangChain4jModel streaming(String serverUrl, String id) {
        return LangChain4jModel.builder(OpenAiStreamingChatModel.builder()
                        .httpClientBuilder(new ReinHttpClientBuilder())
                        .baseUrl(serverUrl + "/v1")
                        .apiKey(KEY)
                        .modelName(id)
                        .returnThinking(true)
                        .build())
                .parameters(TestModels::parameters)
                .usage(TestModels::usage)
                .build();
    }

    static LangChain4jModel blocking(String serverUrl, String id) {
        return LangChain4jModel.builder(OpenAiChatModel.builder()
                        .httpClientBuilder(new ReinHttpClientBuilder())
                        .baseUrl(serverUrl + "/v1")
                        .apiKey(KEY)
                        .modelName(id)
                        .returnThinking(true)
                        .maxRetries(0)
                        .build())
                .parameters(TestModels::parameters)
                .usage(TestModels::usage)
                .build();
    }

    private static ChatRequestParameters parameters(ChatRequestParameters common, ModelSettings settings) {
        return OpenAiChatRequestParameters.builder()
                .overrideWith(common)
                .parallelToolCalls(settings.parallelToolCalls())
                .reasoningEffort(settings.reasoningEffort())
                .seed(settings.seed() == null ? null : Math.toIntExact(settings.seed()))
                .customParameters(MAPPER.convertValue(settings.extra(), MEMBERS))
                .build();
    }

    private static Usage usage(TokenUsage tokens) {
        var openAi = (OpenAiTokenUsage) tokens;
        var input = openAi.inputTokensDetails();
        var output = openAi.outputTokensDetails();
        return new Usage(
                openAi.inputTokenCount(),
                openAi.outputTokenCount(),
                output == null ? 0 : output.reasoningTokens(),
                input == null ? 0 : input.cachedTokens());
    }
}
