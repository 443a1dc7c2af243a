package dev.rein.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rein.model.Model;
import dev.rein.model.ModelException;
import dev.rein.model.Pricing;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.Script;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Builders and their validation; secrets are never shown. */
class BuilderTest {

    private final RecordingModelCall call = new RecordingModelCall();

    @ParameterizedTest
    @EnumSource
    void aCallWithoutAKeyFailsAndSaysWhatToSet(Api api) {
        var model = api.model(builder -> environment(builder, Map.of()));

        var failure = catchThrowableOfType(ModelException.class, () -> model.respond(SampleRequests.HELLO, call));

        assertThat(failure.kind()).isEqualTo(ModelException.Kind.AUTHENTICATION);
        assertThat(failure).hasMessageContaining("OPENAI_API_KEY").hasMessageContaining("OPENAI_BASE_URL");
    }

    @Test
    void aHostWithAnUnderscoreIsRejectedWithTheReason() {
        assertThatThrownBy(() -> OpenAIChat.builder()
                        .id("any")
                        .baseUrl("http://llama_cpp:8080/v1")
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("llama_cpp")
                .hasMessageContaining("underscore");
    }

    @Test
    void ofNeedsNoKey() {
        assertThat(OpenAIChat.of("gpt-4o-mini").id()).isEqualTo("gpt-4o-mini");
        assertThat(OpenAIResponses.of("gpt-4o-mini"))
                .hasToString("OpenAIResponses[gpt-4o-mini at https://api.openai.com/v1, server OpenAI]");
    }

    @ParameterizedTest
    @EnumSource
    void keyAndBaseUrlAreTakenFromTheEnvironment(Api api) {
        try (var provider = FakeProvider.start()) {
            var model = api.model(builder -> environment(
                    builder,
                    Map.of(
                            "OPENAI_BASE_URL",
                            provider.baseUrl(),
                            "OPENAI_API_KEY",
                            " " + Api.KEY + "\n",
                            "OPENAI_ORG_ID",
                            "org-1",
                            "OPENAI_PROJECT_ID",
                            "")));

            model.respond(SampleRequests.HELLO, call);

            var request = provider.requests().getFirst();
            assertThat(request.header("authorization")).isEqualTo("Bearer " + Api.KEY);
            assertThat(request.header("openai-organization")).isEqualTo("org-1");
            assertThat(request.header("openai-project")).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aConfiguredServerNeedsNoKey(Api api) {
        try (var provider = FakeProvider.start()) {
            var model = api.model(builder -> environment(builder, Map.of("OPENAI_BASE_URL", provider.baseUrl())));

            assertThat(model.respond(SampleRequests.HELLO, call).text()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:8000",
                "ftp://example.org",
                "http://",
                "http:///v1",
                "not a url",
                "",
                "http://h:99999/v1"
            })
    void aBaseUrlThatIsNotAnHttpUrlIsRejectedByBuild(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OpenAIChat.builder().id("m").baseUrl(url).build())
                .withMessageContaining("\"" + url + "\"")
                .withMessageContaining("http://localhost:8000/v1");
    }

    @Test
    void aPasswordInTheBaseUrlIsRejectedAndNotShown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OpenAIChat.builder()
                        .id("m")
                        .baseUrl("http://me:secret@host/v1")
                        .build())
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
    }

    @Test
    void invalidSettingsAreRejected() {
        var builder = OpenAIChat.builder();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.temperature(3))
                .withMessageContaining("3.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.maxOutputTokens(0))
                .withMessageContaining("0");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.id(" "));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.connectTimeout(Duration.ZERO));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.connectTimeout(Duration.ofSeconds(Long.MAX_VALUE)))
                .withMessageContaining("at most one hour");
        assertThatIllegalStateException().isThrownBy(builder::build).withMessageContaining("id(..)");
        try (var own = HttpClient.newHttpClient()) {
            builder.id("m").connectTimeout(Duration.ofSeconds(1)).httpClient(own);
            assertThatIllegalStateException().isThrownBy(builder::build).withMessageContaining("connectTimeout");
        }
    }

    @Test
    void aCustomHttpClientIsUsedAndStaysOpen() throws Exception {
        try (var provider = FakeProvider.start();
                var own = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_2)
                        .build()) {
            var model = OpenAIChat.builder()
                    .id("m")
                    .baseUrl(provider.baseUrl())
                    .httpClient(own)
                    .build();

            model.respond(SampleRequests.HELLO, call);
            model.respond(SampleRequests.HELLO, call);

            assertThat(provider.requests())
                    .allSatisfy(r -> assertThat(r.header("upgrade")).isNull());
            assertThat(own.isTerminated()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCustomAuthorizationHeaderReplacesTheKey(Api api) {
        try (var provider = FakeProvider.start()) {
            var model = api.model(builder -> {
                environment(builder, Map.of());
                builder.baseUrl(provider.baseUrl());
                builder.header("authorization", "Basic b25lOnR3bw==");
            });

            model.respond(SampleRequests.HELLO, call);

            assertThat(provider.requests().getFirst().headers().get("authorization"))
                    .containsExactly("Basic b25lOnR3bw==");
        }
    }

    @Test
    void pricingIsThatOfTheBuilder() {
        var price = new Pricing(0.15, 0.6);

        assertThat(OpenAIChat.builder().id("m").pricing(price).build().pricing())
                .isEqualTo(price);
        assertThat(OpenAIResponses.of("m").pricing()).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void theKeyIsNeverShown(Api api) {
        try (var provider = FakeProvider.start()) {
            provider.enqueue(
                    Script.status(401, "Incorrect API key: " + Api.KEY),
                    Script.text("Hello").thenFail("server_error", "key " + Api.KEY + " was seen"),
                    Script.text("Hello").thenRaw("data: {" + Api.KEY + "\n\n"),
                    Script.text("Hello").thenRaw("data: " + Api.KEY + "\n\n"));
            var model = api.at(provider);

            assertThat(model.toString()).doesNotContain(Api.KEY);
            for (var i = 0; i < 4; i++) {
                assertNoKey(model);
            }
            assertNoKey(api.at("http://127.0.0.1:1/v1"));
        }
    }

    @Test
    void aKeyOrHeaderThatCannotBeSentIsRejectedWithoutShowingIt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OpenAIChat.builder().apiKey("sk-secret\nkey"))
                .satisfies(e -> assertThat(trace(e)).doesNotContain("secret"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OpenAIChat.builder().header("X-Token", "secret\nvalue"))
                .withMessageContaining("X-Token")
                .satisfies(e -> assertThat(trace(e)).doesNotContain("secret"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OpenAIChat.builder().header("Content-Length", "secret"))
                .satisfies(e -> assertThat(trace(e)).doesNotContain("secret"));
    }

    private void assertNoKey(Model model) {
        var failure = catchThrowableOfType(ModelException.class, () -> model.respond(SampleRequests.HELLO, call));
        assertThat(trace(failure)).doesNotContain(Api.KEY);
        assertThat(String.valueOf(failure.body())).doesNotContain(Api.KEY);
    }

    private static String trace(Throwable failure) {
        var text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static void environment(OpenAIBuilder<?> builder, Map<String, String> variables) {
        builder.id("test-model");
        builder.environment(variables::get);
    }
}
