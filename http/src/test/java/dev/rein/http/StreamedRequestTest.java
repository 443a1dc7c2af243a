package dev.rein.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.cancel.CancelledException;
import dev.rein.model.ModelException;
import dev.rein.model.ModelException.Kind;
import dev.rein.testkit.RawServer;
import dev.rein.testkit.RecordingModelCall;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamedRequestTest {

    private static final Duration AT_MOST = Duration.ofSeconds(20);
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: ";

    private final RecordingModelCall call = new RecordingModelCall();
    private final Collected events = new Collected();

    @Test
    void eventsArePassedWithTheirNames() {
        try (var server = RawServer.answeringAndClosing(events("event: message_start\ndata: {\"n\": 1}\n\n"
                + ": comment\n\nevent: ping\ndata: {}\n\ndata: {\"stop\": true}\n\n"))) {
            post(server.url("")).readEvents(call.cancellation(), events);

            assertThat(events.received).containsExactly("message_start {\"n\":1}", "ping {}", " {\"stop\":true}");
            assertThat(call.registrations()).isZero();
        }
    }

    @Test
    void linesArePassedAsEvents() {
        try (var server = RawServer.answeringAndClosing(
                OK + "application/x-ndjson\r\n\r\n{\"n\": 1}\n\n{\"n\": 2}\r\n{\"stop\": true}")) {
            post(server.url("")).readLines(call.cancellation(), events);

            assertThat(events.received).containsExactly(" {\"n\":1}", " {\"n\":2}", " {\"stop\":true}");
            assertThat(server.requests().getFirst()).contains("Accept: application/x-ndjson\r\n");
        }
    }

    @Test
    void pathQueryAndHeadersOfTheEndpointAreSent() {
        try (var server = RawServer.answeringAndClosing(events("data: {\"stop\": true}\n\n"))) {
            var endpoint = ModelEndpoint.builder(server.url("/models/?api-version=2024-10-21"))
                    .query("alt", "s s&e")
                    .header("X-Goog-Api-Key", "key-of-eight")
                    .header("user-agent", "mine")
                    .build();

            StreamedRequest.post(
                            endpoint,
                            "gemini:stream",
                            ProviderJson.mapper().createObjectNode().put("a", "é"))
                    .header("X-Once", "1")
                    .readEvents(call.cancellation(), events);

            assertThat(server.requests().getFirst())
                    .startsWith("POST /models/gemini:stream?api-version=2024-10-21&alt=s%20s%26e HTTP/1.1\r\n")
                    .containsIgnoringCase("\r\nx-goog-api-key: key-of-eight\r\n")
                    .containsIgnoringCase("\r\nuser-agent: mine\r\n")
                    .doesNotContain("rein")
                    .contains("\r\nX-Once: 1\r\n")
                    .contains("\r\nAccept: text/event-stream\r\n")
                    .contains("\r\nContent-Type: application/json\r\n")
                    .endsWith("\r\n\r\n{\"a\":\"é\"}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/plain", "application/octet-stream; charset=utf-8"})
    void eventsOfAnotherTypeAreRead(String type) {
        try (var server = RawServer.answeringAndClosing(OK + type + "\r\n\r\ndata: {\"stop\": true}\n\n")) {
            post(server.url("")).readEvents(call.cancellation(), events);

            assertThat(events.received).hasSize(1);
        }
    }

    @Test
    void aByteOrderMarkBeforeTheFirstEventDoesNotMatter() {
        try (var server =
                RawServer.answeringAndClosing(events("\ufeffdata: {\"n\": 1}\n\ndata: {\"stop\": true}\n\n"))) {
            post(server.url("")).readEvents(call.cancellation(), events);

            assertThat(events.received).hasSize(2);
        }
    }

    @Test
    void notANumberInAFieldThatNobodyReadsDoesNotMatter() {
        try (var server = RawServer.answeringAndClosing(
                events("data: {\"logprob\": NaN, \"other\": \"a\tb\", \"stop\": true}\n\n"))) {
            events.needed = JsonProjection.of("stop");
            post(server.url("")).readEvents(call.cancellation(), events);

            assertThat(events.received).containsExactly(" {\"stop\":true}");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\": {\"message\": \"slow down\", \"code\": 429}}",
                "{\n  \"error\": {\n    \"message\": \"slow down\",\n    \"code\": 429\n  }\n}\n"
            })
    void anErrorBodyWithASuccessfulStatusIsReportedInTheServersWords(String body) {
        try (var server = RawServer.answeringAndClosing(OK + "application/json\r\n\r\n" + body)) {
            var failure = failure(server);

            assertThat(failure.kind()).isEqualTo(Kind.RATE_LIMIT);
            assertThat(failure).hasMessageContaining("slow down");
        }
    }

    @Test
    void aJsonBodyWithoutAnErrorSaysThatItIsNotAStream() {
        try (var server = RawServer.answeringAndClosing(OK + "application/json\r\n\r\n{\"choices\": []}")) {
            var failure = failure(server);

            assertThat(failure.kind()).isEqualTo(Kind.MALFORMED);
            assertThat(failure).hasMessageContaining("application/json").hasMessageContaining("baseUrl(..)");
        }
    }

    @Test
    void anEventNamedErrorFailsTheCall() {
        try (var server = RawServer.answeringAndClosing(
                events("event: error\ndata: {\"message\": \"too many\", \"code\": 429}\n\n"))) {
            assertThat(failure(server).kind()).isEqualTo(Kind.RATE_LIMIT);
        }
    }

    @Test
    void aLineWithAnErrorFailsTheCall() {
        try (var server =
                RawServer.answeringAndClosing(OK + "application/x-ndjson\r\n\r\n{\"error\": \"model not loaded\"}\n")) {
            var failure = catchThrowableOfType(
                    ModelException.class, () -> post(server.url("")).readLines(call.cancellation(), events));

            assertThat(failure).hasMessageEndingWith("model not loaded");
        }
    }

    @Test
    void secretsOfHeadersAndQueryAreNeverShown() {
        try (var server = RawServer.answeringAndClosing(
                "HTTP/1.1 401 No\r\n\r\n{\"error\": {\"message\": \"bad header-secret, query-secret, base-secret\"}}")) {
            var endpoint = ModelEndpoint.builder(server.url("/v1?key=base-secret"))
                    .query("token", "query-secret")
                    .header("Authorization", "Bearer header-secret")
                    .keySetting("THE_KEY")
                    .build();

            var failure = catchThrowableOfType(
                    ModelException.class,
                    () -> StreamedRequest.post(
                                    endpoint, "x", ProviderJson.mapper().createObjectNode())
                            .readEvents(call.cancellation(), events));

            assertThat(failure.getMessage() + failure.body() + endpoint)
                    .contains("bad [hidden], [hidden], [hidden]")
                    .contains("check THE_KEY")
                    .doesNotContain("secret");
            assertThat(server.requests().getFirst()).startsWith("POST /v1/x?key=base-secret&token=query-secret ");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aKeptConnectionThatTheServerClosesAsTheRequestArrivesIsReplacedAtOnce(boolean custom) {
        try (var client = HttpClient.newHttpClient();
                var server = RawServer.handling((number, connection) -> {
                    connection.readRequest();
                    var body = "data: {\"stop\": true}\n\n";
                    connection.write(OK + "text/event-stream\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
                    // The next request is read, and the connection closed without an answer.
                    connection.readRequest();
                })) {
            var endpoint = ModelEndpoint.builder(server.url(""));
            if (custom) {
                endpoint.httpClient(client);
            }
            var built = endpoint.build();
            // When the client has taken back the connection cannot be observed.
            await().until(() -> {
                StreamedRequest.post(built, "", ProviderJson.mapper().createObjectNode())
                        .readEvents(call.cancellation(), new Collected());
                return server.requests().size() > server.connections();
            });

            assertThat(events.received).isEmpty();
            assertThat(call.registrations()).isZero();
        }
    }

    @Test
    void aServerThatClosesFreshConnectionsGetsOneRequest() {
        try (var server = RawServer.answeringAndClosing("")) {
            assertThat(failure(server).kind()).isEqualTo(Kind.CONNECTION);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void aStopWhileTheReplacementOfAConnectionIsAnsweredEndsTheCall() {
        try (var server = RawServer.handling((number, connection) -> {
            connection.readRequest();
            if (number == 1) {
                connection.write(OK + "text/event-stream\r\nContent-Length: 22\r\n\r\ndata: {\"stop\": true}\n\n");
            } else {
                connection.awaitClosedByClient();
            }
            connection.readRequest();
        })) {
            post(server.url("")).readEvents(call.cancellation(), new Collected());

            var response =
                    CompletableFuture.runAsync(() -> post(server.url("")).readEvents(call.cancellation(), events));
            await().until(() -> server.connections() == 2 && server.requests().size() >= 2);
            call.stop();

            assertThat(response)
                    .failsWithin(AT_MOST)
                    .withThrowableOfType(Exception.class)
                    .havingCause()
                    .isInstanceOf(CancelledException.class);
            await().until(() -> server.openConnections() <= 1);
        }
    }

    @Test
    void aServerThatHasBegunItsResponseGetsOneRequest() {
        var body = "data: {\"stop\": true}\n\n";
        var response = OK + "text/event-stream\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        try (var server = RawServer.handling((number, connection) -> {
            while (connection.readRequest() != null) {
                if (number > 1) {
                    connection.write("HTTP/1.1 20");
                    return;
                }
                connection.write(response);
                if (connection.readRequest() != null) {
                    connection.write("HTTP/1.1 20");
                    return;
                }
            }
        })) {
            post(server.url("")).readEvents(call.cancellation(), new Collected());

            assertThat(failure(server).kind()).isEqualTo(Kind.CONNECTION);
            assertThat(server.requests()).hasSize(2);
        }
    }

    @Test
    void aRequestThatFailsLateIsNotSentAgain() {
        try (var client = HttpClient.newHttpClient()) {
            var closed = new IOException("HTTP/1.1 header parser received no bytes");
            PooledConnections.kept(client, "a:1");

            assertThat(PooledConnections.mayHaveBeenClosed(client, "a:1", closed, Duration.ofMillis(4_900)))
                    .isTrue();
            assertThat(PooledConnections.mayHaveBeenClosed(client, "a:1", closed, Duration.ofSeconds(5)))
                    .isFalse();
            assertThat(PooledConnections.mayHaveBeenClosed(client, "a:2", closed, Duration.ZERO))
                    .isFalse();
        }
    }

    @Test
    void allEventsTogetherAreLimited() {
        try (var server = RawServer.answeringAndClosing(events("data: {\"n\": 1}\n\n".repeat(1_000)))) {
            var failure = catchThrowableOfType(
                    ModelException.class,
                    () -> post(server.url("")).maxBytes(5_000).readEvents(call.cancellation(), events));

            assertThat(failure.kind()).isEqualTo(Kind.MALFORMED);
            assertThat(failure).hasMessageContaining("its events together are larger than");
            assertThat(events.received).hasSizeBetween(500, 700);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>\n<head><title>502 Bad Gateway</title></head>\n</html>\n",
                "<html>\n<title>502 Bad Gateway</title>\n</html>\n\ndata: [DONE]\n\n",
                "data: <html><title>502 Bad Gateway</title></html>\n\ndata: [DONE]\n\n",
                "data: \"<html><title>502 Bad Gateway</title></html>\"\n\ndata: [DONE]\n\n",
                "upstream says: 502 Bad Gateway\n\ndata: [DONE]\n\n",
                "data: \"upstream says: 502 Bad Gateway\"\n\ndata: [DONE]\n\n",
            })
    void aPageOrTextBehindGoodEventsIsAnError(String rest) {
        try (var server = RawServer.answeringAndClosing(events("data: {\"n\": 1}\n\n" + rest))) {
            events.completeWhenDone = true;
            var failure = failure(server);

            assertThat(failure.kind()).isEqualTo(Kind.SERVER);
            assertThat(failure).hasMessageContaining("502 Bad Gateway");
        }
    }

    @Test
    void aPageBehindGoodLinesIsAnError() {
        try (var server = RawServer.answeringAndClosing(
                OK
                        + "application/x-ndjson\r\n\r\n{\"n\": 1}\n<html>\n<title>502 Bad Gateway</title>\n{\"stop\": true}\n</html>\n")) {
            var failure = catchThrowableOfType(
                    ModelException.class, () -> post(server.url("")).readLines(call.cancellation(), events));

            assertThat(failure.kind()).isEqualTo(Kind.SERVER);
            assertThat(failure).hasMessageContaining("502 Bad Gateway");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "event: error\n\n",
                "event: error\ndata:\n\n",
                "event: error\ndata: {}\n\n",
                "event: error\ndata: [DONE]\n\n",
                "data: {\"error\": {}}\n\n",
                "data: {\"error\": \"\"}\n\n",
                "data: {\"type\": \"error\"}\n\n",
                "data: [{\"n\": 2}, {\"error\": {}}]\n\n",
                "data: {\"n\": 2}\nevent: error\ndata: {}\n\n",
            })
    void anErrorThatSaysNothingIsAnError(String error) {
        try (var server = RawServer.answeringAndClosing(events("data: {\"n\": 1}\n\n" + error + "data: [DONE]\n\n"))) {
            events.completeWhenDone = true;

            assertThat(failure(server).kind()).isEqualTo(Kind.SERVER);
        }
    }

    @Test
    void whatOnlySignsLifeIsNoError() {
        try (var server = RawServer.answeringAndClosing(events(
                "data: \"ping\"\n\ndata: null\n\ndata: \"keep-alive\"\n\ndata:\n\ndata: {\"stop\": true}\n\n"))) {
            post(server.url("")).readEvents(call.cancellation(), events);

            assertThat(events.received).last().isEqualTo(" {\"stop\":true}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "x-gzip", "GZIP", "deflate", "identity"})
    void aCompressedBodyIsReadAsItArrives(String encoding) {
        try (var server = RawServer.handling((number, connection) -> {
            connection.readRequest();
            connection.write(OK + "text/event-stream\r\nContent-Encoding: " + encoding + "\r\n\r\n");
            try (var out = encoded(stream(connection), encoding)) {
                out.write("data: {\"n\": 1}\n\n".getBytes(StandardCharsets.UTF_8));
                out.flush();
                // The rest comes when the first event has arrived.
                await().until(() -> !events.received.isEmpty());
                out.write("data: {\"stop\": true}\n\n".getBytes(StandardCharsets.UTF_8));
            }
        })) {
            post(server.url("")).readEvents(call.cancellation(), events);

            assertThat(events.received).containsExactly(" {\"n\":1}", " {\"stop\":true}");
        }
    }

    private static OutputStream stream(RawServer.Connection connection) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                connection.write(Arrays.copyOfRange(bytes, offset, offset + length));
            }
        };
    }

    private static OutputStream encoded(OutputStream out, String encoding) throws IOException {
        return switch (encoding) {
            case "identity" -> out;
            case "deflate" -> new DeflaterOutputStream(out, true);
            default -> new GZIPOutputStream(out, true);
        };
    }

    @Test
    void anEncodingThatCannotBeReadIsNamed() {
        try (var server = RawServer.answeringAndClosing(OK + "text/event-stream\r\nContent-Encoding: br\r\n\r\nxyz")) {
            var failure = failure(server);

            assertThat(failure.kind()).isEqualTo(Kind.MALFORMED);
            assertThat(failure).hasMessageContaining("\"br\"");
        }
    }

    @Test
    void aBodyThatIsNotCompressedAsItsHeaderSaysIsRead() {
        try (var server = RawServer.answeringAndClosing(
                OK + "text/event-stream\r\nContent-Encoding: gzip\r\n\r\ndata: {\"stop\": true}\n\n")) {
            post(server.url("")).readEvents(call.cancellation(), events);

            assertThat(events.received).hasSize(1);
        }
    }

    @Test
    void aCompressedErrorIsReportedInTheServersWords() {
        try (var server = RawServer.handling((number, connection) -> {
            connection.readRequest();
            connection.write("HTTP/1.1 500 Bad\r\nContent-Encoding: gzip\r\n\r\n");
            try (var out = new GZIPOutputStream(stream(connection))) {
                out.write("data: {\"error\": {\"message\": \"bad luck\"}}\n\ndata: [DONE]\n\n"
                        .getBytes(StandardCharsets.UTF_8));
            }
        })) {
            assertThat(failure(server)).hasMessageEndingWith("status 500: bad luck");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ": ping\n\n: ping\n\n", "event: ping\n\n", "id: 1\nretry: 5\n\n"})
    void aStreamOfNothingButSignsOfLifeIsAnError(String body) {
        try (var server = RawServer.answeringAndClosing(events(body))) {
            assertThat(failure(server).kind()).isEqualTo(Kind.CONNECTION);
        }
    }

    @Test
    void aBodyLongerThanItsLengthIsReadToItsLength() {
        var first = "data: {\"n\": 1}\n\n";
        try (var server = RawServer.answeringAndClosing(OK + "text/event-stream\r\nContent-Length: " + first.length()
                + "\r\n\r\n" + first + "data: {\"stop\": true}\n\n")) {
            assertThat(failure(server).kind()).isEqualTo(Kind.CONNECTION);
        }
    }

    private ModelException failure(RawServer server) {
        return catchThrowableOfType(
                ModelException.class, () -> post(server.url("")).readEvents(call.cancellation(), events));
    }

    private static StreamedRequest post(String url) {
        return StreamedRequest.post(
                ModelEndpoint.builder(url).build(), "", ProviderJson.mapper().createObjectNode());
    }

    private static String events(String text) {
        return OK + "text/event-stream\r\n\r\n" + text;
    }

    /** Collects events until one has the field stop. */
    private static final class Collected implements ModelEvents {
        private final List<String> received = new CopyOnWriteArrayList<>();
        private JsonProjection needed = JsonProjection.ALL;
        private boolean complete;
        private boolean completeWhenDone;

        @Override
        public JsonProjection neededFields() {
            return needed;
        }

        @Override
        public void accept(String name, JsonNode event) {
            received.add(name + " " + event);
            complete |= event.has("stop");
        }

        @Override
        public boolean isCompleteWhenDone() {
            return completeWhenDone;
        }

        @Override
        public boolean isComplete() {
            return complete;
        }
    }
}
