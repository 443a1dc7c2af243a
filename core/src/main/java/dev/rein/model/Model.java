package dev.rein.model;

import org.jspecify.annotations.Nullable;

/**
 * A language model. Implementations are immutable and thread-safe: one instance serves any number of runs at once.
 *
 * <p>There is one method, and it streams, because only a closed stream makes a provider stop generating. Retries,
 * back-off and fallbacks are the kernel's; an implementation makes one attempt.
 */
public interface Model {

    /** The model's id as its provider knows it, such as {@code gpt-4o-mini}. */
    String id();

    /** The provider's name, such as {@code OpenAI}. */
    String provider();

    /** What kind of model this is, for people, such as {@code OpenAIChat}; the name of the class unless overridden. */
    default String name() {
        var name = getClass().getSimpleName();
        return name.isEmpty() ? "Model" : name;
    }

    /** What a token costs; null when unknown, and then a cost limit is refused. */
    default @Nullable Pricing pricing() {
        return null;
    }

    /**
     * Asks for one response and blocks until it is complete. Every delta goes to {@code call} as it arrives. Before it
     * blocks, an implementation registers what ends the wait with {@code call.cancellation()}.
     *
     * @return the whole response: all text that was reported, all tool calls, the usage as far as known
     * @throws ModelException if the provider refuses, fails, or answers something that can't be read
     * @throws dev.rein.cancel.CancelledException if the run was stopped; any other exception after a stop counts as this
     */
    ModelResponse respond(ModelRequest request, ModelCall call) throws ModelException;
}
