package dev.rein.openai;

import dev.rein.model.Model;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.model.Pricing;
import dev.rein.openai.internal.ChatCompletions;
import dev.rein.openai.internal.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * A model behind the chat completions API, of OpenAI or of any server compatible with it.
 *
 * {@snippet :
 * var gpt = OpenAIChat.of("gpt-4o-mini");
 * var local = OpenAIChat.builder().id("llama3.2").baseUrl("http://localhost:11434/v1").temperature(0.2).build();
 * }
 *
 * Making one sends nothing and is cheap. Without a key the first call fails with {@code AUTHENTICATION}. Immutable and
 * thread-safe.
 */
public final class OpenAIChat implements Model {

    private final String id;
    private final Endpoint endpoint;
    private final @Nullable Pricing pricing;
    private final ChatCompletions completions;

    private OpenAIChat(Builder builder) {
        id = builder.requiredId();
        endpoint = builder.endpoint();
        pricing = builder.pricing;
        completions = new ChatCompletions(endpoint, builder.settings(null, false));
    }

    /** A model with key and address from the environment. */
    public static OpenAIChat of(String id) {
        return builder().id(id).build();
    }

    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String provider() {
        return "OpenAI";
    }

    @Override
    public @Nullable Pricing pricing() {
        return pricing;
    }

    @Override
    public ModelResponse respond(ModelRequest request, ModelCall call) {
        return completions.respond(request, call);
    }

    @Override
    public String toString() {
        return "OpenAIChat[" + id + " at " + endpoint + "]";
    }

    /** Makes an {@link OpenAIChat}. */
    public static final class Builder extends OpenAIBuilder<Builder> {

        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /**
         * @throws IllegalArgumentException if the base URL is no http(s) URL
         * @throws IllegalStateException if no id was given
         */
        public OpenAIChat build() {
            return new OpenAIChat(this);
        }
    }
}
