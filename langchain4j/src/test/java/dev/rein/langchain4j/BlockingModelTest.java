package dev.rein.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.rein.agent.Agent;
import dev.rein.model.FinishReason;
import dev.rein.model.Message;
import dev.rein.model.ModelException;
import dev.rein.model.ModelRequest;
import dev.rein.model.Usage;
import dev.rein.run.RunStatus;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.HangPoint;
import dev.rein.testkit.RecordingModelCall;
import dev.rein.testkit.Script;
import dev.rein.tool.Tool;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** LangChain4j's model of OpenAI that answers as a whole, with Rein's HTTP client. */
class BlockingModelTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ModelRequest HELLO = ModelRequest.of(Message.user("Hello"));

    private final FakeProvider provider = FakeProvider.start();
    private final LangChain4jModel model = TestModels.blocking(provider.url(), "gpt-test");
    private final RecordingModelCall call = new RecordingModelCall();

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void anAnswerIsDeliveredOnceWithItsTokensAndReason() {
        provider.enqueue(Script.tokens("one ", "two").usage(Usage.of(7, 2)));

        var response = model.respond(HELLO, call);

        assertThat(response.text()).isEqualTo("one two");
        assertThat(call.texts()).containsExactly("one two");
        assertThat(response.usage()).isEqualTo(Usage.of(7, 2));
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(model.id()).isEqualTo("gpt-test");
        assertThat(model.provider()).isEqualTo("OPEN_AI");
        assertThat(model).hasToString("OpenAiChatModel(gpt-test)");
    }

    public static final class Weather {
        @Tool("Tells the weather")
        public String weather(String city) {
            return "sunny in " + city;
        }
    }

    record Answer(String city, int degrees) {}

    @Test
    void anAgentCallsToolsAndAnswersWithAType() {
        provider.enqueue(
                Script.toolCall("weather", "{\"city\":\"Rome\"}"), Script.text("{\"city\":\"Rome\",\"degrees\":21}"));

        var answer = Agent.builder().model(model).tools(new Weather()).build().run("How warm is it?", Answer.class);

        assertThat(answer.value()).isEqualTo(new Answer("Rome", 21));
        assertThat(provider.requests().get(1).bodyText())
                .contains("sunny in Rome")
                .contains("json_schema");
    }

    /** The response of such a model begins when it is complete. */
    @ParameterizedTest
    @EnumSource(mode = Mode.MATCH_ANY, names = ".*")
    void aStopClosesTheConnection(HangPoint point) throws Exception {
        provider.enqueue(Script.hangs(point));
        var run = Agent.of(model, "Answer").start("Hello");
        var exchange = provider.awaitRequest(1).awaitHanging();

        run.cancel();

        exchange.awaitClosed(PATIENCE);
        assertThat(run.await(PATIENCE).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(provider.requestCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "400, BAD_REQUEST",
        "401, AUTHENTICATION",
        "403, PERMISSION",
        "404, NOT_FOUND",
        "429, RATE_LIMIT",
        "503, SERVER"
    })
    void aStatusKeepsItsKindAndTheServersWords(int status, ModelException.Kind kind) {
        provider.enqueue(
                Script.status(status, "the server says no to " + TestModels.KEY).retryAfter(Duration.ofSeconds(7)));

        var failure = catchThrowableOfType(ModelException.class, () -> model.respond(HELLO, call));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.status()).isEqualTo(status);
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(7));
        assertThat(failure).hasMessageContaining("the server says no").hasMessageNotContaining(TestModels.KEY);
        assertThat(provider.requestCount()).isEqualTo(1);
    }

    @Test
    void anErrorWithASuccessfulStatusIsAFailure() {
        provider.enqueue(Script.wholeBody("application/json", "{\"error\":{\"message\":\"slow down\",\"code\":429}}"));

        var failure = catchThrowableOfType(ModelException.class, () -> model.respond(HELLO, call));

        assertThat(failure.kind()).isEqualTo(ModelException.Kind.RATE_LIMIT);
        assertThat(failure).hasMessageContaining("slow down");
    }

    @Test
    void retriesOfLangChain4jEndWithAStop() throws Exception {
        var retrying = LangChain4jModel.of(OpenAiChatModel.builder()
                .httpClientBuilder(new ReinHttpClientBuilder())
                .baseUrl(provider.url() + "/v1")
                .apiKey("key")
                .modelName("m")
                .maxRetries(100)
                .build());
        provider.byDefault(Script.status(503, "overloaded"));
        var run = Agent.of(retrying, "Answer").start("Hello");
        provider.awaitRequest(1);

        run.cancel();

        assertThat(run.await(PATIENCE).status()).isEqualTo(RunStatus.CANCELLED);
    }

    @Test
    void withoutReinTheHttpClientBehavesAsLangChain4jExpects() {
        provider.enqueue(Script.text("fine"), Script.status(429, "slow down"));
        var plain = OpenAiChatModel.builder()
                .httpClientBuilder(new ReinHttpClientBuilder())
                .baseUrl(provider.url() + "/v1")
                .apiKey("key")
                .modelName("m")
                .maxRetries(0)
                .build();

        assertThat(plain.chat("Hello")).isEqualTo("fine");
        assertThat(catchThrowableOfType(dev.langchain4j.exception.RateLimitException.class, () -> plain.chat("Hello")))
                .isNotNull();
    }

    @Test
    void aResponseThatTakesTooLongToBeginIsATimeout() {
        provider.byDefault(Script.hangs(HangPoint.BEFORE_HEADERS));
        var impatient = LangChain4jModel.of(OpenAiChatModel.builder()
                .httpClientBuilder(new ReinHttpClientBuilder())
                .timeout(Duration.ofMillis(50))
                .baseUrl(provider.url() + "/v1")
                .apiKey("key")
                .modelName("m")
                .maxRetries(0)
                .build());

        var failure = catchThrowableOfType(ModelException.class, () -> impatient.respond(HELLO, call));

        assertThat(failure.kind()).isEqualTo(ModelException.Kind.CONNECTION);
        assertThat(failure).hasMessageContaining("in time");
    }
}
