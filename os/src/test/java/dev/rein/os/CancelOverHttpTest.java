package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.run.ComponentKind;
import dev.rein.run.RunInput;
import dev.rein.run.RunStatus;
import dev.rein.session.InMemorySessionStore;
import dev.rein.session.StoredRun;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The responses of cancel requests. */
class CancelOverHttpTest {
    private static final String RUNS = "/agents/writer/runs";

    private final ScriptedModel model =
            ScriptedModel.of(Script.text("Once ").thenHang()).repeating();
    private final InMemorySessionStore store = new InMemorySessionStore();
    private final AgentOS os = AgentOS.builder()
            .port(0)
            .store(store)
            .agents(
                    Agent.builder()
                            .storeWait(Duration.ofMinutes(1))
                            .name("Writer")
                            .model(model)
                            .build(),
                    Agent.builder()
                            .storeWait(Duration.ofMinutes(1))
                            .name("Reader")
                            .model(model)
                            .build())
            .build()
            .start();
    private final TestClient http = new TestClient(os);

    @AfterEach
    void close() {
        http.post("/runs/cancel", "all", "true", "wait", "10000");
        os.close();
    }

    @Test
    void theWaitIsSharedByAllCancelledRuns() {
        for (var i = 0; i < 20; i++) {
            http.post(RUNS, "message", "hi", "stream", "false", "background", "true");
        }
        var from = System.nanoTime();
        var results = http.post("/runs/cancel", "all", "true", "mode", "after_turn", "wait", "300")
                .json()
                .path("results");
        var took = Duration.ofNanos(System.nanoTime() - from);
        assertThat(results)
                .hasSize(20)
                .allMatch(each -> each.path("result").asText().equals("requested"));
        assertThat(results.findValuesAsText("status")).contains("RUNNING");
        assertThat(took).isBetween(Duration.ofMillis(300), Duration.ofSeconds(4));
    }

    private String background() {
        return http.post(RUNS, "message", "hi", "stream", "false", "background", "true")
                .json()
                .path("run_id")
                .asText();
    }

    @Test
    void textThatTheUserHasNotSeenIsLeftOut() {
        for (var json : List.of(false, true)) {
            var id = background();
            model.awaitWaiting(1);
            var path = RUNS + "/" + id + "/cancel";
            var cancelled = json
                    ? http.json("POST", path, "{\"seen_up_to\":1,\"wait\":5000}")
                    : http.post(path, "seen_up_to", "1", "wait", "5000");
            assertThat(cancelled.json().path("status").asText()).isEqualTo("CANCELLED");
            assertThat(store.run(id).orElseThrow().text()).isEmpty();
            assertThat(http.post(path, "seen_up_to", "soon").status()).isEqualTo(422);
        }
    }

    @Test
    void modesAreCaseInsensitiveAndMayHaveDashes() {
        for (var mode : List.of("after_turn", "AFTER_TURN", "after-turn")) {
            var id = background();
            model.awaitWaiting(1);
            var path = RUNS + "/" + id + "/cancel";
            assertThat(http.post(path, "mode", mode).json().path("result").asText())
                    .isEqualTo("requested");
            var json = http.json("POST", path, "{\"mode\":\"" + mode + "\"}");
            assertThat(json.json().path("result").asText()).isEqualTo("already_requested");
            assertThat(json.json().path("status").asText()).isEqualTo("RUNNING");
            assertThat(http.json("POST", path, "{\"mode\":\"never\"}").status()).isEqualTo(422);
            assertThat(http.post(path, "mode", "", "wait", "5000")
                            .json()
                            .path("status")
                            .asText())
                    .isEqualTo("CANCELLED");
        }
    }

    @Test
    void aCancelBeforeTheStartOfARunWithAUserStopsIt() {
        assertThat(http.post(RUNS + "/early/cancel", "reason", "too early").status())
                .isEqualTo(404);
        var run = http.post(RUNS, "message", "hi", "stream", "false", "run_id", "early", "user_id", "ann")
                .json();
        assertThat(run.path("status").asText()).isEqualTo("CANCELLED");
        assertThat(model.callsStarted()).isZero();
    }

    @Test
    void aCancelBeforeTheStartIsOfOneComponentAndSession() {
        assertThat(http.post(RUNS + "/sooner/cancel", "session_id", "other").status())
                .isEqualTo(404);
        assertThat(http.post("/agents/reader/runs/sooner/cancel").status()).isEqualTo(404);
        http.post(
                RUNS, "message", "hi", "stream", "false", "background", "true", "run_id", "sooner", "session_id", "s");
        model.awaitWaiting(1);
        assertThat(http.post(RUNS + "/sooner/cancel", "session_id", "s", "wait", "5000")
                        .json()
                        .path("status")
                        .asText())
                .isEqualTo("CANCELLED");
    }

    /** A response never reports a run both as finished and as running. */
    @Test
    void aLateCancelReportsHowTheRunEnds() throws Exception {
        for (var round = 0; round < 10; round++) {
            var id = background();
            model.awaitWaiting(1);
            try (var pool = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
                var stops = java.util.stream.IntStream.range(0, 20)
                        .mapToObj(_ -> pool.submit(
                                () -> http.post(RUNS + "/" + id + "/cancel").json()))
                        .toList();
                for (var stop : stops) {
                    if (stop.get().path("result").asText().equals("already_finished")) {
                        assertThat(stop.get().path("status").asText()).isEqualTo("CANCELLED");
                    }
                }
            }
        }
    }

    @Test
    void aRunKnownOnlyToTheStoreHasAlreadyFinished() {
        for (var status : List.of(RunStatus.COMPLETED, RunStatus.CANCELLED, RunStatus.ERROR)) {
            var id = "run-" + status;
            store.insert(ended(id, status));
            for (var i = 0; i < 2; i++) {
                var answer = http.post(RUNS + "/" + id + "/cancel", "session_id", "s");
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.json().path("result").asText()).isEqualTo("already_finished");
                assertThat(answer.json().path("status").asText()).isEqualTo(status.name());
                assertThat(answer.json().path("effective").asBoolean(true)).isFalse();
            }
            assertThat(store.run(id).orElseThrow().status()).isEqualTo(status);
        }
        assertThat(http.post(RUNS + "/run-COMPLETED/cancel", "session_id", "other")
                        .status())
                .isEqualTo(404);
    }

    private static StoredRun ended(String id, RunStatus status) {
        var now = Instant.now();
        return StoredRun.builder(id, ComponentKind.AGENT, "writer")
                .sessionId("s")
                .status(status)
                .input(RunInput.of("hi"))
                .text("Once")
                .createdAt(now)
                .endedAt(now)
                .build();
    }
}
