package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.agent.Agent;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.team.Team;
import dev.rein.testkit.LeakCheck;
import dev.rein.testkit.ScriptedModel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sends malformed input to every route: the answer is always a 4xx, or says which feature is unavailable. */
class MalformedInputTest {
    private static final int LARGEST_BODY = 64 << 10;

    /** The errors of routes of unavailable features. */
    private static final String ABSENT =
            "(?s).*(not available|No knowledge base|not configured|not enabled|keeps none).*";

    private static final List<String> ODD_IDS = List.of(
            "nobody",
            "%00",
            "..%2f..%2fetc%2fpasswd",
            "%2e%2e",
            "'%20or%201=1--",
            "%F0%9F%90%89",
            "%zz",
            "%ff%fe",
            "a;b=c",
            "x".repeat(3_000));

    private AgentOS os;
    private JsonNode paths;
    private final List<String> wrong = new ArrayList<>();

    @BeforeEach
    void start() {
        var model = ScriptedModel.always("ok");
        var writer = Agent.builder()
                .storeWait(Duration.ofMinutes(1))
                .name("Writer")
                .model(model)
                .build();
        os = AgentOS.builder()
                .name("Fuzzed")
                .port(0)
                .store(new InMemorySessionStore())
                .limits(ServerLimits.standard().bodyBytes(LARGEST_BODY).clientStall(Duration.ofSeconds(2)))
                .agents(writer)
                .teams(Team.builder()
                        .storeWait(Duration.ofMinutes(1))
                        .name("Band")
                        .model(model)
                        .members(writer)
                        .build())
                .workflows(Workflow.builder()
                        .storeWait(Duration.ofMinutes(1))
                        .name("Flow")
                        .steps(Step.of("write", writer))
                        .build())
                .build()
                .start();
        paths = new TestClient(os).get("/openapi.json").json().path("paths");
        assertThat(paths.size()).isGreaterThan(40);
    }

    @AfterEach
    void close() {
        os.close();
    }

    private record Operation(String method, String path) {
        /** Fills in the path parameters; uses existing component ids if {@code real}. */
        String at(String id, boolean real) {
            var filled = path;
            if (real) {
                filled = filled.replace("{agent_id}", "writer")
                        .replace("{team_id}", "band")
                        .replace("{workflow_id}", "flow");
            }
            return filled.replaceAll("\\{[a-z_]+}", java.util.regex.Matcher.quoteReplacement(id));
        }
    }

    private List<Operation> operations() {
        var all = new ArrayList<Operation>();
        for (var path : paths.properties()) {
            for (var method : path.getValue().properties()) {
                all.add(new Operation(method.getKey().toUpperCase(java.util.Locale.ROOT), path.getKey()));
            }
        }
        return all;
    }

    @Test
    void unusualIds() throws IOException {
        for (var operation : operations()) {
            for (var id : ODD_IDS) {
                send(operation.method(), operation.at(id, true), "", "");
                send(operation.method(), operation.at(id, false), "", "");
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void valuesOfTheWrongType() throws IOException {
        var values = List.of("", "abc", "-1", "99999999999999999999", "null", "[]", "{\"a\":", "true", "\u0000", "%zz");
        for (var operation : operations()) {
            for (var value : values) {
                var encoded = value.contains("%")
                        ? value
                        : TestClient.form("x", value).substring(2);
                var form = new StringBuilder("message=hi&session_id=s");
                for (var name : List.of(
                        "stream",
                        "version",
                        "background",
                        "last_event_index",
                        "tools",
                        "requirements",
                        "images",
                        "session_state",
                        "metadata",
                        "mode",
                        "wait",
                        "page",
                        "limit",
                        "status",
                        "type",
                        "sort_order",
                        "created_after",
                        "cancel_after",
                        "on_disconnect",
                        "run_id",
                        "user_id")) {
                    form.append('&').append(name).append('=').append(encoded);
                }
                var path = operation.at("writer", true);
                send(operation.method(), path + "?" + form, "", "");
                send(operation.method(), path, "application/x-www-form-urlencoded", form.toString());
            }
        }
        assertThat(wrong).isEmpty();
        Awaitility.await("what was begun ends").until(() -> Runs.shared().live().isEmpty());
    }

    @Test
    void invalidBodies() throws IOException {
        var deep = "[".repeat(5_000);
        var bodies = List.of(
                "",
                "{",
                "[]",
                "null",
                "\"x\"",
                "{\"session_ids\":{}}",
                "{\"memory\":1}",
                deep,
                "\u0000\u0001",
                "{\"session_ids\":[1],\"session_types\":[\"x\"]}",
                "{\"memory\":\"\\ud800\"}",
                "x".repeat(LARGEST_BODY + 1));
        var multipart = List.of(
                "",
                "--b",
                "--b\r\n\r\n",
                "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--",
                "--b\r\nContent-Disposition: form-data; name=\"message\"\r\n\r\nhi",
                "--b\r\n"
                        + "Content-Disposition: form-data; name=\"files\"; filename=\"../../x\"\r\n"
                        + "Content-Type: a/b\r\n\r\n"
                        + "hi\r\n"
                        + "--b--\r\n");
        for (var operation : operations()) {
            var path = operation.at("writer", true);
            for (var body : bodies) {
                send(operation.method(), path, "application/json", body);
            }
            send(operation.method(), path, "application/x-www-form-urlencoded", "x".repeat(LARGEST_BODY + 1));
            for (var body : multipart) {
                send(operation.method(), path, "multipart/form-data; boundary=b", body);
                send(operation.method(), path, "multipart/form-data", body);
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void unsupportedMethods() throws IOException {
        for (var operation : operations()) {
            for (var method : Set.of("PUT", "TRACE", "NONSENSE", "POST", "DELETE", "PATCH")) {
                send(method, operation.at("nobody", false), "", "");
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void truncatedRequestsStartNothing() throws IOException {
        send("GET", "/health", "", "");
        try (var leaks = LeakCheck.begin().within(Duration.ofSeconds(10))) {
            for (var operation : operations()) {
                try (var socket = new Socket(InetAddress.getLoopbackAddress(), os.port())) {
                    socket.getOutputStream()
                            .write((operation.method() + " " + operation.at("writer", true)
                                            + " HTTP/1.1\r\n"
                                            + "Host: localhost\r\n"
                                            + "Content-Type: application/x-www-form-urlencoded\r\n"
                                            + "Content-Length: 5000\r\n\r\n"
                                            + "message=")
                                    .getBytes(StandardCharsets.UTF_8));
                }
            }
            for (var nonsense : List.of("\r\n\r\n", "GET\r\n\r\n", "\u0000\u0001\u0002")) {
                raw(nonsense.getBytes(StandardCharsets.UTF_8), nonsense);
            }
            raw(
                    ("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "y".repeat(40_000) + "\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8),
                    "a long header");
        }
        assertThat(wrong).isEmpty();
        assertThat(new TestClient(os).get("/health").status()).isEqualTo(200);
    }

    @Test
    void anUnreadableBodyIsRefused() throws IOException {
        var form = "POST /agents/writer/runs HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Content-Type: application/x-www-form-urlencoded; charset=%s\r\nContent-Length: 10\r\n\r\nmessage=hi";
        for (var charset : List.of("nope", "n(o)pe", "\"\"")) {
            assertThat(answer(form.formatted(charset))).as(charset).doesNotContain("HTTP/1.1 5");
        }
        var json = "POST /memories HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json%s\r\n";
        assertThat(answer(json.formatted("; charset=nope") + "Content-Length: 14\r\n\r\n{\"memory\":\"a\"}"))
                .startsWith("HTTP/1.1 400 ");
        assertThat(answer(json.formatted("\r\nTransfer-Encoding: chunked") + "\r\nnonsense\r\n"))
                .startsWith("HTTP/1.1 400 ")
                .endsWith("{\"detail\":\"There was an error parsing the body\"}");
    }

    @Test
    void aMissingBodyTimesOut() throws IOException {
        var head = "POST /memories HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), os.port())) {
            socket.getOutputStream().write((head + "Content-Length: 100\r\n\r\n{").getBytes(StandardCharsets.UTF_8));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 408 ")
                    .endsWith("{\"detail\":\"Request Timeout\"}");
        }
    }

    private String answer(String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), os.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void send(String method, String path, String type, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        var head = method + " " + path.replace(" ", "%20").replace("\u0000", "%00") + " HTTP/1.1\r\nHost: localhost\r\n"
                + "Connection: close\r\n"
                + (type.isEmpty() ? "" : "Content-Type: " + type + "\r\n")
                + "Content-Length: " + bytes.length + "\r\n\r\n";
        var all = new ByteArrayOutputStream();
        all.write(head.getBytes(StandardCharsets.UTF_8));
        all.write(bytes);
        raw(all.toByteArray(), method + " " + path + " " + type + " " + body);
    }

    /** Sends bytes and checks the response. */
    private void raw(byte[] request, String what) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), os.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request);
            socket.shutdownOutput();
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            var status = answer.startsWith("HTTP/1.1 ") ? Integer.parseInt(answer.substring(9, 12)) : 0;
            if (status >= 500 && !(status == 503 && answer.matches(ABSENT))
                    || answer.contains("\tat ")
                    || answer.contains("Exception:")) {
                wrong.add(cut(what, 200) + " -> " + cut(answer, 600));
            }
        } catch (java.net.SocketException e) {
            // The server reset the connection without reading everything.
        }
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length) + "...";
    }
}
