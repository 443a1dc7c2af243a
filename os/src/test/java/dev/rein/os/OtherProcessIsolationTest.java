package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.agent.Agent;
import dev.rein.run.RunStatus;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.store.JdbcSessionStore;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users are kept apart over runs of other processes, here played by runs of their own on the same store. */
class OtherProcessIsolationTest {
    private static final String BOB = TestTokens.of("bob", "agents:*", "runs:*", "sessions:*");
    private static final String ANN = TestTokens.of("ann", "agents:*", "runs:*", "sessions:*");

    @Test
    void nobodySeesFollowsOrStopsTheRunsOfOthers(@TempDir Path folder) throws Exception {
        var file = folder.resolve("rein.db");
        var model = ScriptedModel.of(Script.text("sesame opens").thenHang());
        try (var there = Runs.create();
                var theirs = JdbcSessionStore.sqlite(file);
                var here = Runs.create();
                var store = JdbcSessionStore.sqlite(file);
                var os = AgentOS.builder()
                        .port(0)
                        .runs(here)
                        .store(store)
                        .agents(Agent.builder()
                                .name("Writer")
                                .runs(here)
                                .model(ScriptedModel.always("ok"))
                                .build())
                        .jwt(TestTokens.AUTH.userIsolation(true))
                        .build()
                        .start()) {
            var run = Agent.builder()
                    .name("Writer")
                    .runs(there)
                    .store(theirs)
                    .model(model)
                    .build()
                    .start("Go", RunOptions.defaults().sessionId("s").userId("ann"));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> store.run(run.id())
                            .filter(row -> row.status() == RunStatus.RUNNING
                                    && !row.text().isEmpty())
                            .isPresent());
            var http = new TestClient(os);
            var one = "/agents/writer/runs/" + run.id();

            assertThat(as(http, BOB, "GET", "/runs").path("data")).isEmpty();
            assertThat(as(http, BOB, "GET", "/runs?user_id=ann").path("data")).isEmpty();
            for (var which : new String[] {"session_id=s", "user_id=ann", "all=true"}) {
                assertThat(as(http, BOB, "POST", "/runs/cancel?" + which).path("results"))
                        .as(which)
                        .isEmpty();
            }
            assertThat(as(http, BOB, "POST", one + "/cancel?session_id=s").toString())
                    .contains("not found");
            var followed = http.send(http.request(one + "/resume?session_id=s")
                    .header("Authorization", "Bearer " + BOB)
                    .GET()
                    .build());
            assertThat(followed.body()).doesNotContain("sesame");
            assertThat(run.status()).isEqualTo(RunStatus.RUNNING);

            assertThat(as(http, ANN, "GET", "/runs").path("data")).hasSize(1);
            assertThat(as(http, ANN, "POST", "/runs/cancel?session_id=s&wait=20000")
                            .path("results")
                            .path(0)
                            .path("status")
                            .asText())
                    .isEqualTo("CANCELLED");
        }
    }

    private static JsonNode as(TestClient http, String token, String method, String path) {
        return http.send(http.request(path)
                        .header("Authorization", "Bearer " + token)
                        .method(method, BodyPublishers.noBody())
                        .build())
                .json();
    }
}
