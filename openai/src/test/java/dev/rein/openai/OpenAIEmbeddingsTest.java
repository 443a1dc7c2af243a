package dev.rein.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rein.agent.Agent;
import dev.rein.embedding.Embedder;
import dev.rein.embedding.Embeddings;
import dev.rein.model.ModelException;
import dev.rein.model.ModelException.Kind;
import dev.rein.model.Usage;
import dev.rein.run.RunStatus;
import dev.rein.runtime.RetryPolicy;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.HangPoint;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tool.Tool;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Embeddings over real sockets. */
class OpenAIEmbeddingsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final RetryPolicy QUICK = RetryPolicy.of(1).initialDelay(Duration.ofMillis(1));

    private final FakeProvider provider = FakeProvider.start();

    @AfterEach
    void close() {
        provider.close();
    }

    private OpenAIEmbeddings.Builder builder() {
        return OpenAIEmbeddings.builder()
                .id("text-embedding-3-small")
                .baseUrl(provider.baseUrl())
                .apiKey(Api.KEY);
    }

    @ParameterizedTest
    @EnumSource
    void vectorsArriveInBothForms(OpenAIEmbeddings.Encoding encoding) {
        var model = builder().encoding(encoding).dimensions(32).build();

        var result = model.embed(List.of("the red cat", "the red dog", "stock prices"));

        assertThat(result.dimensions()).isEqualTo(32);
        assertThat(result.usage()).isEqualTo(Usage.of(3 + 2 + 2 + 3, 0));
        var vectors = result.vectors();
        assertThat(Embeddings.similarity(vectors.get(0), vectors.get(1)))
                .isGreaterThan(Embeddings.similarity(vectors.get(0), vectors.get(2)));
        var body = provider.requests().getFirst().body();
        assertThat(body.path("model").asText()).isEqualTo("text-embedding-3-small");
        assertThat(body.path("encoding_format").asText()).isEqualToIgnoringCase(encoding.name());
        assertThat(body.path("dimensions").asInt()).isEqualTo(32);
        assertThat(body.path("input")).hasSize(3);
        assertThat(provider.requests().getFirst().header("authorization")).isEqualTo("Bearer " + Api.KEY);
    }

    @Test
    void manyTextsAreSentInBatches() {
        var texts = IntStream.range(0, 25).mapToObj(i -> "text number " + i).toList();

        var result = builder().maxTexts(10).build().embed(texts);

        assertThat(provider.requestCount()).isEqualTo(3);
        assertThat(result.vectors()).hasSize(25);
        assertThat(result.vectors().get(24)).isEqualTo(builder().build().embed("text number 24"));
    }

    @Test
    void vectorsInAnotherOrderAreSorted() {
        provider.enqueue(Script.wholeBody("application/json", """
                {"data":[{"index":1,"embedding":[2]},{"index":0,"embedding":[1]}],"usage":{"total_tokens":-7}}"""));

        var result = builder().build().embed(List.of("a", "b"));

        assertThat(result.vectors().get(0)).containsExactly(1);
        assertThat(result.vectors().get(1)).containsExactly(2);
        assertThat(result.usage()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'data':[]}",
                "{'data':{}}",
                "{'data':[{'index':0,'embedding':[1]},{'index':0,'embedding':[1]}]}",
                "{'data':[{'index':0,'embedding':[1]},{'index':2,'embedding':[1]}]}",
                "{'data':[{'index':0,'embedding':[1]},{'index':-1,'embedding':[1]}]}",
                "{'data':[{'index':0,'embedding':[1]},{'index':null,'embedding':[1]}]}",
                "{'data':[{'index':0,'embedding':[1]},{'index':1,'embedding':[]}]}",
                "{'data':[{'index':0,'embedding':[1]},{'index':1}]}",
                "{'data':[{'index':0,'embedding':[1]},{'index':1,'embedding':[null]}]}",
                "{'data':[{'index':0,'embedding':[1]},{'index':1,'embedding':['NaN']}]}",
                "{'data':[{'index':0,'embedding':[1]},{'index':1,'embedding':[1e400]}]}",
                "{'data':[{'index':0,'embedding':[1]},{'index':1,'embedding':[1,2]}]}",
                "{'data':[{'index':0,'embedding':[NaN]},{'index':1,'embedding':[1]}]}",
                "{'data':[{'index':0,'embedding':'AADAfw=='},{'index':1,'embedding':'AADAfw=='}]}",
                "{'data':[{'index':0,'embedding':'AAA='},{'index':1,'embedding':'AAA='}]}",
                "{'data':[{'index':0,'embedding':'no base 64'},{'index':1,'embedding':''}]}",
                "{'object':'list'}",
                "[]",
                "7",
                ""
            })
    void anUnusableResponseIsMalformed(String body) {
        provider.enqueue(Script.wholeBody("application/json", body.replace('\'', '"')));

        var failure = catchThrowableOfType(
                ModelException.class, () -> builder().build().embed(List.of("a", "b")));

        assertThat(failure.kind()).isEqualTo(Kind.MALFORMED);
        assertThat(provider.requestCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"error\":{\"message\":\"slow down\",\"code\":429}}', RATE_LIMIT, slow down",
        "'{\"error\":\"model is loading\",\"data\":[]}', SERVER, loading",
        "'{\"detail\":\"no such model\"}', , no such model",
        "'<html><title>502 Bad Gateway</title></html>', SERVER, 502 Bad Gateway"
    })
    void anErrorWithASuccessfulStatusIsToldInTheServersWords(String body, Kind kind, String words) {
        provider.enqueue(Script.wholeBody("application/json", body));

        var failure = catchThrowableOfType(
                ModelException.class,
                () -> Embedder.of(builder().build()).retry(RetryPolicy.NONE).embed(List.of("a")));

        assertThat(failure).hasMessageContaining(words);
        if (kind != null) {
            assertThat(failure.kind()).isEqualTo(kind);
        }
    }

    @Test
    void statusesHaveTheirKindsAndTransientOnesAreRetried() {
        provider.enqueue(Script.status(401, "bad key " + Api.KEY), Script.status(503, "busy"));

        var failure = catchThrowableOfType(
                ModelException.class, () -> builder().build().embed("a"));

        assertThat(failure.kind()).isEqualTo(Kind.AUTHENTICATION);
        assertThat(failure).hasMessageNotContaining(Api.KEY);
        assertThat(Embedder.of(builder().build())
                        .retry(QUICK)
                        .embed(List.of("a"))
                        .vectors())
                .hasSize(1);
        assertThat(provider.requestCount()).isEqualTo(3);
    }

    /** A tool that searches. */
    public final class Search {
        @Tool("Searches")
        public String search(String text) {
            return builder().build().embed(text).length + " dimensions";
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BEFORE_HEADERS", "AFTER_HEADERS"})
    void aStopOfTheRunClosesTheConnection(HangPoint point) throws Exception {
        provider.byDefault(Script.hangs(point));
        var run = Agent.builder()
                .model(ScriptedModel.create().toolCall("search", "{\"text\":\"cats\"}"))
                .tools(new Search())
                .build()
                .start("Search");
        var exchange = provider.awaitRequest(1).awaitHanging();

        run.cancel();

        exchange.awaitClosed(PATIENCE);
        assertThat(run.await(PATIENCE).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(provider.requestCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"BEFORE_HEADERS", "AFTER_HEADERS"})
    void outsideOfARunAnInterruptClosesTheConnection(HangPoint point) throws Exception {
        provider.byDefault(Script.hangs(point));
        var outcome = new AtomicReference<Throwable>();
        var thread = Thread.ofVirtual()
                .start(() -> outcome.set(catchThrowableOfType(
                        ModelException.class, () -> builder().build().embed("a"))));
        var exchange = provider.awaitRequest(1).awaitHanging();

        thread.interrupt();

        assertThat(thread.join(PATIENCE)).isTrue();
        exchange.awaitClosed(PATIENCE);
        assertThat(outcome.get()).isInstanceOf(ModelException.class);
        assertThat(provider.requestCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"BEFORE_HEADERS", "AFTER_HEADERS"})
    void aServerThatDoesNotAnswerFailsTheCall(HangPoint point) throws Exception {
        provider.byDefault(Script.hangs(point));
        var model = builder().timeout(Duration.ofMillis(300)).build();

        var failure = catchThrowableOfType(
                ModelException.class,
                () -> Embedder.of(model).retry(RetryPolicy.NONE).embed(List.of("a")));

        assertThat(failure.kind()).isEqualTo(Kind.CONNECTION);
        assertThat(failure).hasMessageContaining("within PT0.3S");
        provider.awaitRequest(1).awaitClosed(PATIENCE);
    }

    @Test
    void settingsOfLanguageModelsAreRefusedAndOthersSent() {
        assertThatIllegalStateException()
                .isThrownBy(() -> builder().temperature(0.5).build())
                .withMessageContaining("extra(..)");
        assertThatThrownBy(() -> builder().dimensions(0)).hasMessageContaining("dimensions is 0");
        assertThatThrownBy(() -> builder().maxTexts(0)).hasMessageContaining("maxTexts is 0");

        var model = builder()
                .header("x-tenant", "42")
                .extra("user", "u1")
                .without("encoding_format")
                .build();
        model.embed("a");

        var request = provider.requests().getFirst();
        assertThat(request.header("x-tenant")).isEqualTo("42");
        assertThat(request.body().path("user").asText()).isEqualTo("u1");
        assertThat(request.body().has("encoding_format")).isFalse();
        assertThat(model).hasToString("OpenAIEmbeddings[text-embedding-3-small at " + provider.baseUrl() + "]");
    }

    @Test
    void azureIsCalledByDeployment() {
        OpenAIEmbeddings.builder()
                .id("my deployment")
                .baseUrl(provider.url())
                .server(Servers.AZURE)
                .apiKey(Api.KEY)
                .build()
                .embed("a");

        var request = provider.requests().getFirst();
        assertThat(request.toString()).contains("openai/deployments/my%20deployment/embeddings");
        assertThat(request.header("api-key")).isEqualTo(Api.KEY);
        assertThat(request.body().path("encoding_format").asText()).isEqualTo("base64");
    }
}
