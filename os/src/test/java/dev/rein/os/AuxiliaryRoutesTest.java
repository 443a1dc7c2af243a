package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.ScriptedModel;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuxiliaryRoutesTest {
    private final ScriptedModel model = ScriptedModel.always("Hello");
    private final InMemorySessionStore store = new InMemorySessionStore();
    private AgentOS os = AgentOS.builder()
            .port(0)
            .store(store)
            .storeId("main-db")
            .agents(Agent.builder()
                    .storeWait(Duration.ofMinutes(1))
                    .name("Plain Agent")
                    .model(model)
                    .store(store)
                    .build())
            .build()
            .start();
    private TestClient http = new TestClient(os);

    @AfterEach
    void close() {
        os.close();
    }

    private void withoutStore() {
        os.close();
        os = AgentOS.builder().port(0).build().start();
        http = new TestClient(os);
    }

    private static String detail(String text) {
        return "{\"detail\":\"" + text + "\"}";
    }

    // ---- metrics

    @Test
    void runsAreCountedByDay() {
        for (var user : new String[] {"u1", "u2", "u1"}) {
            http.post(
                    "/agents/plain-agent/runs",
                    "message",
                    "hi",
                    "stream",
                    "false",
                    "session_id",
                    user,
                    "user_id",
                    user);
        }
        var metrics = http.get("/metrics").json();
        assertThat(metrics.path("updated_at").asText()).endsWith("Z");
        assertThat(metrics.path("metrics")).hasSize(1);
        var day = metrics.path("metrics").path(0);
        var today = LocalDate.now(ZoneOffset.UTC);
        assertThat(day.path("date").asText()).isEqualTo(today + "T00:00:00Z");
        assertThat(day.path("id").asText()).isEqualTo(today + "_daily");
        assertThat(day.path("agent_runs_count").asInt()).isEqualTo(3);
        assertThat(day.path("agent_sessions_count").asInt()).isEqualTo(2);
        assertThat(day.path("users_count").asInt()).isEqualTo(2);
        assertThat(day.path("team_runs_count").asInt()).isZero();
        assertThat(day.path("token_metrics").path("total_tokens").asInt()).isPositive();
        assertThat(day.path("model_metrics").path(0).path("count").asInt()).isEqualTo(3);
        assertThat(http.get("/metrics?user_id=u1")
                        .json()
                        .at("/metrics/0/agent_runs_count")
                        .asInt())
                .isEqualTo(2);
        assertThat(http.get("/metrics?ending_date=2020-01-01").json().path("metrics"))
                .isEmpty();
        assertThat(http.get("/metrics?starting_date=" + today).json().path("metrics"))
                .hasSize(1);
        assertThat(http.get("/metrics?starting_date=nonsense").status()).isEqualTo(422);
        assertThat(http.get("/metrics?starting_date=%2B999999999-01-01").status())
                .isEqualTo(422);
    }

    @Test
    void metricsAreRefreshed() {
        assertThat(http.get("/metrics/refresh/status").json().path("status").asText())
                .isEqualTo("idle");
        assertThat(http.post("/metrics/refresh").json().isArray()).isTrue();
        assertThat(http.post("/metrics/refresh?background=true").status()).isEqualTo(202);
        assertThat(http.get("/metrics/refresh/status").json().path("status").asText())
                .isEqualTo("completed");
    }

    // ---- unavailable features

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/learnings",
                "/learnings/users",
                "/eval-runs",
                "/traces",
                "/trace_session_stats",
                "/registry",
                "/schedules",
                "/approvals",
                "/service-accounts",
                "/components"
            })
    void whatNobodyMakesIsAnEmptyList(String path) {
        assertThat(http.get(path + "?limit=5").body())
                .isEqualTo(
                        "{\"data\":[],\"meta\":{\"page\":1,\"limit\":5,\"total_pages\":0,\"total_count\":0,\"search_time_ms\":0.0}}");
        assertThat(http.get(path + "?page=x").status()).isEqualTo(422);
    }

    @Test
    void itemsOfUnavailableFeaturesAreNotFound() {
        assertThat(http.get("/traces/x").status()).isEqualTo(404);
        assertThat(http.get("/learnings/x").status()).isEqualTo(404);
        assertThat(http.json("PATCH", "/eval-runs/x", "{\"name\":\"y\"}").status())
                .isEqualTo(404);
        assertThat(http.get("/traces/filter-schema").status()).isEqualTo(200);
        assertThat(http.json("POST", "/traces/search", "{}").json().path("data"))
                .isEmpty();
        assertThat(http.json("DELETE", "/eval-runs", "{\"eval_run_ids\":[\"x\"]}")
                        .status())
                .isEqualTo(204);
        assertThat(http.get("/approvals/count").body()).isEqualTo("{\"count\":0}");
    }

    @ParameterizedTest
    @CsvSource({
        "/schedules, Schedules",
        "/approvals, Approvals",
        "/service-accounts, Service Accounts",
        "/components, Components"
    })
    void whatNeedsAStoreSaysSo(String path, String what) {
        assertThat(http.json("POST", path, "{}").status()).isEqualTo(503);
        withoutStore();
        var answer = http.get(path);
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body())
                .isEqualTo(detail(what + " not available: pass a `db` to AgentOS to enable this feature."));
        assertThat(answer.header("Retry-After")).isEmpty();
        assertThat(http.get(path + "/x").body()).isEqualTo(answer.body());
        assertThat(http.get("/sessions").status()).isEqualTo(503);
        assertThat(http.get("/memories").status()).isEqualTo(503);
        assertThat(http.get("/metrics").status()).isEqualTo(503);
    }

    @Test
    void unavailableFeaturesAreReportedAsInTheReference() {
        assertThat(http.get("/queue").body())
                .isEqualTo(detail("Queue not available: pass a `queue=QueueConfig(durable=True)` to AgentOS to enable"
                        + " this feature."));
        assertThat(http.get("/knowledge/config").body())
                .isEqualTo(
                        detail("No knowledge base is available on this AgentOS. A Knowledge is served over /knowledge"
                                + " only once it has a contents_db: pass Knowledge(..., contents_db=<db>) to"
                                + " AgentOS(knowledge=[...]), or to an agent or team."));
        assertThat(http.post("/knowledge/content", "name", "x").status()).isEqualTo(503);
        assertThat(http.get("/knowledge/content/a/status").status()).isEqualTo(503);
        assertThat(http.get("/filesystem/entries").status()).isEqualTo(503);
        assertThat(http.get("/company/products").status()).isEqualTo(503);
    }

    @Test
    void theDatabaseIsUpToDate() {
        assertThat(http.post("/databases/main-db/migrate").status()).isEqualTo(200);
        assertThat(http.post("/databases/all/migrate?target_version=3.0.0").status())
                .isEqualTo(200);
        assertThat(http.post("/databases/other/migrate").status()).isEqualTo(404);
    }
}
