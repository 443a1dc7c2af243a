package dev.rein.openai.internal;

import dev.rein.model.ModelSettings;
import dev.rein.openai.ThinkTags;
import org.jspecify.annotations.Nullable;

/**
 * The settings that a model sends with every request.
 *
 * @param model the model's id
 * @param defaults of the settings that a request does not set itself
 * @param reasoningSummary the kind of summary to request; null for none; responses API only
 * @param background whether the provider generates in the background; responses API only
 * @param thinkTags the tags around reasoning in the text; null if there are none
 */
public record RequestSettings(
        String model,
        ModelSettings defaults,
        @Nullable String reasoningSummary,
        boolean background,
        @Nullable ThinkTags thinkTags) {

    /** The {@link dev.rein.model.Model#provider()} of the models. */
    public static final String PROVIDER = "OpenAI";
}
