package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.agent.Agent;
import dev.rein.run.RunStatus;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkflowSocketTest {
    private static final String START =
            "{'action':'start-workflow','workflow_id':'content-workflow','message':'hi','session_id':'ws-1'}";

    private final ScriptedModel model = ScriptedModel.create();
    private final InMemorySessionStore store = new InMemorySessionStore();
    private AgentOS os = serve(null);

    private AgentOS serve(String key) {
        var researcher = Agent.builder()
                .storeWait(Duration.ofMinutes(1))
                .name("Researcher")
                .model(model)
                .build();
        return AgentOS.builder()
                .port(0)
                .securityKey(key)
                .store(store)
                .workflows(
                        Workflow.builder()
                                .storeWait(Duration.ofMinutes(1))
                                .name("Asking Workflow")
                                .steps(Step.of("Ask", researcher).confirm("Shall I?"))
                                .build(),
                        Workflow.builder()
                                .storeWait(Duration.ofMinutes(1))
                                .name("Content Workflow")
                                .store(store)
                                .steps(Step.of("Research Step", researcher))
                                .build())
                .build()
                .start();
    }

    @AfterEach
    void close() {
        os.close();
    }

    private static String error(String text) {
        return "{\"event\": \"error\", \"error\": \"" + text + "\"}";
    }

    @Test
    void createsNoServletSession() throws Exception {
        var hello = "GET /workflows/ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        try (var socket = new java.net.Socket(java.net.InetAddress.getLoopbackAddress(), os.port())) {
            socket.getOutputStream().write(hello.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            var reader = new java.io.BufferedReader(new java.io.InputStreamReader(socket.getInputStream()));
            assertThat(reader.readLine()).contains("101");
            assertThat(reader.lines().takeWhile(line -> !line.isEmpty()))
                    .noneMatch(line -> line.startsWith("Set-Cookie"));
        }
    }

    @Test
    void greetingAndPing() {
        try (var socket = new TestSocket(os)) {
            assertThat(socket.next())
                    .isEqualTo("{\"event\": \"connected\", \"message\": \"Connected to AgentOS.\", \"requires_auth\":"
                            + " false}");
            assertThat(socket.send("{'action':'ping'}").next()).isEqualTo("{\"event\": \"pong\"}");
            assertThat(socket.send("{'action':'bogus'}").next()).isEqualTo(error("Unknown action: bogus"));
            assertThat(socket.send("[1").json().path("event").asText()).isEqualTo("error");
            assertThat(socket.send("3").json().path("event").asText()).isEqualTo("error");
            assertThat(socket.send("{'action':'start-workflow','workflow_id':'nope','message':'hi'}")
                            .next())
                    .isEqualTo(error("Workflow nope not found"));
            assertThat(socket.send("{'action':'start-workflow','workflow_id':'content-workflow'}")
                            .next())
                    .isEqualTo(error("message is required"));
        }
    }

    @Test
    void aWorkflowIsSentAsServerSentEvents() {
        model.answer("Hello world");
        try (var socket = new TestSocket(os)) {
            socket.until("connected");
            var first = socket.send(START).next();
            assertThat(first)
                    .startsWith("event: WorkflowStarted\ndata: {\"created_at\": ")
                    .endsWith("}\n\n");
            socket.until("WorkflowCompleted");
        }
    }

    @Test
    void aRunContinuesWithoutItsSocket() {
        model.answer(Script.text("one ").thenHang());
        var socket = new TestSocket(os);
        socket.send(START).until("RunContent");
        socket.abort();
        var run = Runs.shared().live().stream()
                .filter(each -> each.parentRunId() == null)
                .findFirst()
                .orElseThrow();
        try (var again = new TestSocket(os)) {
            again.send("{'action':'reconnect','run_id':'" + run.runId()
                    + "','workflow_id':'content-workflow','session_id':'ws-1','last_event_index':-1}");
            assertThat(again.until("catch_up").path("missed_events").asInt()).isGreaterThan(3);
            again.until("WorkflowStarted");
            again.until("subscribed");
            assertThat(Runs.shared().find(run.runId()).orElseThrow().status()).isEqualTo(RunStatus.RUNNING);
            again.send("{'action':'cancel','run_id':'" + run.runId() + "','reason':'enough'}");
            var result = again.until("cancel_result");
            assertThat(result.path("result").asText()).isEqualTo("requested");
            assertThat(result.path("effective").asBoolean()).isTrue();
            again.until("WorkflowCancelled");
            // An ended run is replayed from its beginning.
            await().until(() -> Runs.shared().live().isEmpty());
            again.send("{'action':'reconnect','run_id':'" + run.runId() + "','last_event_index':5}");
            assertThat(again.until("replay").path("status").asText()).isEqualTo("CANCELLED");
            again.until("WorkflowStarted");
            again.until("WorkflowCancelled");
        }
        assertThat(store.run(run.runId()).orElseThrow().cause().reason()).isEqualTo("enough");
    }

    @Test
    void aStoredRunIsReplayedOverTheSocket() {
        model.answer("Hello world");
        try (var socket = new TestSocket(os)) {
            socket.send(START).until("WorkflowCompleted");
        }
        os.close();
        os = serve(null);
        var run = store.runs("ws-1").getFirst().runId();
        try (var socket = new TestSocket(os)) {
            socket.send("{'action':'reconnect','run_id':'" + run + "','workflow_id':'content-workflow'}");
            var replay = socket.until("replay");
            assertThat(replay.path("status").asText()).isEqualTo("COMPLETED");
            assertThat(replay.path("total_events").asInt()).isGreaterThan(5);
            socket.until("WorkflowStarted");
            socket.until("WorkflowCompleted");
        }
    }

    @Test
    void aLongRunIsReplayedFromTheStore() {
        model.answer(Script.tokens(
                IntStream.range(0, 12_000).mapToObj(i -> "w" + i + " ").toArray(String[]::new)));
        try (var first = new TestSocket(os);
                var socket = new TestSocket(os)) {
            socket.until("connected");
            var id = first.send(START).until("WorkflowStarted").path("run_id").asText();
            await().until(() -> store.run(id).orElseThrow().status().isTerminal());
            socket.send("{'action':'reconnect','run_id':'" + id + "','workflow_id':'content-workflow'}");
            var replay = socket.json();
            assertThat(replay.path("event").asText()).isEqualTo("replay");
            assertThat(replay.path("status").asText()).isEqualTo("COMPLETED");
            assertThat(replay.path("total_events").asInt()).isPositive();
            socket.until("WorkflowStarted");
        }
    }

    @Test
    void aCancelBeforeTheStartIsKept() {
        var id = "0b0e7a3c-6a3b-4a37-9d2e-6f5f8a1c2d3e";
        try (var socket = new TestSocket(os)) {
            socket.until("connected");
            assertThat(socket.send("{'action':'cancel','run_id':'" + id + "','reason':'too early'}")
                            .next())
                    .isEqualTo(error("Run " + id + " not found"));
        }
        var run = new TestClient(os)
                .post("/workflows/content-workflow/runs", "message", "hi", "run_id", id, "stream", "false")
                .json();
        assertThat(run.path("status").asText()).isEqualTo("CANCELLED");
        assertThat(run.path("cancellation_stage").asText()).isEqualTo("PENDING");
        assertThat(run.path("cancellation").path("reason").asText()).isEqualTo("too early");
        assertThat(model.callsStarted()).isZero();
    }

    @Test
    void aPausedRunContinuesWithDecisions() {
        model.answer("Hello world");
        try (var socket = new TestSocket(os)) {
            socket.send("{'action':'start-workflow','workflow_id':'asking-workflow','message':'hi'}");
            var paused = socket.until("WorkflowPaused");
            var asked = paused.path("step_requirements");
            assertThat(asked).hasSize(1);
            ((ObjectNode) asked.path(0)).put("confirmed", true);
            assertThat(model.callsStarted()).isZero();
            socket.send("{\"action\":\"continue-workflow\",\"workflow_id\":\"asking-workflow\",\"run_id\":\""
                    + paused.path("run_id").asText() + "\",\"step_requirements\":" + asked + "}");
            // Events before the pause are not sent again.
            assertThat(TestSocket.data(socket.next()).path("event").asText()).isNotEqualTo("WorkflowStarted");
            assertThat(socket.until("WorkflowCompleted").path("content").asText())
                    .isEqualTo("Hello world");
        }
    }

    @Test
    void unknownRunsAreReported() {
        try (var socket = new TestSocket(os)) {
            socket.until("connected");
            assertThat(socket.send("{'action':'continue-workflow','workflow_id':'content-workflow','run_id':'x'}")
                            .next())
                    .isEqualTo(error("Run x not found"));
            assertThat(socket.send("{'action':'cancel','run_id':'x'}").next()).isEqualTo(error("Run x not found"));
            assertThat(socket.send("{'action':'reconnect','run_id':'x'}").next())
                    .isEqualTo(error("Run x not found in buffer or database"));
            assertThat(socket.send("{'action':'cancel'}").next()).isEqualTo(error("run_id is required"));
        }
    }

    @Test
    void actionsRequireTheKey() {
        os.close();
        os = serve("secret");
        try (var socket = new TestSocket(os)) {
            assertThat(socket.json().path("requires_auth").asBoolean()).isTrue();
            assertThat(socket.send("{'action':'ping'}").json().path("event").asText())
                    .isEqualTo("auth_required");
            for (var wrong : List.of("wrong", "SECRET", "secret1", "")) {
                assertThat(socket.send("{'action':'authenticate','token':'" + wrong + "'}")
                                .next())
                        .isEqualTo("{\"event\": \"auth_error\", \"error\": \"Invalid authentication token\"}");
            }
            assertThat(socket.send(START).json().path("event").asText()).isEqualTo("auth_required");
            assertThat(socket.send("{'action':'authenticate','token':'secret'}")
                            .json()
                            .path("event")
                            .asText())
                    .isEqualTo("authenticated");
            assertThat(socket.send("{'action':'ping'}").json().path("event").asText())
                    .isEqualTo("pong");
        }
        assertThat(model.callsStarted()).isZero();
    }

    @Test
    void foreignOriginsAreRefused() {
        assertThatThrownBy(() -> new TestSocket(os, "https://evil.example")).hasMessageContaining("WebSocketHandshake");
        new TestSocket(os, "http://localhost:3000").close();
    }

    @Test
    void aHugeMessageClosesTheSocket() {
        try (var socket = new TestSocket(os)) {
            socket.until("connected");
            var allowed = "{'action':'ping','x':'" + "y".repeat(1 << 20);
            // Only the last byte is too much: when the server closes, it has read all there was to read, and its
            // close frame is not lost with a reset connection.
            socket.sendPart(allowed.substring(0, 1 << 20), false).sendPart("y", true);
            assertThat(socket.closed.join()).isEqualTo(1009);
        }
    }

    @Test
    void aClosingServerClosesItsSockets() {
        var socket = new TestSocket(os);
        socket.until("connected");
        os.close();
        assertThat(socket.closed.join()).isEqualTo(1001);
    }
}
