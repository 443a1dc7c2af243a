package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.agent.Agent;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** The shutdown of the server as seen by clients. */
class ShutdownTest {
    private final ScriptedModel model = ScriptedModel.of(Script.text("Once ").thenHang());

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
            // Refusing connections is the last step of the drain.
            await().until(() -> refusesConnections(port));

            assertThat(idle.send(RawConnection.post("/agents/researcher/runs", "message=hi&stream=false")))
                    .startsWith("HTTP/1.1 503 ")
                    .endsWith("{\"detail\":\"The server is shutting down\"}");
            assertThat(idle.send(RawConnection.get("/health"))).startsWith("HTTP/1.1 503 ");
            socket.send("{'action':'start-workflow','workflow_id':'flow','message':'hi'}");
            assertThat(socket.until("error").path("error").asText()).isEqualTo("The server is shutting down");

            model.release();
            assertThat(live.get(20, TimeUnit.SECONDS).events()).endsWith("RunCompleted");
            closing.join();
        }
        assertThat(model.callsStarted()).isEqualTo(1);
    }

    private static boolean refusesConnections(int port) {
        try (var _ = new RawConnection(port)) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
