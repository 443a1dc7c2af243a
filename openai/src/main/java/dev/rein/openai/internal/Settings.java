package dev.rein.openai.internal;

import org.jspecify.annotations.Nullable;

/**
 * What every request of a model says.
 *
 * @param model the model's id
 * @param temperature null for the provider's default
 * @param maxOutputTokens null for the provider's default
 * @param reasoningEffort in the provider's words; null for its default
 * @param reasoningSummary whether to ask for a summary of the reasoning, and which; null for none; of responses only
 * @param background whether the provider works on when the connection breaks; of responses only
 */
public record Settings(
        String model,
        @Nullable Double temperature,
        @Nullable Integer maxOutputTokens,
        @Nullable String reasoningEffort,
        @Nullable String reasoningSummary,
        boolean background) {}
