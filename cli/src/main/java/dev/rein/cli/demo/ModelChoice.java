package dev.rein.cli.demo;

import dev.rein.cli.offline.OfflineModel;
import dev.rein.model.Model;
import dev.rein.openai.OpenAIChat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The model that a demo uses.
 *
 * @param model the model
 * @param note which one it is, for the first line
 */
record ModelChoice(Model model, String note) {
    private static final String DEFAULT_MODEL = "gpt-4o-mini";

    /**
     * A real model when a key or a server is configured, the offline one otherwise.
     *
     * @param id the model's id; null for the default
     * @param baseUrl the server; null for that of the environment
     * @param pace tokens a second of the offline model
     * @param environment the process's variables
     * @throws IllegalArgumentException if the address is none
     */
    static ModelChoice of(@Nullable String id, @Nullable String baseUrl, double pace, Map<String, String> environment) {
        var key = given(environment.get("OPENAI_API_KEY"));
        var server = baseUrl != null ? baseUrl : given(environment.get("OPENAI_BASE_URL"));
        if (key == null && server == null) {
            return new ModelChoice(
                    new OfflineModel(pace),
                    "Offline model: it tells a built-in story. For a real one set OPENAI_API_KEY,"
                            + " or OPENAI_BASE_URL (--base-url) to any OpenAI-compatible server.");
        }
        var model = OpenAIChat.builder().model(id == null ? DEFAULT_MODEL : id);
        if (server != null) {
            model.baseUrl(server);
        }
        // Servers of one's own ask for no key, but the request must carry one.
        model.apiKey(key == null ? "none" : key);
        var built = model.build();
        return new ModelChoice(built, "Model: " + built.id() + " at " + (server == null ? "OpenAI" : server));
    }

    private static @Nullable String given(@Nullable String value) {
        return value == null || value.isBlank() ? null : value.strip();
    }
}
