package dev.rein.tools.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.rein.tool.ToolSpec;
import dev.rein.tools.ToolRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Servers over HTTP that do not send the result of a call, forget sessions, or are not there. */
class UnrulyHttpServersTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration AT_ONCE = Duration.ofSeconds(20);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final LinkedBlockingQueue<String> notifications = new LinkedBlockingQueue<>();
    private volatile String session = "s1";
    private volatile String answer = "text";
    private volatile boolean changed;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/mcp", this::handle);
        server.start();
    }

    @AfterEach
    void stop() {
        notifications.add("");
        server.stop(0);
        threads.shutdownNow();
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/mcp";
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var given = exchange.getRequestHeaders().getFirst("Mcp-Session-Id");
            if (exchange.getRequestMethod().equals("GET")) {
                requests.add("GET " + given);
                get(exchange);
                return;
            }
            if (exchange.getRequestMethod().equals("DELETE")) {
                requests.add("DELETE " + given);
                exchange.sendResponseHeaders(204, -1);
                return;
            }
            var message = JSON.readTree(exchange.getRequestBody());
            var method = message.path("method").asText();
            requests.add(
                    method + " " + given + " " + exchange.getRequestHeaders().getFirst("X-User"));
            if (method.equals("initialize")) {
                exchange.getResponseHeaders().set("Mcp-Session-Id", session);
            } else if (!session.equals(given)) {
                send(exchange, 404, "application/json", "");
                return;
            }
            if (method.isEmpty() && answer.equals("pings")) {
                // It does not read the answers to its own requests.
                new CountDownLatch(1).await();
            }
            if (!message.has("id") || method.isEmpty()) {
                exchange.sendResponseHeaders(202, -1);
                return;
            }
            switch (method) {
                case "initialize" -> result(exchange, message, """
                        {"protocolVersion":"2025-06-18","capabilities":{"tools":{"listChanged":true}},
                         "serverInfo":{"name":"t","version":"1"}}""");
                case "tools/list" ->
                    result(exchange, message, """
                        {"tools":[{"name":"go","inputSchema":{"type":"object"}}%s]}""".formatted(changed ? ",{\"name\":\"added\",\"inputSchema\":{}}" : ""));
                default -> call(exchange, message);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The stream of notifications, and the rest of a stream of events. */
    private void get(HttpExchange exchange) throws IOException, InterruptedException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        var id = exchange.getRequestHeaders().getFirst("Last-Event-ID");
        if (id != null) {
            exchange.getResponseBody()
                    .write(("data: {\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + text("resumed") + "}\n\n")
                            .getBytes(UTF_8));
            return;
        }
        exchange.getResponseBody().write(": hello\n\n".getBytes(UTF_8));
        exchange.getResponseBody().flush();
        for (var next = notifications.take(); !next.isEmpty(); next = notifications.take()) {
            exchange.getResponseBody().write(("data: " + next + "\n\n").getBytes(UTF_8));
            exchange.getResponseBody().flush();
        }
    }

    private void call(HttpExchange exchange, JsonNode message) throws IOException, InterruptedException {
        switch (answer) {
            case "never" -> new CountDownLatch(1).await();
            case "error without id" ->
                send(
                        exchange,
                        200,
                        "application/json",
                        "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"parse error\"}}");
            case "pings" -> {
                exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
                exchange.sendResponseHeaders(200, 0);
                var ping = "data: {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n\n".repeat(5_000);
                exchange.getResponseBody().write(('\uFEFF' + ping).getBytes(UTF_8));
                exchange.getResponseBody()
                        .write(("data: {\"jsonrpc\":\"2.0\",\"id\":" + message.get("id") + ",\"result\":"
                                        + text("pinged") + "}\n\n")
                                .getBytes(UTF_8));
            }
            case "202" -> exchange.sendResponseHeaders(202, -1);
            case "empty" -> send(exchange, 200, "application/json", "");
            case "no json" -> send(exchange, 200, "text/html", "<html>maintenance</html>");
            case "sse" -> send(exchange, 200, "text/event-stream", ": working\n\ndata: {\"jsonrpc\":\"2.0\",");
            case "resumable" -> send(exchange, 200, "text/event-stream", "id: " + message.get("id") + "\ndata:\n\n");
            case "401" -> send(exchange, 401, "text/plain", "who are you?");
            default -> result(exchange, message, text("done"));
        }
    }

    private static String text(String text) {
        return "{\"content\":[{\"type\":\"text\",\"text\":\"" + text + "\"}]}";
    }

    private static void result(HttpExchange exchange, JsonNode message, String result) throws IOException {
        send(
                exchange,
                200,
                "application/json",
                "{\"jsonrpc\":\"2.0\",\"id\":" + message.get("id") + ",\"result\":" + result + "}");
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        var bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }

    @Test
    void aResponseWithoutTheResultIsAnErrorAtOnce() throws Exception {
        try (var mcp = McpTools.http(url()).connect()) {
            var tools = mcp.tools();
            for (var kind : Map.of(
                            "202", "status 202 and without a result",
                            "empty", "status 200 and without a result",
                            "no json", "maintenance",
                            "sse", "ended without the result",
                            "401", "status 401: who are you?; set the headers")
                    .entrySet()) {
                answer = kind.getKey();
                var started = System.nanoTime();
                assertThat(ToolRun.errorWith("go", "{}", tools)).as(answer).contains(kind.getValue());
                assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(AT_ONCE);
            }
            assertThat(requests)
                    .filteredOn(each -> each.startsWith("tools/call"))
                    .hasSize(5);
        }
    }

    @Test
    void theRestOfAStreamWithIdsIsRead() throws Exception {
        try (var mcp = McpTools.http(url()).connect()) {
            answer = "resumable";
            assertThat(ToolRun.resultWith("go", "{}", mcp.tools())).isEqualTo("resumed");
        }
    }

    @Test
    void aLostSessionIsMadeAnewAndTheCallRepeated() throws Exception {
        try (var mcp = McpTools.http(url()).connect()) {
            var tools = mcp.tools();
            session = "s2";
            assertThat(ToolRun.resultWith("go", "{}", tools)).isEqualTo("done");
            assertThat(requests)
                    .filteredOn(each -> each.startsWith("tools/call"))
                    .containsExactly("tools/call s1 null", "tools/call s2 null");
        }
    }

    @Test
    void onlyTheNewSessionHasAStreamOfNotificationsAfterALoss() throws Exception {
        try (var mcp = McpTools.http(url()).connect()) {
            await().atMost(AT_ONCE).until(() -> requests.contains("GET s1"));
            session = "s2";
            assertThat(ToolRun.resultWith("go", "{}", mcp.tools())).isEqualTo("done");
            await().atMost(AT_ONCE).until(() -> requests.contains("GET s2"));
            // Both streams end, and only one is opened again.
            notifications.add("");
            notifications.add("");
            await().atMost(AT_ONCE)
                    .until(() -> requests.stream().filter("GET s2"::equals).count() == 2);
            assertThat(requests).filteredOn("GET s1"::equals).hasSize(1);
        }
    }

    @Test
    void aDeadPortNamesTheAddressAndTheWayOut() throws Exception {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(
                        () -> McpTools.http("http://127.0.0.1:" + port + "/mcp").connect())
                .withMessageContaining("http://127.0.0.1:" + port + "/mcp")
                .withMessageContaining("connection refused")
                .withMessageContaining("start the server, or correct the URL");

        try (var mcp = McpTools.http(url()).connect()) {
            var tools = mcp.tools();
            notifications.add("");
            server.stop(0);
            assertThat(ToolRun.errorWith("go", "{}", tools)).contains(url(), "start the server");
        }
    }

    @Test
    void aNotificationChangesTheListOfTheNextRun() throws Exception {
        try (var mcp = McpTools.http(url()).connect()) {
            assertThat(mcp.tools()).hasSize(1);
            changed = true;
            assertThat(mcp.tools()).as("nothing was said yet").hasSize(1);
            notifications.add("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}");
            await().untilAsserted(() ->
                    assertThat(mcp.tools()).extracting(ToolSpec::name).containsExactly("go", "added"));
        }
    }

    @Test
    void aRunHasHeadersOfItsOwn() throws Exception {
        try (var mcp = McpTools.http(url())
                .headersPerRun(context -> Map.of("X-User", Objects.requireNonNull(context.runId())))
                .connect()) {
            assertThat(ToolRun.resultWith("go", "{}", mcp.tools())).isEqualTo("done");
            var call = requests.getLast().split(" ");
            assertThat(call[0]).isEqualTo("tools/call");
            assertThat(call[2]).isNotEqualTo("null");
        }
    }

    @Test
    void closingEndsTheSessionOnce() throws Exception {
        var mcp = McpTools.http(url()).connect();
        mcp.close();
        mcp.close();
        assertThat(requests).filteredOn(each -> each.startsWith("DELETE")).containsExactly("DELETE s1");
    }

    @Test
    void closingEndsACallThatTheServerDoesNotAnswer() throws Exception {
        var mcp = McpTools.http(url()).connect();
        answer = "never";
        var run = ToolRun.start(mcp.tools(), "go", "{}");
        await().until(() -> requests.stream().anyMatch(each -> each.startsWith("tools/call")));
        mcp.close();
        assertThat(run.finish().result()).contains("is closed");
        assertThat(requests).contains("DELETE s1");
    }

    @Test
    void anErrorWithoutAnIdIsThatOfItsRequest() throws Exception {
        try (var mcp = McpTools.http(url()).connect()) {
            answer = "error without id";
            assertThat(ToolRun.errorWith("go", "{}", mcp.tools())).contains("parse error");
        }
    }

    @Test
    void aFloodOfPingsIsNotAnsweredWithAFloodOfRequests() throws Exception {
        try (var mcp = McpTools.http(url()).connect()) {
            answer = "pings";
            assertThat(ToolRun.resultWith("go", "{}", mcp.tools())).isEqualTo("pinged");
            assertThat(requests).filteredOn(each -> each.startsWith(" ")).hasSizeLessThan(2_000);
        }
    }

    @Test
    void aStreamOfNotificationsThatBreaksIsOpenedAgainAndTheListIsAskedForAgain() throws Exception {
        try (var mcp = McpTools.http(url()).connect()) {
            assertThat(mcp.tools()).hasSize(1);
            // The change is announced while nobody listens.
            changed = true;
            notifications.add("");
            await().atMost(AT_ONCE)
                    .untilAsserted(() ->
                            assertThat(mcp.tools()).extracting(ToolSpec::name).containsExactly("go", "added"));
        }
    }
}
