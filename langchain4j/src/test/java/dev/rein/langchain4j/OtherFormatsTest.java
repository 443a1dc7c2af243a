package dev.rein.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpMethod;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.rein.cancel.CancelledException;
import dev.rein.model.Message;
import dev.rein.model.ModelException;
import dev.rein.model.ModelRequest;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.HangPoint;
import dev.rein.testkit.RecordingModelCall;
import dev.rein.testkit.Script;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Models that read the response with a parser of their own, as LangChain4j's model of Ollama does. */
class OtherFormatsTest {
    private static final ModelRequest HELLO = ModelRequest.of(Message.user("Hello"));
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final FakeProvider provider = FakeProvider.start();
    private final HttpClient client = new ReinHttpClientBuilder().build();
    private final RecordingModelCall call = new RecordingModelCall();
    private final LangChain4jModel model = LangChain4jModel.of(new LinesModel());

    /** Each line is a part of the answer. */
    private final class LinesModel implements StreamingChatModel {
        @Override
        public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
            ServerSentEventParser parser = (body, listener) -> {
                try (var lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
                    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                        listener.onEvent(new ServerSentEvent(null, line));
                    }
                } catch (IOException e) {
                    listener.onError(e);
                }
            };
            client.execute(request(), parser, new ServerSentEventListener() {
                @Override
                public void onEvent(ServerSentEvent event) {
                    handler.onPartialResponse(event.data());
                }

                @Override
                public void onError(Throwable failure) {
                    handler.onError(failure);
                }

                @Override
                public void onClose() {
                    handler.onCompleteResponse(ChatResponse.builder()
                            .aiMessage(AiMessage.from("ab"))
                            .build());
                }
            });
        }
    }

    private HttpRequest request() {
        return HttpRequest.builder()
                .method(HttpMethod.POST)
                .url(provider.url() + "/v1/chat/completions")
                .addHeader("Content-Type", "application/json")
                .body("{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}")
                .build();
    }

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void linesAreDelivered() {
        provider.enqueue(Script.wholeBody("application/x-ndjson", "a\nb\n"));

        assertThat(model.respond(HELLO, call).text()).isEqualTo("ab");
        assertThat(call.texts()).containsExactly("a", "b");
    }

    @ParameterizedTest
    @EnumSource
    void aStopClosesTheConnection(HangPoint point) {
        provider.enqueue(Script.hangs(point));
        var response = call.start(model, HELLO, Thread.ofVirtual());
        var exchange = provider.awaitRequest(1).awaitHanging();

        call.stop();

        assertThat(response)
                .failsWithin(PATIENCE)
                .withThrowableOfType(Exception.class)
                .havingCause()
                .isInstanceOf(CancelledException.class);
        exchange.awaitClosed(PATIENCE);
        assertThat(call.registrations()).isZero();
    }

    @Test
    void anErrorStatusAndAnEndlessLineFailTheCall() {
        provider.enqueue(Script.status(429, "slow down"), Script.empty().thenHugeToken(17 << 20));

        assertThat(catchThrowableOfType(ModelException.class, () -> model.respond(HELLO, call))
                        .kind())
                .isEqualTo(ModelException.Kind.RATE_LIMIT);
        var failure = catchThrowableOfType(ModelException.class, () -> model.respond(HELLO, call));
        assertThat(failure).hasMessageContaining("16777216 bytes");
    }

    @Test
    void formDataIsRefused() {
        var upload = HttpRequest.builder()
                .method(HttpMethod.POST)
                .url(provider.url())
                .addFormDataFile("file", "a.wav", "audio/wav", new byte[] {1})
                .build();

        assertThat(catchThrowableOfType(UnsupportedFeatureException.class, () -> client.execute(upload)))
                .hasMessageContaining("form data");
        assertThat(provider.requestCount()).isZero();
    }
}
