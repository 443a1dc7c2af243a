package dev.rein.spring;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The model that agents use if they are given no other. There is one if a property below {@code rein.model} is set. Immutable.
 *
 * @param provider whose protocol the server speaks
 * @param name the server's id of the model, such as gpt-4o-mini
 * @param server the kind of server, for the protocol of OpenAI; by default that of a known host
 * @param baseUrl the URL of the server's API; by default that of the provider, or of its environment variable
 * @param apiKey the API key; by default that of the provider's environment variable
 * @param temperature the temperature
 * @param topP the probability mass of the tokens that are considered
 * @param maxOutputTokens the maximum number of tokens of a response
 * @param seed the seed for reproducible responses
 * @param reasoningEffort how much a reasoning model thinks, in the provider's words
 * @param connectTimeout how long connecting may take
 * @param headers headers to send with every request
 */
@ConfigurationProperties("rein.model")
public record ModelProperties(
        @DefaultValue("openai") Provider provider,
        @Nullable String name,
        @Nullable Server server,
        @Nullable String baseUrl,
        @Nullable String apiKey,
        @Nullable Double temperature,
        @Nullable Double topP,
        @Nullable Integer maxOutputTokens,
        @Nullable Long seed,
        @Nullable String reasoningEffort,
        @Nullable Duration connectTimeout,
        @DefaultValue Map<String, String> headers) {

    /** Protocols. */
    public enum Provider {
        /** Chat completions of OpenAI and compatible servers. */
        OPENAI,
        /** Responses of OpenAI. */
        OPENAI_RESPONSES,
        /** Messages of Anthropic; needs rein-anthropic. */
        ANTHROPIC,
        /** Google Gemini; needs rein-gemini. */
        GEMINI,
        /** Ollama's own protocol; needs rein-ollama. */
        OLLAMA
    }

    /** Servers that speak the protocol of OpenAI, each in its own way; see {@link dev.rein.openai.Servers}. */
    public enum Server {
        COMPATIBLE,
        OPENAI,
        AZURE,
        MISTRAL,
        DEEPSEEK,
        MOONSHOT,
        GROQ,
        GEMINI,
        OPENROUTER,
        TOGETHER,
        FIREWORKS,
        LITELLM,
        OLLAMA,
        VLLM,
        LLAMA_CPP,
        LM_STUDIO
    }

    public ModelProperties {
        headers = Map.copyOf(headers);
        if (name == null || name.isBlank()) {
            throw new IllegalArgumentException("rein.model.name is " + (name == null ? "not set" : "blank")
                    + ", but other properties of rein.model are set: give the id of the model, such as gpt-4o-mini");
        }
        if (server != null && provider != Provider.OPENAI && provider != Provider.OPENAI_RESPONSES) {
            throw new IllegalArgumentException("rein.model.server is " + PropertyText.of(server)
                    + ", but rein.model.provider is " + PropertyText.of(provider)
                    + ": set the provider to openai, or leave the server out");
        }
        if (connectTimeout != null) {
            PropertyText.requirePositive("rein.model.connect-timeout", connectTimeout);
        }
    }

    /** Without the key and the headers, which are secrets. */
    @Override
    public String toString() {
        return "ModelProperties[provider=" + PropertyText.of(provider) + ", name=" + name + ", baseUrl=" + baseUrl
                + "]";
    }
}
