package dev.rein.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rein.model.ModelException;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.RecordingModelCall;
import dev.rein.testkit.Script;
import java.net.http.HttpClient;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The builder and its validation; secrets are never shown. */
class BuilderTest {
    private final FakeProvider provider = FakeProvider.start();
    private final RecordingModelCall call = new RecordingModelCall();

    @AfterEach
    void close() {
        provider.close();
    }

    private static AnthropicBuilder in(Map<String, String> environment) {
        return AnthropicMessages.builder().id("claude").environment(environment::get);
    }

    @Test
    void aCallWithoutAKeyFailsAndSaysWhatToSet() {
        var model = in(Map.of()).build();

        var failure = catchThrowableOfType(ModelException.class, () -> model.respond(TestModels.HELLO, call));

        assertThat(failure.kind()).isEqualTo(ModelException.Kind.AUTHENTICATION);
        assertThat(failure).hasMessageContaining("ANTHROPIC_API_KEY").hasMessageContaining("ANTHROPIC_BASE_URL");
    }

    @Test
    void keyAndBaseUrlAreTakenFromTheEnvironment() {
        var model = in(Map.of(
                        "ANTHROPIC_API_KEY",
                        " " + TestModels.KEY + "\n",
                        "ANTHROPIC_BASE_URL",
                        provider.url() + "/v1/"))
                .build();

        model.respond(TestModels.HELLO, call);

        var request = provider.requests().getFirst();
        assertThat(request.path()).isEqualTo("/v1/messages");
        assertThat(request.header("x-api-key")).isEqualTo(TestModels.KEY);
        assertThat(request.header("anthropic-version")).isEqualTo("2023-06-01");
        assertThat(request.header("anthropic-beta")).isNull();
        assertThat(model).hasToString("AnthropicMessages[claude at " + provider.url() + "]");
    }

    @Test
    void withoutVariablesTheProviderIsAnthropic() {
        assertThat(in(Map.of()).build()).hasToString("AnthropicMessages[claude at https://api.anthropic.com]");
        assertThat(AnthropicMessages.of("claude").id()).isEqualTo("claude");
        assertThat(AnthropicMessages.of("claude").provider()).isEqualTo("Anthropic");
    }

    @Test
    void aServerThatNeedsNoKeyGetsNone() {
        in(Map.of()).baseUrl(provider.url()).build().respond(TestModels.HELLO, call);

        assertThat(provider.requests().getFirst().header("x-api-key")).isNull();
    }

    @Test
    void headersReplaceThoseThatWouldBeSent() {
        in(Map.of("ANTHROPIC_API_KEY", TestModels.KEY))
                .baseUrl(provider.url())
                .header("Authorization", "Bearer gateway-token")
                .header("anthropic-version", "2099-01-01")
                .beta("context-1m-2025-08-07", "another")
                .query("tenant", "a b")
                .build()
                .respond(TestModels.HELLO, call);

        var request = provider.requests().getFirst();
        assertThat(request.header("authorization")).isEqualTo("Bearer gateway-token");
        assertThat(request.header("x-api-key")).isNull();
        assertThat(request.header("anthropic-version")).isEqualTo("2099-01-01");
        assertThat(request.header("anthropic-beta")).isEqualTo("context-1m-2025-08-07,another");
        assertThat(request.query()).isEqualTo("tenant=a%20b");
    }

    @Test
    void aKeyThatTheServerEchoesIsHidden() {
        provider.enqueue(Script.status(401, "invalid x-api-key " + TestModels.KEY));
        var model = TestModels.at(provider).build();

        var failure = catchThrowableOfType(ModelException.class, () -> model.respond(TestModels.HELLO, call));

        assertThat(failure).hasMessageContaining("ANTHROPIC_API_KEY");
        assertThat(failure.getMessage() + failure.body()).doesNotContain(TestModels.KEY);
        assertThat(model.toString()).doesNotContain(TestModels.KEY);
    }

    @Test
    void aClientOfTheUserIsUsed() {
        try (var client = HttpClient.newHttpClient()) {
            TestModels.at(provider).httpClient(client).build().respond(TestModels.HELLO, call);
        }

        assertThat(provider.requestCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "with space", "schlüssel"})
    void anInvalidKeyIsRejectedWithoutShowingIt(String key) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AnthropicMessages.builder().apiKey(key))
                .withMessageContaining("API key")
                .satisfies(e -> assertThat(key.isBlank() || !e.getMessage().contains(key))
                        .isTrue());
    }

    @Test
    void invalidSettingsAreRejectedWithTheirValues() {
        var builder = in(Map.of());
        assertThatIllegalArgumentException().isThrownBy(() -> builder.id(" "));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> in(Map.of()).temperature(1.5).build())
                .withMessageContaining("1.5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.thinking(100))
                .withMessageContaining("100");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.maxOutputTokens(0))
                .withMessageContaining("0");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> in(Map.of()).thinking(4096).maxOutputTokens(4096).build())
                .withMessageContaining("4096");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> in(Map.of()).baseUrl("api.anthropic.com").build())
                .withMessageContaining("api.anthropic.com");
        assertThatIllegalStateException()
                .isThrownBy(() -> AnthropicMessages.builder().build())
                .withMessageContaining("id(..)");
    }
}
