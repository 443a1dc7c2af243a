package dev.rein.anthropic.internal;

/** How a model thinks before it answers. */
public sealed interface Thinking {

    /** As the provider decides for the model. */
    record ProviderDefault() implements Thinking {}

    /** The model decides how much to think. */
    record Adaptive() implements Thinking {}

    /** @param tokens at most this many tokens, at least 1,024 */
    record Budget(int tokens) implements Thinking {}
}
