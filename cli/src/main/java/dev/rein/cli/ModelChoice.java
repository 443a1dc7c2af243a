package dev.rein.cli;

import dev.rein.anthropic.AnthropicMessages;
import dev.rein.cli.offline.OfflineModel;
import dev.rein.gemini.Gemini;
import dev.rein.model.Model;
import dev.rein.ollama.Ollama;
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

    /** How a provider makes a model of an id. */
    private interface Provider {
        Model model(String id, @Nullable String baseUrl);
    }

    /** By what precedes the id of a model of theirs. */
    private static final Map<String, Provider> PROVIDERS =
            Map.of("anthropic", ModelChoice::anthropic, "gemini", ModelChoice::gemini, "ollama", ModelChoice::ollama);

    /**
     * Selects a model of Anthropic, Gemini or Ollama if the id says so, else a real model if a key or a server is configured, otherwise the offline model.
     *
     * @param id the model's id, or {@code anthropic:}, {@code gemini:} or {@code ollama:} and an id; null for {@code REIN_MODEL} or the
     *     default
     * @param baseUrl the server; null for that of the provider's environment variable
     * @param pace tokens per second of the offline model
     * @param environment the environment variables
     * @throws IllegalArgumentException if an option is invalid
     */
    public static ModelChoice of(
            @Nullable String id, @Nullable String baseUrl, double pace, Map<String, String> environment) {
        var name = id == null ? idFrom(environment) : id;
        var colon = name.indexOf(':');
        var provider = colon < 0 ? null : PROVIDERS.get(name.substring(0, colon));
        if (provider != null) {
            return real(provider.model(name.substring(colon + 1), baseUrl));
        }
        if (baseUrl == null && !isSet(environment, "OPENAI_API_KEY") && !isSet(environment, "OPENAI_BASE_URL")) {
            return new ModelChoice(
                    new OfflineModel(pace),
                    true,
                    "Offline model: tells a built-in story; tools return built-in samples. For a real model set"
                            + " OPENAI_API_KEY, or OPENAI_BASE_URL to any OpenAI-compatible server, or use --model"
                            + " anthropic:ID, gemini:ID or ollama:ID.");
        }
        var builder = OpenAIChat.builder().id(name);
        if (baseUrl != null) {
            builder.baseUrl(baseUrl);
        }
        return real(builder.build());
    }

    private static Model anthropic(String id, @Nullable String baseUrl) {
        var builder = AnthropicMessages.builder().id(id);
        return baseUrl == null ? builder.build() : builder.baseUrl(baseUrl).build();
    }

    private static Model gemini(String id, @Nullable String baseUrl) {
        var builder = Gemini.builder().id(id);
        return baseUrl == null ? builder.build() : builder.baseUrl(baseUrl).build();
    }

    private static Model ollama(String id, @Nullable String baseUrl) {
        var builder = Ollama.builder().id(id);
        return baseUrl == null ? builder.build() : builder.baseUrl(baseUrl).build();
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
