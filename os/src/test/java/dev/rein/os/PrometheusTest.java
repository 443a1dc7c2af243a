package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.agent.Agent;
import dev.rein.runtime.Runs;
import dev.rein.testkit.InterceptedStore;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.net.http.WebSocket;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PrometheusTest {
    private final ScriptedModel model = ScriptedModel.create();
    private final Agent agent = Agent.builder().name("Plain Agent").model(model).build();
    private final Workflow flow =
            Workflow.builder().name("Flow").steps(Step.of("one", agent)).build();
    private final AgentOS os =
            AgentOS.builder().port(0).agents(agent).workflows(flow).build().start();
    private final TestClient http = new TestClient(os);

    @AfterEach
    void close() {
        os.close();
    }

    private List<String> lines() {
        var answer = http.get("/metrics/prometheus");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("text/plain");
        return answer.body().lines().toList();
    }

    @Test
    void endedAndCancelledRunsAreCounted() {
        assertThat(lines())
                .contains("rein_runs_total{cause=\"none\",component=\"team\",status=\"completed\"} 0.0")
                .contains("rein_stop_seconds_count{component=\"workflow\"} 0")
                .contains("rein_threads_abandoned 0.0", "rein_healthy 1.0");
        model.answer("Hello").answer(Script.text("one two ").thenHang());
        http.post("/agents/plain-agent/runs", "message", "hi", "stream", "false");
        try (var events = http.open("/agents/plain-agent/runs", "message", "hi")) {
            events.until("RunContent");
            assertThat(lines()).contains("rein_streams_open 1.0", "rein_runs_live{component=\"agent\"} 1.0");
            http.post("/agents/plain-agent/runs/"
                    + Runs.shared().live().getFirst().runId() + "/cancel");
            events.rest();
        }
        await().untilAsserted(() -> assertThat(lines())
                .contains(
                        "rein_runs_total{cause=\"none\",component=\"agent\",status=\"completed\"} 1.0",
                        "rein_runs_total{cause=\"user\",component=\"agent\",status=\"cancelled\"} 1.0",
                        "rein_stop_seconds_count{component=\"agent\"} 1",
                        "rein_stop_seconds_bucket{component=\"agent\",le=\"+Inf\"} 1",
                        "rein_streams_open 0.0",
                        "rein_runs_live{component=\"agent\"} 0.0"));
    }

    @Test
    void rootRunsOfServedComponentsAreCountedHoweverTheyAreStarted() {
        model.answer("one").answer("two").answer("three");
        Agent.builder().name("Not Served").model(model).build().run("hi");
        flow.run("hi");
        agent.run("hi");

        await().untilAsserted(() -> assertThat(lines())
                .contains(
                        "rein_runs_total{cause=\"none\",component=\"workflow\",status=\"completed\"} 1.0",
                        "rein_runs_total{cause=\"none\",component=\"agent\",status=\"completed\"} 1.0"));
    }

    @Test
    void pendingWritesAreShown() {
        var store = InterceptedStore.inMemory();
        try (var other = AgentOS.builder()
                .port(0)
                .store(store.store())
                .agents(Agent.builder().name("Writer").model(model).build())
                .build()
                .start()) {
            assertThat(lines())
                    .contains("rein_ends_waiting 0.0")
                    .anyMatch(line -> line.startsWith("rein_ends_lost_total "));
            store.fail(() -> new IllegalStateException("the disk is full"), "finish");
            model.answer("Hello");
            new TestClient(other).post("/agents/writer/runs", "message", "hi", "stream", "false");
            assertThat(lines()).contains("rein_ends_waiting 1.0");
            store.pass("finish");
            await().until(() -> lines().contains("rein_ends_waiting 0.0"));
        }
    }

    @Test
    void aClosedSocketLeavesOnlyItsRun() {
        model.answer(Script.text("one ").thenHang());
        var socket = new TestSocket(os);
        socket.send("{'action':'start-workflow','workflow_id':'flow','message':'hi'}")
                .until("RunContent");
        assertThat(lines()).contains("rein_streams_open 1.0");
        socket.abort();
        await().until(() -> lines().contains("rein_streams_open 0.0"));
        assertThat(lines()).contains("rein_runs_live{component=\"workflow\"} 1.0");
        http.post("/runs/cancel", "all", "true", "wait", "5000");
    }

    @Test
    void aSocketThatDoesNotReadBlocksNoRunAndIsClosed() {
        model.answer(
                Script.tokens(Collections.nCopies(1_500, "x".repeat(10_000)).toArray(String[]::new)));
        var socket = java.net.http.HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(
                        java.net.URI.create(os.url().replace("http:", "ws:") + "/workflows/ws"),
                        new WebSocket.Listener() {
                            @Override
                            public void onOpen(WebSocket webSocket) {
                                // Requests no messages.
                            }
                        })
                .join();
        socket.sendText("{\"action\":\"start-workflow\",\"workflow_id\":\"flow\",\"message\":\"hi\"}", true)
                .join();
        await().until(() ->
                lines().contains("rein_runs_total{cause=\"none\",component=\"workflow\",status=\"completed\"} 1.0"));
        socket.abort();
        await().until(() -> lines().contains("rein_streams_open 0.0"));
    }
}
