package dev.rein.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FakeProviderFailuresTest {
    private final FakeProvider provider = FakeProvider.start();

    @AfterEach
    void close() {
        provider.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 429, 500, 503})
    void sendsErrorsInOpenAisFormat(int status) throws Exception {
        provider.enqueue(Script.status(status, "no \"way\""));

        var answer = TestClients.send(provider, "/chat/completions", TestClients.CHAT);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
        var error = FixtureJson.MAPPER.readTree(answer.body()).path("error");
        assertThat(error.path("message").asText()).isEqualTo("no \"way\"");
        assertThat(error.path("type").asText()).isNotEmpty();
    }

    @Test
    void sendsRetryAfterInSecondsAndInMilliseconds() throws Exception {
        provider.enqueue(
                Script.status(429, "slow").retryAfter(Duration.ofSeconds(60)),
                Script.status(429, "slow").retryAfter(Duration.ofMillis(1500)));

        var minute = TestClients.send(provider, "/chat/completions", TestClients.CHAT)
                .headers();
        var moment = TestClients.send(provider, "/chat/completions", TestClients.CHAT)
                .headers();

        assertThat(minute.firstValue("retry-after")).hasValue("60");
        assertThat(minute.firstValue("retry-after-ms")).isEmpty();
        assertThat(moment.firstValue("retry-after")).hasValue("2");
        assertThat(moment.firstValue("retry-after-ms")).hasValue("1500");
    }

    @Test
    void sendsErrorPagesUnchanged() throws Exception {
        provider.enqueue(Script.errorBody(502, "<html>Bad Gateway</html>"));

        var answer = TestClients.send(provider, "/responses", TestClients.RESPONSE);

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.headers().firstValue("content-type").orElseThrow()).startsWith("text/html");
        assertThat(answer.body()).isEqualTo("<html>Bad Gateway</html>");
    }

    @Test
    void sendsInvalidJsonAndMalformedEvents() throws Exception {
        provider.enqueue(
                Script.text("one").thenInvalidJson().thenMalformedEvent().thenText("two"));

        var body = TestClients.send(provider, "/chat/completions", TestClients.CHAT)
                .body();

        assertThat(body).containsSubsequence("one", "\"choices\": [}", "<html>", "dataa {]", "two", "[DONE]");
    }

    @Test
    void failsInMidStreamInTheFormatOfTheApi() throws Exception {
        provider.byDefault(
                Script.text("one two").thenFail("server_error", "it broke").thenText("never"));

        var chat = TestClients.send(provider, "/chat/completions", TestClients.CHAT)
                .body();
        var responses = TestClients.data(
                TestClients.send(provider, "/responses", TestClients.RESPONSE).body());

        assertThat(chat).contains("two", "it broke").doesNotContain("never", "[DONE]");
        assertThat(TestClients.data(chat).getLast().at("/error/code").asText()).isEqualTo("server_error");
        assertThat(responses.getLast().path("type").asText()).isEqualTo("response.failed");
        assertThat(responses.getLast().at("/response/error/message").asText()).isEqualTo("it broke");
        assertThat(responses.getLast().at("/response/status").asText()).isEqualTo("failed");

        provider.byDefault(Script.text("one").thenErrorEvent("server_error", "it broke"));
        var event = TestClients.data(TestClients.send(provider, "/responses", TestClients.RESPONSE)
                        .body())
                .getLast();
        assertThat(event.path("type").asText()).isEqualTo("error");
        assertThat(event.path("message").asText()).isEqualTo("it broke");
        assertThat(TestClients.send(provider, "/responses", TestClients.RESPONSE_WHOLE)
                        .statusCode())
                .isEqualTo(500);
    }

    @Test
    void closesTheConnectionInTheMiddleOfTheBody() throws Exception {
        provider.enqueue(Script.text("one two three").cutAfter(2));

        try (var socket = TestClients.raw(provider, "/chat/completions", TestClients.CHAT)) {
            var read = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(read).contains("two").doesNotContain("three", "[DONE]", "\r\n0\r\n");
        }
        assertThat(provider.awaitRequest(1).outcome()).isEqualTo(Exchange.Outcome.CUT);
    }

    @Test
    void resetsTheConnection() throws Exception {
        provider.enqueue(Script.text("one").thenHang().thenReset());
        try (var socket = TestClients.raw(provider, "/chat/completions", TestClients.CHAT)) {
            provider.awaitRequest(1).awaitHanging();
            readUntil(socket.getInputStream(), "one");

            provider.release();

            assertThatThrownBy(() -> readUntil(socket.getInputStream(), "two"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("reset");
        }
    }

    @Test
    void streamsAHugeTokenInOneEvent() throws Exception {
        var size = 100_000_000L;
        provider.enqueue(Script.empty().thenHugeToken(size).thenText("end"));

        try (var http = TestClients.http()) {
            var answer = http.send(
                    TestClients.post(provider, "/chat/completions", TestClients.CHAT), BodyHandlers.ofInputStream());
            var buffer = new byte[1 << 16];
            var filling = 0L;
            try (var body = answer.body()) {
                for (var read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                    for (var i = 0; i < read; i++) {
                        filling += buffer[i] == 'x' ? 1 : 0;
                    }
                }
            }
            // The field names around it contain a few more.
            assertThat(filling).isBetween(size, size + 100);
        }
        assertThat(provider.awaitRequest(1).awaitCompleted().tokensWritten()).isEqualTo(2);
    }

    @Test
    void noticesWhenAClientThatDoesNotReadClosesTheConnection() throws Exception {
        provider.enqueue(Script.empty().thenHugeToken(100_000_000));
        var socket = TestClients.raw(provider, "/chat/completions", TestClients.CHAT);
        readUntil(socket.getInputStream(), "xxx");

        socket.close();

        provider.awaitRequest(1).awaitClosed();
    }

    @Test
    void rejectsABodyThatIsTooLong() throws Exception {
        try (var small = FakeProvider.builder().maxRequestBody(1000).start()) {
            var answer = TestClients.send(small, "/chat/completions", "{\"x\":\"" + "x".repeat(5000) + "\"}");

            assertThat(answer.statusCode()).isEqualTo(413);
            assertThat(answer.body()).contains("the maximum is 1000");
            assertThat(small.requestCount()).isZero();
        }
    }

    @Test
    void reportsTheProblemOfAnInvalidRequest() throws Exception {
        assertThat(TestClients.send(provider, "/chat/completions", "{not json").statusCode())
                .isEqualTo(400);
        assertThat(TestClients.get(provider, "/embeddings").statusCode()).isEqualTo(404);

        provider.answerBy(request -> {
            throw new IllegalStateException("my test is wrong");
        });
        assertThat(TestClients.send(provider, "/chat/completions", TestClients.CHAT)
                        .body())
                .contains("my test is wrong");

        try (var socket = new Socket("127.0.0.1", provider.port())) {
            socket.getOutputStream().write("GARBAGE\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 400 ");
        }
    }

    private static void readUntil(InputStream in, String end) throws IOException {
        var read = new StringBuilder();
        while (read.indexOf(end) < 0) {
            var next = in.read();
            if (next < 0) {
                throw new IOException("the connection ended after " + read);
            }
            read.append((char) next);
        }
    }
}
