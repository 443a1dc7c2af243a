package dev.rein.cli;

import dev.rein.anthropic.AnthropicMessages;
import dev.rein.cli.offline.OfflineModel;
import dev.rein.model.Model;
import dev.rein.openai.OpenAIChat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The model of a demo or a server.
 *
 * @param model the model
 * @param offline whether it is the offline model
 * @param note describes the model, for the first line of the output
 */
public record ModelChoice(Model model, boolean offline, String note) {
    private static final String DEFAULT_MODEL = "gpt-4o-mini";

    /** Precedes the id of a model of Anthropic. */
    private static final String ANTHROPIC = "anthropic:";

    /**
     * Selects a model of Anthropic if the id says so, else a real model if a key or a server is configured, otherwise the offline model.
     *
     * @param id the model's id, or {@code anthropic:} and an id; null for {@code REIN_MODEL} or the default
     * @param baseUrl the server; null for {@code OPENAI_BASE_URL} or {@code ANTHROPIC_BASE_URL}
     * @param pace tokens per second of the offline model
     * @param environment the environment variables
     * @throws IllegalArgumentException if an option is invalid
     */
    public static ModelChoice of(
            @Nullable String id, @Nullable String baseUrl, double pace, Map<String, String> environment) {
        var name = id == null ? idFrom(environment) : id;
        if (name.startsWith(ANTHROPIC)) {
            var builder = AnthropicMessages.builder().id(name.substring(ANTHROPIC.length()));
            return real(
                    baseUrl == null ? builder.build() : builder.baseUrl(baseUrl).build());
        }
        if (baseUrl == null && !isSet(environment, "OPENAI_API_KEY") && !isSet(environment, "OPENAI_BASE_URL")) {
            return new ModelChoice(
                    new OfflineModel(pace),
                    true,
                    "Offline model: tells a built-in story; tools return built-in samples. For a real model set"
                            + " OPENAI_API_KEY, or OPENAI_BASE_URL to any OpenAI-compatible server, or use --model"
                            + " anthropic:ID.");
        }
        var builder = OpenAIChat.builder().id(name);
        if (baseUrl != null) {
            builder.baseUrl(baseUrl);
        }
        return real(builder.build());
    }

    private static ModelChoice real(Model model) {
        return new ModelChoice(model, false, "Model: " + model);
    }

    private static String idFrom(Map<String, String> environment) {
        return isSet(environment, "REIN_MODEL") ? environment.getOrDefault("REIN_MODEL", "") : DEFAULT_MODEL;
    }

    private static boolean isSet(Map<String, String> environment, String name) {
        return !environment.getOrDefault(name, "").isBlank();
    }
}
