package dev.rein.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rein.model.ModelException;
import dev.rein.model.ModelException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The part of {@link ModelContract} about failures: each has its kind, is not retried by the model, and never becomes a response. */
abstract class ModelFailureTests extends ModelStopTests {

    @ParameterizedTest
    @CsvSource({
        "400, BAD_REQUEST",
        "401, AUTHENTICATION",
        "403, PERMISSION",
        "404, NOT_FOUND",
        "413, BAD_REQUEST",
        "429, RATE_LIMIT",
        "500, SERVER",
        "503, SERVER",
        "529, SERVER"
    })
    void aStatusIsMappedToItsKindAndNotRetried(int status, Kind kind) {
        provider.enqueue(Script.status(status, "the fake provider says no"));

        var failure = failure();

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.status()).isEqualTo(status);
        assertThat(failure)
                .hasMessageContaining(String.valueOf(status))
                .hasMessageContaining("the fake provider says no")
                .hasMessageContaining(String.valueOf(provider.port()));
        assertThat(failure.body()).contains("the fake provider says no");
        assertThat(provider.requestCount()).isEqualTo(1);
        assertThat(call.registrations()).isZero();
    }

    @Test
    void theWaitThatTheProviderAsksForIsReported() {
        provider.enqueue(
                Script.status(429, "slow down").retryAfter(Duration.ofSeconds(7)), Script.status(429, "slow down"));

        assertThat(failure().retryAfter()).isEqualTo(Duration.ofSeconds(7));
        assertThat(failure().retryAfter()).isNull();
    }

    @Test
    void aLongErrorPageIsTruncated() {
        provider.enqueue(Script.errorBody(502, "<html>" + "x".repeat(50_000)));

        var failure = failure();

        assertThat(failure.kind()).isEqualTo(Kind.SERVER);
        assertThat(failure.body()).startsWith("<html>xxx").hasSizeLessThan(5_000);
        assertThat(failure.getMessage()).hasSizeLessThan(6_000);
    }

    @ParameterizedTest
    @CsvSource({"server_error, SERVER", "rate_limit_exceeded, RATE_LIMIT"})
    void anErrorInMidStreamIsMappedToItsKind(String code, Kind kind) {
        if (kind != Kind.SERVER) {
            needs(ModelCapability.ERROR_CODES);
        }
        provider.enqueue(
                Script.text("Hello").thenFail(code, "the model crashed"),
                Script.text("Hello").thenErrorEvent(code, "the model crashed"));

        for (var i = 0; i < 2; i++) {
            var failure = failure();
            assertThat(failure.kind()).isEqualTo(kind);
            assertThat(failure).hasMessageContaining("the model crashed");
        }
        assertThat(call.texts()).containsExactly("Hello", "Hello");
    }

    @Test
    void aStreamWhoseConnectionIsLostFailsTheCall() {
        provider.enqueue(
                Script.tokens("one ", "two").thenCut(),
                Script.tokens("one ", "two").thenReset());

        for (var i = 0; i < 2; i++) {
            var failure = failure();
            assertThat(failure.kind()).isEqualTo(Kind.CONNECTION);
            assertThat(failure.isRetryable()).isTrue();
        }
    }

    @Test
    void aConnectionLostWithinAToolCallFailsTheCall() {
        provider.enqueue(
                Script.toolCall("weather", "{\"city\":\"Rome\",\"days\":3}").cutAfter(2));

        assertThat(failure().kind()).isEqualTo(Kind.CONNECTION);
    }

    @Test
    void aStreamThatEndsRegularlyButTooEarlyFailsTheCall() {
        provider.enqueue(
                Script.tokens("one ", "two").thenEndOfBody(),
                Script.toolCall("weather", "{\"city\":\"Rome\"}").thenEndOfBody(),
                Script.empty().thenEndOfBody());

        for (var i = 0; i < 3; i++) {
            assertThat(failure().kind()).isEqualTo(Kind.CONNECTION);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "application/json", "text/plain"})
    void anEmptyBodyFailsTheCall(String contentType) {
        provider.enqueue(Script.wholeBody(contentType, ""), Script.wholeBody(format().contentType(), ""));

        assertThat(failure().kind()).isIn(Kind.CONNECTION, Kind.MALFORMED);
        assertThat(failure().kind()).isIn(Kind.CONNECTION, Kind.MALFORMED);
    }

    @Test
    void aWebPageInsteadOfAStreamIsMalformedAndShown() {
        provider.enqueue(Script.wholeBody("text/html", "<html>Welcome to the hotel</html>"));

        var failure = failure();

        assertThat(failure.kind()).isEqualTo(Kind.MALFORMED);
        assertThat(failure.body()).contains("Welcome to the hotel");
    }

    @Test
    void aStreamThatIsNotJsonIsMalformed() {
        provider.enqueue(
                Script.text("Hello").thenInvalidJson().thenHang(),
                Script.text("Hello").thenMalformedEvent().thenEndOfBody());

        assertThat(failure().kind()).isEqualTo(Kind.MALFORMED);
        provider.awaitRequest(1).awaitClosed(PATIENCE);
        // It is the page of a proxy, which says by its words that the server failed.
        assertThat(failure().kind()).isIn(Kind.MALFORMED, Kind.SERVER);
        assertThat(call.texts()).containsExactly("Hello", "Hello");
    }

    @Test
    void anEndlessEventIsRejectedAndItsConnectionClosed() {
        provider.enqueue(Script.text("Hello").thenHugeToken(100_000_000));

        assertThat(failure().kind()).isEqualTo(Kind.MALFORMED);
        assertThat(call.text()).isEqualTo("Hello");
        provider.awaitRequest(1).awaitClosed(PATIENCE);
    }

    @Test
    void anUnreachableServerIsNamed() throws IOException {
        int port;
        try (var closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }

        var failure = catchThrowableOfType(
                ModelException.class,
                () -> model("http://127.0.0.1:" + port, MODEL_ID).respond(HELLO, call));

        assertThat(failure.kind()).isEqualTo(Kind.CONNECTION);
        assertThat(failure.status()).isZero();
        assertThat(failure).hasMessageContaining("127.0.0.1:" + port);
    }

    @Test
    void failuresLeakNeitherThreadsNorConnections() {
        provider.enqueue(Script.text("So that the client exists"));
        model().respond(HELLO, new RecordingModelCall());
        try (var leaks = LeakCheck.begin()) {
            for (var i = 0; i < 5; i++) {
                provider.enqueue(
                        Script.text("Hello").thenInvalidJson().thenHang(),
                        Script.text("Hello").thenCut(),
                        Script.text("Hello").thenHugeToken(100_000_000));
                failure();
                failure();
                failure();
            }
            leaks.verify(PATIENCE);
        }
        assertThat(call.registrations()).isZero();
    }

    final ModelException failure() {
        var failure = catchThrowableOfType(ModelException.class, () -> model().respond(HELLO, call));
        assertThat(failure).as("the failure of the call").isNotNull();
        return failure;
    }
}
