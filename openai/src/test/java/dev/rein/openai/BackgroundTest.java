package dev.rein.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.cancel.CancelledException;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.HangPoint;
import dev.rein.testkit.ReceivedRequest;
import dev.rein.testkit.Script;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Responses that the provider generates in the background. */
class BackgroundTest {

    private static final Duration AT_MOST = Duration.ofSeconds(20);

    private final RecordingModelCall call = new RecordingModelCall();
    private FakeProvider provider;

    @BeforeEach
    void start() {
        provider = FakeProvider.start();
    }

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void aBackgroundResponseIsStoredAndStreamed() {
        provider.enqueue(Script.text("Once upon a time"));

        assertThat(model().respond(SampleRequests.HELLO, call).text()).isEqualTo("Once upon a time");

        var body = provider.requests().getFirst().body();
        assertThat(body.get("background").booleanValue()).isTrue();
        assertThat(body.get("store").booleanValue()).isTrue();
        assertThat(body.get("stream").booleanValue()).isTrue();
        assertThat(provider.requestCount()).isEqualTo(1);
        assertThat(call.cancellation.registrations()).isZero();
    }

    @Test
    void aStopCancelsTheResponseAtTheProviderToo() {
        provider.enqueue(Script.tokens("one ").hangAfter(1));
        var response = call.start(model(), SampleRequests.HELLO, Thread.ofVirtual());
        await().until(() -> call.texts.size() == 1);

        call.cancellation.stop();

        assertThat(response)
                .failsWithin(AT_MOST)
                .withThrowableOfType(Exception.class)
                .havingCause()
                .isInstanceOf(CancelledException.class);
        provider.awaitRequest(2).awaitCompleted();
        assertThat(provider.requests()).extracting(ReceivedRequest::method).containsExactly("POST", "POST");
        var cancel = provider.requests().get(1);
        assertThat(cancel.path()).matches("/v1/responses/resp_[^/]+/cancel");
        assertThat(cancel.header("authorization")).isEqualTo("Bearer " + Api.KEY);
        // The connection of the stream is closed; that of the cancel request may be kept for the next request.
        await().until(() -> provider.openConnections() <= 1);
    }

    @Test
    void aStopBeforeTheIdIsKnownOnlyClosesTheStream() {
        provider.enqueue(Script.hangs(HangPoint.BEFORE_HEADERS));
        var response = call.start(model(), SampleRequests.HELLO, Thread.ofVirtual());
        await().until(() -> provider.requests().size() == 1);

        call.cancellation.stop();

        assertThat(response).failsWithin(AT_MOST);
        await().until(() -> provider.openConnections() == 0);
        assertThat(provider.requestCount()).isEqualTo(1);
    }

    @Test
    void aProviderThatDoesNotAnswerTheCancelRequestDelaysNoStop() throws Exception {
        // The server answers one request only; the second one waits in the backlog.
        try (var server = RawServer.answering("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
                + "data: {\"type\":\"response.created\",\"response\":{\"id\":\"resp_1\"}}\n\n"
                + "data: {\"type\":\"response.output_text.delta\",\"delta\":\"hi\"}\n\n")) {
            var response = call.start(model(server.baseUrl()), SampleRequests.HELLO, Thread.ofVirtual());
            await().until(() -> call.texts.size() == 1);

            call.cancellation.stop();

            assertThat(response)
                    .failsWithin(AT_MOST)
                    .withThrowableOfType(Exception.class)
                    .havingCause()
                    .isInstanceOf(CancelledException.class);
            server.awaitClosedByClient();
        }
    }

    private OpenAIResponses model() {
        return model(provider.baseUrl());
    }

    private static OpenAIResponses model(String baseUrl) {
        return OpenAIResponses.builder()
                .id("test-model")
                .baseUrl(baseUrl)
                .apiKey(Api.KEY)
                .background(true)
                .build();
    }
}
