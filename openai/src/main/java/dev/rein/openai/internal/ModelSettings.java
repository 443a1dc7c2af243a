package dev.rein.openai.internal;

import dev.rein.openai.ThinkTags;
import org.jspecify.annotations.Nullable;

/**
 * The settings that a model sends with every request.
 *
 * @param model the model's id
 * @param temperature null for the provider's default
 * @param maxOutputTokens null for the provider's default
 * @param reasoningEffort one of the provider's names; null for its default
 * @param reasoningSummary the kind of summary to request; null for none; responses API only
 * @param background whether the provider generates in the background; responses API only
 * @param thinkTags the tags around reasoning in the text; null if there are none
 */
public record ModelSettings(
        String model,
        @Nullable Double temperature,
        @Nullable Integer maxOutputTokens,
        @Nullable String reasoningEffort,
        @Nullable String reasoningSummary,
        boolean background,
        @Nullable ThinkTags thinkTags) {

    /** The {@link dev.rein.model.Model#provider()} of the models. */
    public static final String PROVIDER = "OpenAI";
}
