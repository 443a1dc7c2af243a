package dev.rein.anthropic;

import dev.rein.anthropic.internal.MessagesApi;
import dev.rein.http.ModelEndpoint;
import dev.rein.model.Model;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelException;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.model.Pricing;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A model that is called through Anthropic's Messages API, or through a compatible server.
 *
 * {@snippet :
 * var claude = AnthropicMessages.of("claude-sonnet-4-5");
 * var thorough = AnthropicMessages.builder().id("claude-opus-4-6").adaptiveThinking().promptCaching(true).build();
 * }
 *
 * Thinking, with its signatures, is kept with the message and sent back to the same model. Creating a model is cheap and sends nothing. If
 * no API key is configured, calls fail with {@code AUTHENTICATION}. Immutable and thread-safe.
 */
public final class AnthropicMessages implements Model {
    private final String id;
    private final ModelEndpoint endpoint;
    private final boolean hasCredentials;
    private final @Nullable Pricing pricing;
    private final Set<String> fileTypes;
    private final MessagesApi api;

    AnthropicMessages(AnthropicBuilder builder) {
        var options = builder.options();
        id = options.model();
        endpoint = builder.server();
        hasCredentials = builder.isUsable(endpoint);
        pricing = builder.price();
        fileTypes = builder.files();
        api = new MessagesApi(endpoint, options);
    }

    /** A model whose API key and server are taken from the environment. */
    public static AnthropicMessages of(String id) {
        return builder().id(id).build();
    }

    public static AnthropicBuilder builder() {
        return new AnthropicBuilder();
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String provider() {
        return "Anthropic";
    }

    @Override
    public String server() {
        return endpoint.server();
    }

    @Override
    public @Nullable Pricing pricing() {
        return pricing;
    }

    /** Those of the builder, otherwise those that the API takes. */
    @Override
    public Set<String> fileTypes() {
        return fileTypes;
    }

    @Override
    public ModelResponse respond(ModelRequest request, ModelCall call) {
        if (!hasCredentials) {
            throw new ModelException(
                    ModelException.Kind.AUTHENTICATION,
                    "No API key is set: set the environment variable ANTHROPIC_API_KEY or call apiKey(..) on the model's"
                            + " builder. For a server that needs no key, set ANTHROPIC_BASE_URL or call baseUrl(..)");
        }
        return api.respond(this, request, call);
    }

    @Override
    public String toString() {
        return "AnthropicMessages[" + id + " at " + endpoint + "]";
    }
}
