package dev.rein.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rein.model.Message;
import dev.rein.model.ModelException;
import dev.rein.model.ModelRequest;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.RecordingModelCall;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The builder, the environment and the key. */
class GeminiBuilderTest {
    private static final ModelRequest HELLO = ModelRequest.of(Message.user("Hello"));

    @ParameterizedTest
    @CsvSource({
        ", https://generativelanguage.googleapis.com/v1beta",
        "https://example.org, https://example.org/v1beta",
        "https://example.org/, https://example.org/v1beta",
        "https://example.org/v1, https://example.org/v1",
        "https://example.org/gateway/v1beta/, https://example.org/gateway/v1beta",
    })
    void aServerWithoutAPathHasTheUsualVersion(String configured, String url) {
        assertThat(builder(configured == null ? Map.of() : Map.of("GOOGLE_GEMINI_BASE_URL", configured))
                        .build())
                .hasToString("Gemini[gemini-2.5-flash at " + url + "]");
        if (configured != null) {
            assertThat(builder(Map.of("GOOGLE_GEMINI_BASE_URL", "https://other.example.org"))
                            .baseUrl(configured)
                            .build())
                    .hasToString("Gemini[gemini-2.5-flash at " + url + "]");
        }
    }

    @Test
    void theKeyIsThatOfTheBuilderOrOfTheEnvironmentInTheOrderOfGooglesClients() {
        try (var provider = FakeProvider.start()) {
            var both = Map.of("GEMINI_API_KEY", "gemini-key", "GOOGLE_API_KEY", "google-key");
            respond(builder(both).baseUrl(provider.url()).apiKey("own-key"));
            respond(builder(both).baseUrl(provider.url()));
            respond(builder(Map.of("GEMINI_API_KEY", "gemini-key")).baseUrl(provider.url()));
            respond(builder(Map.of()).baseUrl(provider.url()).header("Authorization", "Bearer token-of-mine"));

            assertThat(provider.requests())
                    .extracting(request -> request.header("x-goog-api-key"))
                    .containsExactly("own-key", "google-key", "gemini-key", null);
            assertThat(provider.requests().getLast().header("authorization")).isEqualTo("Bearer token-of-mine");
        }
    }

    @Test
    void aCallWithoutAKeyFailsWithoutARequest() {
        try (var provider = FakeProvider.start()) {
            var failure = catchThrowableOfType(
                    ModelException.class, () -> respond(builder(Map.of()).baseUrl(provider.url())));

            assertThat(failure.kind()).isEqualTo(ModelException.Kind.AUTHENTICATION);
            assertThat(failure).hasMessageContaining("GEMINI_API_KEY");
            assertThat(provider.requestCount()).isZero();
        }
    }

    @Test
    void anIdIsRequiredAndFitsIntoAnAddress() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Gemini.builder().build())
                .withMessageContaining("call id(..), for example with \"gemini-2.5-flash\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Gemini.of("gemini?x=1"))
                .withMessageContaining("\"gemini?x=1\"");
    }

    @Test
    void aTunedModelHasItsOwnPath() {
        try (var provider = FakeProvider.start()) {
            var failure = catchThrowableOfType(
                    ModelException.class,
                    () -> respond(builder(Map.of())
                            .id("tunedModels/mine")
                            .apiKey("own-key")
                            .baseUrl(provider.url())));

            assertThat(failure.kind()).isEqualTo(ModelException.Kind.NOT_FOUND);
            assertThat(provider.requests().getFirst().path())
                    .isEqualTo("/v1beta/tunedModels/mine:streamGenerateContent");
        }
    }

    @Test
    void valuesOutOfTheirBoundsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Gemini.builder().topK(0))
                .withMessageContaining("topK is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Gemini.builder().thinkingBudget(-2))
                .withMessageContaining("thinkingBudget is -2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Gemini.builder().apiKey("a b"))
                .withMessageContaining("apiKey(..)");
    }

    private static void respond(Gemini.Builder model) {
        model.build().respond(HELLO, new RecordingModelCall());
    }

    private static Gemini.Builder builder(Map<String, String> environment) {
        return Gemini.builder().id("gemini-2.5-flash").environment(environment::get);
    }
}
