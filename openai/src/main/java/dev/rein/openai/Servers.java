package dev.rein.openai;

import dev.rein.model.ToolCallIds;
import java.util.List;
import java.util.Locale;

/**
 * The settings of well-known servers that offer OpenAI's API. A model whose builder is given none uses those of its host, or {@link
 * #COMPATIBLE} if the host is unknown; servers of your own, such as vLLM, have no known host.
 */
public final class Servers {

    /** A server of which nothing is known: the fields that all servers know. */
    public static final ServerSettings COMPATIBLE = ServerSettings.builder().build();

    public static final ServerSettings OPENAI = named("OpenAI")
            .maxTokensField("max_completion_tokens")
            .returnedMembers()
            .build();

    /**
     * Azure OpenAI and Azure AI Foundry. Without {@code /openai/v1} in the base URL, requests go to the deployment with the model's id, and
     * have an {@code api-version}, which the base URL may set.
     */
    public static final ServerSettings AZURE = OPENAI.toBuilder()
            .name("Azure")
            .keyHeader("api-key")
            .deployments(true)
            .query("api-version", "2024-10-21")
            .build();

    /** Refuses members that it does not know, and sends the usage unasked. */
    public static final ServerSettings MISTRAL = named("Mistral")
            .streamOptions(false)
            .seedField("random_seed")
            .structuredOutputWithTools(false)
            .toolCallIds(ToolCallIds.NINE_ALPHANUMERIC)
            .returnedMembers()
            .build();

    public static final ServerSettings DEEPSEEK = named("DeepSeek")
            .structuredOutput(StructuredOutput.OBJECT)
            .structuredOutputWithTools(false)
            .returnedMembers("reasoning_content")
            .build();

    /** Kimi. */
    public static final ServerSettings MOONSHOT = named("Moonshot")
            .structuredOutput(StructuredOutput.OBJECT)
            .structuredOutputWithTools(false)
            .returnedMembers("reasoning_content")
            .build();

    public static final ServerSettings GROQ = named("Groq")
            .maxTokensField("max_completion_tokens")
            .structuredOutputWithTools(false)
            .returnedMembers()
            .build();

    /** Gemini's OpenAI-compatible endpoint. */
    public static final ServerSettings GEMINI = named("Gemini")
            .structuredOutputWithTools(false)
            .returnedMembers("extra_content")
            .build();

    public static final ServerSettings OPENROUTER = named("OpenRouter")
            .returnedMembers("reasoning_details", "reasoning")
            .build();

    public static final ServerSettings TOGETHER =
            named("Together").structuredOutputWithTools(false).returnedMembers().build();

    public static final ServerSettings FIREWORKS = named("Fireworks")
            .structuredOutputWithTools(false)
            .returnedMembers("reasoning_content")
            .build();

    public static final ServerSettings LITELLM = named("LiteLLM")
            .toolCallIds(ToolCallIds.ANY)
            .returnedMembers("reasoning_content", "thinking_blocks", "provider_specific_fields", "extra_content")
            .build();

    public static final ServerSettings OLLAMA = named("Ollama")
            .structuredOutputWithTools(false)
            .toolCallIds(ToolCallIds.ANY)
            .returnedMembers("reasoning")
            .build();

    public static final ServerSettings VLLM = named("vLLM")
            .structuredOutputWithTools(false)
            .toolCallIds(ToolCallIds.ANY)
            .returnedMembers("reasoning", "reasoning_content")
            .build();

    public static final ServerSettings LLAMA_CPP = named("llama.cpp")
            .structuredOutputWithTools(false)
            .toolCallIds(ToolCallIds.ANY)
            .returnedMembers("reasoning_content")
            .build();

    public static final ServerSettings LM_STUDIO = named("LM Studio")
            .structuredOutputWithTools(false)
            .toolCallIds(ToolCallIds.ANY)
            .returnedMembers()
            .build();

    private record Host(String domain, ServerSettings settings) {}

    private static final List<Host> HOSTS = List.of(
            new Host("openai.azure.com", AZURE),
            new Host("services.ai.azure.com", AZURE),
            new Host("cognitiveservices.azure.com", AZURE),
            new Host("azure-api.net", AZURE),
            new Host("openai.com", OPENAI),
            new Host("mistral.ai", MISTRAL),
            new Host("deepseek.com", DEEPSEEK),
            new Host("moonshot.ai", MOONSHOT),
            new Host("moonshot.cn", MOONSHOT),
            new Host("groq.com", GROQ),
            new Host("generativelanguage.googleapis.com", GEMINI),
            new Host("aiplatform.googleapis.com", GEMINI),
            new Host("openrouter.ai", OPENROUTER),
            new Host("together.xyz", TOGETHER),
            new Host("together.ai", TOGETHER),
            new Host("fireworks.ai", FIREWORKS));

    private Servers() {}

    /**
     * The settings of a host, in any case: those of a known domain that it is or belongs to, otherwise {@link #COMPATIBLE}.
     *
     * @param host such as {@code api.mistral.ai}
     */
    public static ServerSettings ofHost(String host) {
        var lowerCase = host.toLowerCase(Locale.ROOT);
        for (var known : HOSTS) {
            if (lowerCase.equals(known.domain)
                    || lowerCase.endsWith("." + known.domain)
                    || lowerCase.endsWith("-" + known.domain)) {
                return known.settings;
            }
        }
        return COMPATIBLE;
    }

    private static ServerSettings.Builder named(String name) {
        return ServerSettings.builder().name(name);
    }
}
