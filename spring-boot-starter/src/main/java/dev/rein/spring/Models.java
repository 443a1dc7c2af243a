package dev.rein.spring;

import dev.rein.anthropic.AnthropicMessages;
import dev.rein.gemini.Gemini;
import dev.rein.http.ModelBuilder;
import dev.rein.model.Model;
import dev.rein.ollama.Ollama;
import dev.rein.openai.OpenAIBuilder;
import dev.rein.openai.OpenAIChat;
import dev.rein.openai.OpenAIResponses;
import dev.rein.openai.ServerSettings;
import dev.rein.openai.Servers;
import java.util.Objects;
import org.springframework.util.ClassUtils;

/** Builds the model that the properties describe. Each provider's classes are loaded only for a model of that provider. */
final class Models {
    private Models() {}

    /** @throws IllegalArgumentException if a property has a value that the model refuses, or its module is missing */
    static Model of(ModelProperties properties) {
        return switch (properties.provider()) {
            case OPENAI -> {
                var builder = OpenAIChat.builder();
                server(builder, properties);
                yield configured(builder, properties).build();
            }
            case OPENAI_RESPONSES -> {
                var builder = OpenAIResponses.builder();
                server(builder, properties);
                yield configured(builder, properties).build();
            }
            case ANTHROPIC -> {
                require(properties, "dev.rein.anthropic.AnthropicMessages", "rein-anthropic");
                yield OfAnthropic.model(properties);
            }
            case GEMINI -> {
                require(properties, "dev.rein.gemini.Gemini", "rein-gemini");
                yield OfGemini.model(properties);
            }
            case OLLAMA -> {
                require(properties, "dev.rein.ollama.Ollama", "rein-ollama");
                yield OfOllama.model(properties);
            }
        };
    }

    private static void require(ModelProperties properties, String type, String module) {
        if (!ClassUtils.isPresent(type, null)) {
            throw new IllegalArgumentException("rein.model.provider is " + PropertyText.of(properties.provider())
                    + ", but " + module + " is not on the class path: add the dependency dev.rein:" + module);
        }
    }

    private static void server(OpenAIBuilder<?> builder, ModelProperties properties) {
        var server = properties.server();
        if (server != null) {
            builder.server(settings(server));
        }
    }

    private static ServerSettings settings(ModelProperties.Server server) {
        return switch (server) {
            case COMPATIBLE -> Servers.COMPATIBLE;
            case OPENAI -> Servers.OPENAI;
            case AZURE -> Servers.AZURE;
            case MISTRAL -> Servers.MISTRAL;
            case DEEPSEEK -> Servers.DEEPSEEK;
            case MOONSHOT -> Servers.MOONSHOT;
            case GROQ -> Servers.GROQ;
            case GEMINI -> Servers.GEMINI;
            case OPENROUTER -> Servers.OPENROUTER;
            case TOGETHER -> Servers.TOGETHER;
            case FIREWORKS -> Servers.FIREWORKS;
            case LITELLM -> Servers.LITELLM;
            case OLLAMA -> Servers.OLLAMA;
            case VLLM -> Servers.VLLM;
            case LLAMA_CPP -> Servers.LLAMA_CPP;
            case LM_STUDIO -> Servers.LM_STUDIO;
        };
    }

    private static <B extends ModelBuilder<B>> B configured(B builder, ModelProperties properties) {
        builder.id(Objects.requireNonNull(properties.name(), "name"));
        if (properties.baseUrl() != null) {
            builder.baseUrl(properties.baseUrl());
        }
        if (properties.apiKey() != null && !properties.apiKey().isBlank()) {
            builder.apiKey(properties.apiKey());
        }
        if (properties.temperature() != null) {
            builder.temperature(properties.temperature());
        }
        if (properties.topP() != null) {
            builder.topP(properties.topP());
        }
        if (properties.maxOutputTokens() != null) {
            builder.maxOutputTokens(properties.maxOutputTokens());
        }
        if (properties.seed() != null) {
            builder.seed(properties.seed());
        }
        if (properties.reasoningEffort() != null) {
            builder.reasoningEffort(properties.reasoningEffort());
        }
        if (properties.connectTimeout() != null) {
            builder.connectTimeout(properties.connectTimeout());
        }
        properties.headers().forEach(builder::header);
        return builder;
    }

    private static final class OfAnthropic {
        private OfAnthropic() {}

        static Model model(ModelProperties properties) {
            return configured(AnthropicMessages.builder(), properties).build();
        }
    }

    private static final class OfGemini {
        private OfGemini() {}

        static Model model(ModelProperties properties) {
            return configured(Gemini.builder(), properties).build();
        }
    }

    private static final class OfOllama {
        private OfOllama() {}

        static Model model(ModelProperties properties) {
            return configured(Ollama.builder(), properties).build();
        }
    }
}
