package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import dev.rein.agent.Agent;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** The shutdown of the server as seen by clients. */
class ShutdownTest {
    private final ScriptedModel model = ScriptedModel.of(Script.text("Once ").thenHang());

    /** Its metrics would count twice, and the end of the first servlet's requests would not be awaited. */
    @Test
    void oneServerServesOnce() {
        var os = AgentOS.builder().runs(Runs.create()).port(0).build();
        try (os) {
            os.servlet();
            assertThatIllegalStateException().isThrownBy(os::servlet).withMessageContaining("serves already");
            assertThatIllegalStateException().isThrownBy(os::start).withMessageContaining("serves already");
        }
        assertThatIllegalStateException().isThrownBy(os::start).withMessageContaining("was closed");
    }

    /** Repeated, because a server that stops before its last event was sent does not do so every time. */
    @RepeatedTest(10)
    void aStreamEndsWithItsLastEvent() throws Exception {
        var os = AgentOS.builder()
                .port(0)
                .store(new InMemorySessionStore())
                .agents(Agent.builder()
                        .storeWait(Duration.ofMinutes(1))
                        .name("Writer")
                        .model(model)
                        .build())
                .drain(Duration.ZERO)
                .build()
                .start();
        var http = new TestClient(os);
        var answer = CompletableFuture.supplyAsync(() -> http.post("/agents/writer/runs", "message", "hi"));
        model.awaitWaiting(1);
        os.close();
        assertThat(answer.get(10, TimeUnit.SECONDS).events()).endsWith("RunCancelled", "RunCompleted");
    }

    @Test
    void aDrainingServerStartsNoRunOnOpenConnections() throws Exception {
        var researcher = Agent.builder()
                .storeWait(Duration.ofMinutes(1))
                .name("Researcher")
                .model(model)
                .build();
        var os = AgentOS.builder()
                .port(0)
                .store(new InMemorySessionStore())
                .agents(researcher)
                .workflows(Workflow.builder()
                        .storeWait(Duration.ofMinutes(1))
                        .name("Flow")
                        .steps(Step.of("one", researcher))
                        .build())
                .drain(Duration.ofMinutes(5))
                .build()
                .start();
        var http = new TestClient(os);
        var port = os.port();
        var live = CompletableFuture.supplyAsync(() -> http.post("/agents/researcher/runs", "message", "hi"));
        model.awaitWaiting(1);
        try (var idle = new RawConnection(port);
                var socket = new TestSocket(os)) {
            assertThat(idle.send(RawConnection.get("/health"))).startsWith("HTTP/1.1 200 ");
            socket.until("connected");

            var closing = Thread.ofVirtual().start(os::close);
            await().until(() -> idle.send(RawConnection.get("/health")).startsWith("HTTP/1.1 503 "));

            assertThat(idle.send(RawConnection.post("/agents/researcher/runs", "message=hi&stream=false")))
                    .startsWith("HTTP/1.1 503 ")
                    .endsWith("{\"detail\":\"The server is shutting down\"}");
            await().untilAsserted(() -> assertThat(
                            socket.send("{'action':'start-workflow','workflow_id':'none','message':'hi'}")
                                    .until("error")
                                    .path("error")
                                    .asText())
                    .isEqualTo("The server is shutting down"));

            model.release();
            assertThat(live.get(20, TimeUnit.SECONDS).events()).endsWith("RunCompleted");
            closing.join();
        }
        assertThat(model.callsStarted()).isEqualTo(1);
    }

    /** A drain may take minutes: meanwhile runs can be stopped, on open connections, new ones and sockets. */
    @Test
    void runsCanBeStoppedDuringTheDrain() throws Exception {
        var researcher = Agent.builder()
                .name("Researcher")
                .model(ScriptedModel.of(Script.text("Once ").thenHang()).repeating())
                .build();
        var os = AgentOS.builder()
                .port(0)
                .store(new InMemorySessionStore())
                .agents(researcher)
                .workflows(Workflow.builder()
                        .name("Flow")
                        .steps(Step.of("one", researcher))
                        .build())
                .drain(Duration.ofMinutes(5))
                .build()
                .start();
        var http = new TestClient(os);
        String[] form = {"message", "hi", "stream", "false", "background", "true"};
        var first =
                http.post("/agents/researcher/runs", form).json().path("run_id").asText();
        var second =
                http.post("/agents/researcher/runs", form).json().path("run_id").asText();
        try (var open = new RawConnection(os.port());
                var socket = new TestSocket(os)) {
            assertThat(open.send(RawConnection.get("/health"))).startsWith("HTTP/1.1 200 ");
            var flow = socket.send("{'action':'start-workflow','workflow_id':'flow','message':'hi'}")
                    .until("RunContent");
            var workflow =
                    TestSocket.data(flow.toString()).path("workflow_run_id").asText();

            var closing = Thread.ofVirtual().start(os::close);
            await().until(() -> open.send(RawConnection.get("/health")).startsWith("HTTP/1.1 503 "));

            assertThat(open.send(RawConnection.post("/agents/researcher/runs/" + first + "/cancel", "")))
                    .startsWith("HTTP/1.1 200 ");
            try (var late = new RawConnection(os.port())) {
                assertThat(late.send(RawConnection.get("/agents"))).startsWith("HTTP/1.1 503 ");
                assertThat(late.send(RawConnection.post("/agents/researcher/runs/" + second + "/cancel", "")))
                        .startsWith("HTTP/1.1 200 ");
            }
            socket.send("{'action':'cancel','workflow_id':'flow','run_id':'" + workflow + "'}")
                    .until("cancel_result");
            // All runs have ended, long before the drain would have.
            assertThat(closing.join(Duration.ofSeconds(60))).isTrue();
        }
    }
}
