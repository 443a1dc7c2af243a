package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.agent.Agent;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A request beyond a limit is refused with a Retry-After, and nothing is started for it. */
class CapacityTest {
    private static final String RUNS = "/agents/writer/runs";

    private final ScriptedModel model =
            ScriptedModel.of(Script.text("Once ").thenHang()).repeating();
    private final AgentOS os = AgentOS.builder()
            .port(0)
            .store(new InMemorySessionStore())
            .limits(ServerLimits.standard().streams(1).backgroundRuns(1).queuedRuns(1))
            .agents(Agent.builder()
                    .storeWait(Duration.ofMinutes(1))
                    .name("Writer")
                    .model(model)
                    .build())
            .build()
            .start();
    private final TestClient http = new TestClient(os);

    @AfterEach
    void close() {
        http.post("/runs/cancel", "all", "true", "wait", "10000");
        os.close();
        Runs.shared().maxConcurrentRuns(Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    @Test
    void streamsBeyondTheLimitAreRefused() {
        try (var events = http.open(RUNS, "message", "hi")) {
            var id = events.until("RunContent").data().path("run_id").asText();
            for (var path : List.of(RUNS, RUNS + "/" + id + "/resume")) {
                var refused = http.post(path, "message", "hi");
                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.header("Retry-After")).isEqualTo("1");
                assertThat(refused.json().path("detail").asText()).contains("1 event streams are open");
            }
            assertThat(live()).isEqualTo(1);
            http.post(RUNS + "/" + id + "/cancel");
            events.rest();
        }
        await().untilAsserted(() -> {
            try (var events = http.open(RUNS, "message", "hi")) {
                assertThat(events.next()).isNotNull();
            }
        });
    }

    @Test
    void backgroundRunsBeyondTheLimitAreRefused() {
        for (var i = 0; i < 2; i++) {
            assertThat(background().status()).isEqualTo(202);
        }
        var refused = background();
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("Retry-After")).isEqualTo("1");
        assertThat(refused.json().path("detail").asText()).contains("1 background runs work and 1 queue");
        assertThat(live()).isEqualTo(2);
        http.post("/runs/cancel", "all", "true", "wait", "10000");
        await().untilAsserted(() -> assertThat(background().status()).isEqualTo(202));
    }

    /** Other tests of this process may have left runs. */
    private static long live() {
        return Runs.shared().live().stream()
                .filter(run -> run.componentId().equals("writer"))
                .count();
    }

    private TestClient.Answer background() {
        return http.post(RUNS, "message", "hi", "stream", "false", "background", "true");
    }

    /** Places count when they are taken, not once the events flow: one client can't take them all in a burst. */
    @Test
    void oneSocketFollowsALimitedNumberOfRuns() throws Exception {
        var hanging = ScriptedModel.of(Script.text("Once ").thenHang()).repeating();
        var researcher = Agent.builder().name("Researcher").model(hanging).build();
        try (var server = AgentOS.builder()
                        .port(0)
                        .limits(ServerLimits.standard().streams(50).streamsPerConnection(3))
                        .agents(researcher)
                        .workflows(Workflow.builder()
                                .name("Flow")
                                .steps(Step.of("one", researcher))
                                .build())
                        .build()
                        .start();
                var socket = new TestSocket(server)) {
            var client = new TestClient(server);
            var started = socket.send("{'action':'start-workflow','workflow_id':'flow','message':'hi'}")
                    .until("WorkflowStarted");
            var run = started.path("run_id").asText();
            for (var i = 0; i < 40; i++) {
                socket.send("{'action':'reconnect','workflow_id':'flow','run_id':'" + run + "'}");
            }
            var refused = 0;
            while (refused < 38) {
                var error = socket.until("error").path("error").asText();
                assertThat(error).isEqualTo("This socket follows 3 runs already: open another one");
                refused++;
            }
            try (var events = client.open("/agents/researcher/runs", "message", "hi")) {
                assertThat(events.next()).isNotNull();
            }
            client.post("/runs/cancel", "all", "true", "wait", "10000");
        }
    }
}
