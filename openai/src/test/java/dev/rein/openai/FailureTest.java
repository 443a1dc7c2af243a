package dev.rein.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rein.model.ModelException;
import dev.rein.model.ModelException.Kind;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.Script;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Failures of both APIs. */
class FailureTest {

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

    static Stream<Arguments> statuses() {
        return Stream.of(Api.values())
                .flatMap(api -> Stream.of(
                        Arguments.of(api, 400, Kind.BAD_REQUEST),
                        Arguments.of(api, 401, Kind.AUTHENTICATION),
                        Arguments.of(api, 403, Kind.PERMISSION),
                        Arguments.of(api, 404, Kind.NOT_FOUND),
                        Arguments.of(api, 408, Kind.SERVER),
                        Arguments.of(api, 409, Kind.SERVER),
                        Arguments.of(api, 413, Kind.BAD_REQUEST),
                        Arguments.of(api, 422, Kind.BAD_REQUEST),
                        Arguments.of(api, 429, Kind.RATE_LIMIT),
                        Arguments.of(api, 500, Kind.SERVER),
                        Arguments.of(api, 503, Kind.SERVER)));
    }

    @ParameterizedTest
    @MethodSource("statuses")
    void aStatusIsMappedToItsKindAndNotRetried(Api api, int status, Kind kind) {
        provider.enqueue(Script.status(status, "the fake provider says no"));

        var failure = failure(api, provider.baseUrl());

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.status()).isEqualTo(status);
        assertThat(failure)
                .hasMessageContaining("127.0.0.1:" + provider.port())
                .hasMessageContaining(String.valueOf(status))
                .hasMessageEndingWith("the fake provider says no");
        assertThat(failure.body()).contains("\"message\"").contains("the fake provider says no");
        assertThat(provider.requestCount()).isEqualTo(1);
        assertThat(call.cancellation.registrations()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void theWaitRequestedByTheProviderIsReported(Api api) {
        provider.enqueue(
                Script.status(429, "slow down").retryAfter(Duration.ofSeconds(7)),
                Script.status(429, "slow down").retryAfter(Duration.ofMillis(1500)),
                Script.status(429, "slow down"));

        assertThat(failure(api, provider.baseUrl()).retryAfter()).isEqualTo(Duration.ofSeconds(7));
        assertThat(failure(api, provider.baseUrl()).retryAfter()).isEqualTo(Duration.ofMillis(1500));
        assertThat(failure(api, provider.baseUrl()).retryAfter()).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void aWaitUntilADateIsReported(Api api) throws Exception {
        var date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).plusMinutes(2));
        try (var server =
                RawServer.answering("HTTP/1.1 503 Busy\r\nRetry-After: " + date + "\r\nContent-Length: 0\r\n\r\n")) {
            assertThat(failure(api, server.baseUrl()).retryAfter())
                    .isBetween(Duration.ofSeconds(100), Duration.ofSeconds(121));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLongErrorPageIsTruncated(Api api) {
        provider.enqueue(Script.errorBody(502, "<html>" + "x".repeat(50_000)));

        var failure = failure(api, provider.baseUrl());

        assertThat(failure.kind()).isEqualTo(Kind.SERVER);
        assertThat(failure.body()).startsWith("<html>xxx").hasSizeLessThan(2_100);
        assertThat(failure.getMessage()).hasSizeLessThan(2_300);
    }

    @ParameterizedTest
    @EnumSource
    void aWebPageInsteadOfEventsSaysWhatToCheck(Api api) throws Exception {
        try (var server = RawServer.answeringAndClosing(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html>Welcome</html>")) {
            var failure = failure(api, server.baseUrl());

            assertThat(failure.kind()).isEqualTo(Kind.MALFORMED);
            assertThat(failure).hasMessageContaining("OPENAI_BASE_URL");
            assertThat(failure.body()).contains("Welcome");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aResponseThatIsNotStreamedIsRejected(Api api) throws Exception {
        try (var server = RawServer.answeringAndClosing(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{\"choices\": []}")) {
            var failure = failure(api, server.baseUrl());

            assertThat(failure.kind()).isEqualTo(Kind.MALFORMED);
            assertThat(failure).hasMessageContaining("application/json");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRedirectIsReportedWithItsLocation(Api api) throws Exception {
        try (var server = RawServer.answering(
                "HTTP/1.1 301 Moved\r\nLocation: https://example.org/v1\r\nContent-Length: 0\r\n\r\n")) {
            var failure = failure(api, server.baseUrl());

            assertThat(failure.kind()).isEqualTo(Kind.BAD_REQUEST);
            assertThat(failure).hasMessageContaining("https://example.org/v1");
        }
    }

    @ParameterizedTest
    @EnumSource
    void anUnreachableServerIsNamed(Api api) throws Exception {
        int port;
        try (var closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }

        var failure = failure(api, "http://127.0.0.1:" + port + "/v1");

        assertThat(failure.kind()).isEqualTo(Kind.CONNECTION);
        assertThat(failure.status()).isZero();
        assertThat(failure).hasMessageContaining("127.0.0.1:" + port).hasMessageContaining("OPENAI_BASE_URL");
    }

    @ParameterizedTest
    @EnumSource
    void anUnknownHostIsNamed(Api api) {
        var failure = failure(api, "http://no-such-host.invalid/v1");

        assertThat(failure.kind()).isEqualTo(Kind.CONNECTION);
        assertThat(failure).hasMessageContaining("no-such-host.invalid:80");
    }

    @ParameterizedTest
    @EnumSource
    void aServerWithoutTlsIsReportedAsSuch(Api api) throws Exception {
        try (var server = RawServer.answeringWithoutRequest("HTTP/1.1 400 Bad Request\r\n\r\n")) {
            var failure = failure(api, server.baseUrl().replace("http://", "https://"));

            assertThat(failure.kind()).isEqualTo(Kind.CONNECTION);
            assertThat(failure).hasMessageContaining("TLS");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aResponseThatIsNotHttpIsMalformed(Api api) throws Exception {
        try (var server = RawServer.answering("SSH-2.0-OpenSSH_9.9\r\n\r\n")) {
            assertThat(failure(api, server.baseUrl()).kind()).isEqualTo(Kind.MALFORMED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionClosedBeforeTheResponseIsAConnectionFailure(Api api) throws Exception {
        try (var server = RawServer.answeringAndClosing("")) {
            assertThat(failure(api, server.baseUrl()).kind()).isEqualTo(Kind.CONNECTION);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStreamWhoseConnectionIsLostFailsTheCall(Api api) {
        provider.enqueue(
                Script.tokens("one ", "two").thenCut(),
                Script.tokens("one ", "two").thenReset());

        for (var i = 0; i < 2; i++) {
            var failure = failure(api, provider.baseUrl());
            assertThat(failure.kind()).isEqualTo(Kind.CONNECTION);
            // Before it responded, or before its response was complete: the client may notice the end together with the
            // head.
            assertThat(failure).hasMessageContaining("closed the connection before");
            assertThat(failure.isRetryable()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStreamThatEndsRegularlyButTooEarlyFailsTheCall(Api api) throws Exception {
        // Without a length or chunks, HTTP regards the end of the connection as the regular end.
        try (var server = RawServer.answeringAndClosing("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
                + "data: {\"choices\":[{\"delta\":{\"content\":\"hi\"}}]}\n\ndata: {\"choices\":[{\"del")) {
            assertThat(failure(api, server.baseUrl()).kind()).isEqualTo(Kind.CONNECTION);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEventThatIsNotJsonIsMalformed(Api api) {
        provider.enqueue(Script.text("Hello").thenInvalidJson().thenHang());

        var failure = failure(api, provider.baseUrl());

        assertThat(failure.kind()).isEqualTo(Kind.MALFORMED);
        assertThat(failure.body()).contains("broken");
        assertThat(call.text()).isEqualTo("Hello");
        provider.awaitRequest(1).awaitClosed();
    }

    @ParameterizedTest
    @EnumSource
    void aWebPageInTheStreamIsMalformed(Api api) throws Exception {
        try (var server = RawServer.answeringAndClosing("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
                + "data: {}\n\n<html>502 Bad Gateway</html>\n\n")) {
            var failure = failure(api, server.baseUrl());

            assertThat(failure.kind()).isEqualTo(Kind.MALFORMED);
            assertThat(failure.body()).isEqualTo("<html>502 Bad Gateway</html>");
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEndlessEventIsRejectedAndItsConnectionClosed(Api api) {
        provider.enqueue(Script.text("Hello").thenHugeToken(100_000_000));

        var failure = failure(api, provider.baseUrl());

        assertThat(failure.kind()).isEqualTo(Kind.MALFORMED);
        assertThat(failure).hasMessageContaining("16 MiB");
        assertThat(call.text()).isEqualTo("Hello");
        provider.awaitRequest(1).awaitClosed();
    }

    @ParameterizedTest
    @EnumSource
    void anEndlessLineOfZerosIsRejected(Api api) throws Exception {
        var zeros = new byte[1 << 16];
        try (var server = RawServer.writing(out -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            while (true) {
                out.write(zeros);
            }
        })) {
            assertThat(failure(api, server.baseUrl()).kind()).isEqualTo(Kind.MALFORMED);
            server.awaitClosedByClient();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anErrorInMidStreamIsMappedToItsKind(Api api) {
        provider.enqueue(
                Script.text("Hello").thenFail("server_error", "the model crashed"),
                Script.text("Hello").thenErrorEvent("rate_limit_exceeded", "too many tokens"));

        var crashed = failure(api, provider.baseUrl());
        var limited = failure(api, provider.baseUrl());

        assertThat(crashed.kind()).isEqualTo(Kind.SERVER);
        assertThat(crashed).hasMessageEndingWith("the model crashed");
        assertThat(limited.kind()).isEqualTo(Kind.RATE_LIMIT);
        assertThat(limited).hasMessageEndingWith("too many tokens");
    }

    static Stream<Arguments> errors() {
        return Stream.of(
                        "{'error':{'message':'why','code':429,'metadata':{'raw':'said'}}}",
                        "{'id':'x','choices':[{'delta':{'content':'no'}}],'error':{'message':'why','code':'429','said':1}}",
                        "{'type':'response.output_text.delta','delta':'no','error':{'message':'why','code':429.0,'said':[]}}")
                .flatMap(event -> Stream.of(Api.values()).map(api -> Arguments.of(api, event)));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void anErrorInAnyEventIsReportedWithAllItsFields(Api api, String event) throws Exception {
        assertErrorReported(api, event);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'error','code':429,'message':'why','param':'said'}",
                "{'type':'response.failed','response':{'id':'r','error':{'code':'rate_limit_exceeded','message':'why','said':1}}}",
                "{'type':'response.cancelled','response':{'code':429,'message':'why','error':null,'said':{}}}"
            })
    void anErrorEventOfAResponseIsReportedWithAllItsFields(String event) throws Exception {
        assertErrorReported(Api.RESPONSES, event);
    }

    private void assertErrorReported(Api api, String event) throws Exception {
        try (var server = RawServer.answeringAndClosing("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
                + "data: " + event.replace('\'', '"') + "\n\n")) {
            var failure = failure(api, server.baseUrl());

            assertThat(failure.kind()).isEqualTo(Kind.RATE_LIMIT);
            assertThat(failure).hasMessageEndingWith("why");
            assertThat(failure.body()).contains("said");
            assertThat(call.texts).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void connectingIsAbortedAfterTheTimeout(Api api) throws Exception {
        // The backlog is full, so the operating system accepts no further connection.
        try (var listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var first = new java.net.Socket(listening.getInetAddress(), listening.getLocalPort());
                var second = new java.net.Socket(listening.getInetAddress(), listening.getLocalPort())) {
            var model = api.model(builder -> {
                builder.id("test-model");
                builder.baseUrl("http://127.0.0.1:" + listening.getLocalPort() + "/v1");
                builder.connectTimeout(Duration.ofMillis(300));
            });

            var failure = catchThrowableOfType(ModelException.class, () -> model.respond(SampleRequests.HELLO, call));

            assertThat(first.isConnected() && second.isConnected()).isTrue();
            assertThat(failure.kind()).isEqualTo(Kind.CONNECTION);
            assertThat(failure).hasMessageContaining("too long");
        }
    }

    private ModelException failure(Api api, String baseUrl) {
        return catchThrowableOfType(ModelException.class, () -> api.at(baseUrl).respond(SampleRequests.HELLO, call));
    }
}
