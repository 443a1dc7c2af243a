package dev.rein.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelChoiceTest {
    private static final String URL = "http://127.0.0.1:1/v1";

    @Test
    void theModelIsTheOneAskedForOrThatOfTheEnvironmentOrTheDefault() {
        var environment = Map.of("REIN_MODEL", "qwen3");

        assertThat(ModelChoice.of("llama", URL, 25, environment).model().id()).isEqualTo("llama");
        assertThat(ModelChoice.of(null, URL, 25, environment).model().id()).isEqualTo("qwen3");
        assertThat(ModelChoice.of(null, URL, 25, Map.of()).model().id()).isEqualTo("gpt-4o-mini");
    }

    @Test
    void anIdMayNameAModelOfGeminiOrOllama() {
        var url = "http://127.0.0.1:1";

        assertThat(ModelChoice.of("gemini:flash", url, 25, Map.of()).note())
                .isEqualTo("Model: Gemini[flash at http://127.0.0.1:1/v1beta]");
        assertThat(ModelChoice.of("ollama:llama3.2:1b", url, 25, Map.of()).note())
                .isEqualTo("Model: Ollama[llama3.2:1b at http://127.0.0.1:1]");
        assertThat(ModelChoice.of("ft:gpt-4o-mini:me", url, 25, Map.of())
                        .model()
                        .provider())
                .isEqualTo("OpenAI");
    }

    @Test
    void anIdMayNameAModelOfAnthropic() {
        var choice = ModelChoice.of("anthropic:claude", "http://127.0.0.1:1", 25, Map.of());

        assertThat(choice.offline()).isFalse();
        assertThat(choice.note()).isEqualTo("Model: AnthropicMessages[claude at http://127.0.0.1:1]");
        assertThat(ModelChoice.of(null, null, 25, Map.of("REIN_MODEL", "anthropic:c"))
                        .model()
                        .provider())
                .isEqualTo("Anthropic");
    }

    @Test
    void withoutKeyAndServerTheModelIsOfflineAndTheNoteSaysSo() {
        var choice = ModelChoice.of(null, null, 25, Map.of("REIN_MODEL", "qwen3"));

        assertThat(choice.offline()).isTrue();
        assertThat(choice.note()).startsWith("Offline model");
    }
}
