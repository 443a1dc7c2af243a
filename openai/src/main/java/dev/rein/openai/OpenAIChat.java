package dev.rein.openai;

import dev.rein.openai.internal.ChatCompletionsApi;
import java.util.Set;

/**
 * A model that is called through the chat completions API of OpenAI or of a compatible server.
 *
 * {@snippet :
 * var gpt = OpenAIChat.of("gpt-4o-mini");
 * var local = OpenAIChat.builder().id("llama3.2").baseUrl("http://localhost:11434/v1").temperature(0.2).build();
 * }
 *
 * Creating a model is cheap and sends nothing. If no API key is configured, calls fail with {@code AUTHENTICATION}. Immutable
 * and thread-safe.
 */
public final class OpenAIChat extends OpenAIModel {

    private OpenAIChat(Builder builder) {
        super(
                builder,
                endpoint -> new ChatCompletionsApi(endpoint, builder.settings(endpoint, false, null, false, false)));
    }

    /** A model whose API key and server are taken from the environment. */
    public static OpenAIChat of(String id) {
        return builder().id(id).build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Builds an {@link OpenAIChat}. */
    public static final class Builder extends OpenAIBuilder<Builder> {

        private Builder() {}

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        Set<String> knownFileTypes() {
            return Set.of("application/pdf", "audio/wav", "audio/mpeg");
        }

        /**
         * @throws IllegalArgumentException if the base URL is not an http(s) URL
         * @throws IllegalStateException if no id is set
         */
        public OpenAIChat build() {
            return new OpenAIChat(this);
        }
    }
}
