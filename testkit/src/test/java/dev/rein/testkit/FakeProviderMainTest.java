package dev.rein.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FakeProviderMainTest {
    private static final int WAITING = 2_000;

    private static Process process;
    private static URI root;
    private static HttpClient http;

    @BeforeAll
    static void start() throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        process = new ProcessBuilder(
                        java,
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FakeProviderMain.class.getName(),
                        "--port",
                        "0")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var line = new BufferedReader(process.inputReader(StandardCharsets.UTF_8)).readLine();
        assertThat(line).matches("listening on http://127\\.0\\.0\\.1:\\d+/v1");
        root = URI.create(line.substring("listening on ".length()));
        http = TestClients.http();
    }

    @AfterAll
    static void stop() throws Exception {
        http.close();
        process.destroyForcibly().waitFor();
    }

    @BeforeEach
    void reset() throws Exception {
        assertThat(post("/reset", "").statusCode()).isEqualTo(200);
    }

    @Test
    void playsEventsAndBodies() throws Exception {
        post("/script/next", "{\"events\":[{\"a\":1},\"[DONE]\"],\"contentType\":\"text/plain\"}");
        post("/script/next", "{\"body\":{\"detail\":\"no\"}}");

        var events = post("/v1/chat/completions", TestClients.CHAT);
        assertThat(events.body()).isEqualTo("data: {\"a\":1}\n\ndata: [DONE]\n\n");
        assertThat(events.headers().firstValue("content-type")).hasValue("text/plain");
        assertThat(post("/v1/chat/completions", TestClients.CHAT).body()).isEqualTo("{\"detail\":\"no\"}");
    }

    @Test
    void playsTheScriptThatWasSet() throws Exception {
        post("/script", "{\"text\":\"always\"}");
        post(
                "/script/next",
                "{\"reasoning\":\"hm\",\"text\":\"one"
                        + " two\",\"toolCalls\":[{\"id\":\"c\",\"name\":\"f\",\"arguments\":{\"a\":1}}],"
                        + "\"usage\":{\"inputTokens\":3,\"outputTokens\":4},\"finishReason\":\"length\",\"dripMillis\":1}");
        post("/script/next", "{\"status\":429,\"message\":\"slow down\",\"retryAfterMillis\":2000}");

        var first = json(post("/v1/chat/completions", TestClients.CHAT_WHOLE));
        assertThat(first.at("/choices/0/message/content").asText()).isEqualTo("one two");
        assertThat(first.at("/choices/0/message/reasoning_content").asText()).isEqualTo("hm");
        assertThat(first.at("/choices/0/message/tool_calls/0/function/arguments")
                        .asText())
                .isEqualTo("{\"a\":1}");
        assertThat(first.at("/choices/0/finish_reason").asText()).isEqualTo("length");
        assertThat(first.at("/usage/total_tokens").asInt()).isEqualTo(7);
        var second = post("/v1/chat/completions", TestClients.CHAT_WHOLE);
        assertThat(second.statusCode()).isEqualTo(429);
        assertThat(second.headers().firstValue("retry-after")).hasValue("2");
        assertThat(post("/v1/chat/completions", TestClients.CHAT_WHOLE).body()).contains("always");

        var seen = json(get("/exchanges?bodies=true")).path("exchanges");
        assertThat(seen).hasSize(3);
        assertThat(seen.get(0).path("outcome").asText()).isEqualTo("COMPLETED");
        assertThat(seen.get(0).path("request").asText()).isEqualTo("POST /v1/chat/completions");
        assertThat(seen.get(0).at("/body/messages/0/content").asText()).isEqualTo("hi");
    }

    @Test
    void rejectsAnInvalidScriptWithTheReason() throws Exception {
        assertThat(post("/script", "{\"txet\":\"x\"}").body()).contains("no field \\\"txet\\\"");
        assertThat(post("/script", "{\"hangAt\":\"nowhere\"}").body()).contains("BEFORE_HEADERS");
        assertThat(post("/script", "[1]").statusCode()).isEqualTo(400);
        assertThat(get("/script").statusCode()).isEqualTo(405);
    }

    @Test
    void reportsTheTimeOfEachCloseOnAClockSharedByAllProcesses() throws Exception {
        post("/script", "{\"text\":\"a b c\",\"hangAfterTokens\":2}");
        var sockets = new ArrayList<Socket>();
        for (var i = 0; i < WAITING; i++) {
            var socket = new Socket("127.0.0.1", root.getPort());
            socket.getOutputStream()
                    .write(TestClients.rawRequest("/chat/completions", TestClients.CHAT)
                            .getBytes(StandardCharsets.UTF_8));
            sockets.add(socket);
        }
        await().atMost(Duration.ofMinutes(1))
                .until(() -> counts().path("hanging").asInt() == WAITING);
        assertThat(counts().path("openConnections").asInt()).isGreaterThanOrEqualTo(WAITING);

        var closing = System.nanoTime();
        for (var socket : sockets) {
            socket.close();
        }
        var closed = System.nanoTime();
        await().atMost(Duration.ofMinutes(1))
                .until(() -> counts().path("CLIENT_CLOSED").asInt() == WAITING);

        for (var exchange : json(get("/exchanges")).path("exchanges")) {
            assertThat(exchange.path("tokensWritten").asInt()).isEqualTo(2);
            if (System.getProperty("os.name").equals("Linux")) {
                assertThat(exchange.path("closedAtNanos").asLong())
                        .isBetween(closing, closed + Duration.ofSeconds(30).toNanos());
            }
        }
    }

    @Test
    void releasesExchangesThatHang() throws Exception {
        post("/script", "{\"text\":\"a\",\"hangAt\":\"after_headers\"}");
        try (var socket = new Socket("127.0.0.1", root.getPort())) {
            socket.getOutputStream()
                    .write(TestClients.rawRequest("/chat/completions", TestClients.CHAT)
                            .getBytes(StandardCharsets.UTF_8));
            await().until(() -> counts().path("hanging").asInt() == 1);

            post("/release", "");

            await().until(() -> counts().path("COMPLETED").asInt() == 1);
        }
    }

    private static JsonNode counts() throws Exception {
        return json(get("/counts"));
    }

    private static HttpResponse<String> post(String path, String body) throws Exception {
        return send(HttpRequest.newBuilder(root.resolve(path)).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return send(HttpRequest.newBuilder(root.resolve(path)));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.timeout(Duration.ofSeconds(20)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> answer) throws Exception {
        return FixtureJson.MAPPER.readTree(answer.body());
    }
}
