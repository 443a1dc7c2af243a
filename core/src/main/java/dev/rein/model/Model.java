package dev.rein.model;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A language model. Implementations are immutable and thread-safe: one instance serves any number of runs at once.
 *
 * <p>The only way to ask a model is a streaming one, because only closing the stream makes a provider stop generating. An
 * implementation makes one attempt; retries, back-off and fallbacks belong to the kernel.
 */
public interface Model {

    /** The id of the model at its provider, such as {@code gpt-4o-mini}. */
    String id();

    /** The name of the provider, such as {@code OpenAI}. */
    String provider();

    /**
     * The server that runs the model, such as {@code api.openai.com/v1}: models of one id at several servers do not understand each
     * other's {@link ProviderData}. Empty by default, for providers that have one server.
     */
    default String server() {
        return "";
    }

    /** The kind of the model for people, such as {@code OpenAIChat}; by default the name of the class. */
    default String name() {
        var name = getClass().getSimpleName();
        return name.isEmpty() ? "Model" : name;
    }

    /** The prices of the model; null for those of the table of its agent or team, see {@link Prices}. */
    default @Nullable Pricing pricing() {
        return null;
    }

    /**
     * The media types of the files that the model takes in its input beside images, such as {@code application/pdf} or {@code audio/*};
     * none by default. {@link OutgoingRequests#prepare} refuses others.
     */
    default Set<String> fileTypes() {
        return Set.of();
    }

    /**
     * Requests one response and blocks until it is complete. Each delta is reported to {@code call} as it arrives. Before it
     * blocks, an implementation registers an aborter with {@code call.cancellation()}.
     *
     * @return the complete response: all reported text, all tool calls, and the usage if known
     * @throws ModelException if the provider rejects the request, fails, or returns an unreadable response
     * @throws dev.rein.cancel.CancelledException if the run was cancelled; any other exception after a stop is treated alike
     */
    ModelResponse respond(ModelRequest request, ModelCall call) throws ModelException;
}
