package dev.rein.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.rein.model.Message;
import dev.rein.model.ModelRequest;
import dev.rein.model.Pricing;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.RecordingModelCall;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The builder, and the forms of {@code OLLAMA_HOST}. */
class OllamaBuilderTest {

    @ParameterizedTest
    @CsvSource({
        ", http://localhost:11434",
        "' ', http://localhost:11434",
        "example.org, http://example.org:11434",
        "example.org:80, http://example.org:80",
        ":8080, http://localhost:8080",
        "0.0.0.0, http://127.0.0.1:11434",
        "0.0.0.0:80, http://127.0.0.1:80",
        "http://0.0.0.0:80/, http://127.0.0.1:80",
        "::1, http://[::1]:11434",
        "[::]:80, http://[::1]:80",
        "10.0.0.0.example.org, http://10.0.0.0.example.org:11434",
        "https://example.org, https://example.org",
        "https://example.org/ollama/, https://example.org/ollama",
        "example.org/ollama, http://example.org:11434/ollama",
        "ollama.com, https://ollama.com",
    })
    void theServerIsThatOfTheEnvironment(String host, String url) {
        var model =
                builder(host == null ? Map.of() : Map.of("OLLAMA_HOST", host)).build();

        assertThat(model).hasToString("Ollama[llama3.2 at " + url + "]");
    }

    @Test
    void theBaseUrlComesBeforeTheEnvironment() {
        assertThat(builder(Map.of("OLLAMA_HOST", "example.org"))
                        .baseUrl("http://localhost:1/")
                        .build())
                .hasToString("Ollama[llama3.2 at http://localhost:1]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:11434/v1", "http://localhost:11434/api/", "localhost", "ftp://localhost"})
    void anAddressThatIsNoServersIsRefused(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder(Map.of()).baseUrl(url).build())
                .withMessageContaining(url)
                .withMessageContaining("http://localhost:11434");
    }

    @Test
    void anIdIsRequired() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Ollama.builder().build())
                .withMessageContaining("call id(..), for example with \"llama3.2\"");
        assertThatIllegalArgumentException().isThrownBy(() -> Ollama.of(" ")).withMessageContaining("blank");
    }

    @Test
    void valuesOutOfTheirBoundsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ollama.builder().contextLength(0))
                .withMessageContaining("contextLength is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ollama.builder().option("top_k", Double.NaN))
                .withMessageContaining("top_k is NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ollama.builder().option(" ", 1))
                .withMessageContaining("blank");
    }

    @Test
    void onesOwnServerIsFreeAndOthersHaveNoPrice() {
        assertThat(builder(Map.of()).build().pricing()).isEqualTo(new Pricing(0, 0));
        assertThat(builder(Map.of("OLLAMA_HOST", "ollama.com")).build().pricing())
                .isNull();
        assertThat(builder(Map.of()).pricing(new Pricing(1, 2)).build().pricing())
                .isEqualTo(new Pricing(1, 2));
    }

    @Test
    void aKeyAndHeadersAreSentOnlyIfSet() {
        try (var provider = FakeProvider.start()) {
            builder(Map.of("OLLAMA_HOST", provider.url()))
                    .header("X-Gateway", "secret")
                    .build()
                    .respond(ModelRequest.of(Message.user("Hello")), new RecordingModelCall());
            builder(Map.of("OLLAMA_API_KEY", "key-of-mine"))
                    .baseUrl(provider.url())
                    .build()
                    .respond(ModelRequest.of(Message.user("Hello")), new RecordingModelCall());

            var requests = provider.requests();
            assertThat(requests.get(0).header("authorization")).isNull();
            assertThat(requests.get(0).header("x-gateway")).isEqualTo("secret");
            assertThat(requests.get(1).header("authorization")).isEqualTo("Bearer key-of-mine");
        }
    }

    private static Ollama.Builder builder(Map<String, String> environment) {
        return Ollama.builder().id("llama3.2").environment(environment::get);
    }
}
