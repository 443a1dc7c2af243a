package dev.rein.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.rein.model.ToolCallIds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The settings of a server are those that are given, or those of a known host. */
class ServersTest {

    @ParameterizedTest
    @CsvSource({
        "https://API.OpenAI.com/v1, OpenAI",
        "https://eu.api.openai.com/v1, OpenAI",
        "https://x.openai.azure.com, Azure",
        "https://X.Services.AI.Azure.com/openai/v1, Azure",
        "https://gateway.azure-api.net/ai, Azure",
        "https://api.mistral.ai/v1, Mistral",
        "https://api.deepseek.com, DeepSeek",
        "https://api.moonshot.cn/v1, Moonshot",
        "https://api.groq.com/openai/v1, Groq",
        "https://generativelanguage.googleapis.com/v1beta/openai/, Gemini",
        "https://us-central1-aiplatform.googleapis.com/v1, Gemini",
        "https://openrouter.ai/api/v1, OpenRouter",
        "https://api.together.xyz/v1, Together",
        "https://api.fireworks.ai/inference/v1, Fireworks",
        "http://localhost:11434/v1, OpenAI-compatible",
        "https://notopenai.com/v1, OpenAI-compatible",
        "https://openai.com.example.org/v1, OpenAI-compatible"
    })
    void theServerIsKnownByItsHostAndShown(String baseUrl, String name) {
        assertThat(OpenAIChat.builder().id("m").baseUrl(baseUrl).build().toString())
                .endsWith(", server " + name + "]");
    }

    @Test
    void theGivenServerIsUsedWhateverTheHost() {
        var model = OpenAIChat.builder()
                .id("m")
                .baseUrl("https://api.openai.com/v1")
                .server(Servers.VLLM)
                .build();

        assertThat(model).hasToString("OpenAIChat[m at https://api.openai.com/v1, server vLLM]");
    }

    @Test
    void aCopyHasAllSettingsButThoseThatAreChanged() {
        for (var server : new ServerSettings[] {Servers.AZURE, Servers.MISTRAL, Servers.DEEPSEEK, Servers.LITELLM}) {
            assertThat(server.toBuilder().build()).isEqualTo(server).hasSameHashCodeAs(server);
        }
        var changed = Servers.MISTRAL.toBuilder()
                .toolCallIds(ToolCallIds.ANY)
                .thinkTags(ThinkTags.THINK)
                .build();

        assertThat(changed).isNotEqualTo(Servers.MISTRAL);
        assertThat(changed.seedField()).isEqualTo("random_seed");
        assertThat(changed.toBuilder().build()).isEqualTo(changed);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerSettings.builder().seedField(" "))
                .withMessageContaining("seedField");
    }
}
