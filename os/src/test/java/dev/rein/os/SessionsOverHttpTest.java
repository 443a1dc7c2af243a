package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.agent.Agent;
import dev.rein.runtime.Runs;
import dev.rein.session.SessionStore;
import dev.rein.store.JdbcSessionStore;
import dev.rein.team.Team;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionsOverHttpTest {
    /** Answered runs must be stored before the test continues, on slow machines too. */
    private static final Duration LONG = Duration.ofSeconds(20);

    private final ScriptedModel model = ScriptedModel.create();

    @TempDir
    private Path folder;

    private SessionStore store;
    private AgentOS os;
    private TestClient http;

    @BeforeEach
    void start() {
        store = JdbcSessionStore.sqlite(folder.resolve("rein.db"));
        os = AgentOS.builder()
                .name("Test OS")
                .port(0)
                .store(store)
                .teams(Team.builder()
                        .name("Story Team")
                        .model(model)
                        .members(member())
                        .storeWait(LONG)
                        .build())
                .workflows(Workflow.builder()
                        .name("Flow")
                        .steps(Step.of("one", member()))
                        .storeWait(LONG)
                        .build())
                .agents(Agent.builder()
                        .name("Plain Agent")
                        .model(model)
                        .store(store)
                        .addHistory(5)
                        .storeWait(LONG)
                        .build())
                .build()
                .start();
        http = new TestClient(os);
    }

    private Agent member() {
        return Agent.builder().name("Story Writer").model(model).build();
    }

    @AfterEach
    void close() {
        os.close();
        store.close();
    }

    private String run(String session, String user) {
        model.answer("Hello world");
        var answer = user == null
                ? http.post("/agents/plain-agent/runs", "message", "hi", "stream", "false", "session_id", session)
                : http.post(
                        "/agents/plain-agent/runs",
                        "message",
                        "hi",
                        "stream",
                        "false",
                        "session_id",
                        session,
                        "user_id",
                        user);
        assertThat(answer.status()).isEqualTo(200);
        return answer.json().path("run_id").asText();
    }

    private static List<String> texts(JsonNode all, String field) {
        var texts = new ArrayList<String>();
        all.forEach(each -> texts.add(each.path(field).asText()));
        return texts;
    }

    private static String detail(String text) {
        return "{\"detail\":\"" + text + "\"}";
    }

    // ---- sessions

    @Test
    void sessionsAreListedPageByPage() {
        run("s1", "u1");
        run("s2", "u2");
        run("s3", "u1");
        var newest = http.get("/sessions?type=agent&component_id=plain-agent&limit=2")
                .json();
        assertThat(texts(newest.path("data"), "session_id")).containsExactly("s3", "s2");
        assertThat(newest.path("meta").path("total_count").asInt()).isEqualTo(3);
        assertThat(newest.path("meta").path("total_pages").asInt()).isEqualTo(2);
        assertThat(newest.path("meta").path("search_time_ms").isNumber()).isTrue();
        assertThat(texts(http.get("/sessions?limit=2&page=2").json().path("data"), "session_id"))
                .containsExactly("s1");
        assertThat(texts(http.get("/sessions?user_id=u1&sort_order=asc").json().path("data"), "session_id"))
                .containsExactly("s1", "s3");
        assertThat(http.get("/sessions?type=team").json().path("data")).isEmpty();
        assertThat(http.get("/sessions?component_id=other").json().path("data")).isEmpty();
    }

    @Test
    void aSessionIsCreatedOnce() {
        var made = http.json(
                "POST",
                "/sessions?type=agent",
                "{\"session_id\":\"cs1\",\"session_name\":\"Mine\",\"agent_id\":\"plain-agent\",\"session_state\":{\"a\":1},\"user_id\":\"u1\"}");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.json().path("session_id").asText()).isEqualTo("cs1");
        assertThat(store.session("cs1").orElseThrow().state()).containsEntry("a", 1);
        assertThat(store.session("cs1").orElseThrow().name()).isEqualTo("Mine");
        assertThat(http.json("POST", "/sessions", "{\"session_id\":\"cs1\"}").status())
                .isEqualTo(409);
        assertThat(http.json("POST", "/sessions", "").status()).isEqualTo(201);
        assertThat(http.json("POST", "/sessions", "{\"session_id\":\"" + "x".repeat(600) + "\"}")
                        .status())
                .isEqualTo(422);
    }

    @Test
    void aSessionWithoutAComponentShowsNone() {
        for (var kind : List.of("agent", "team", "workflow")) {
            var made = http.json("POST", "/sessions?type=" + kind, "{\"session_id\":\"" + kind + "\"}")
                    .json();
            assertThat(made.path(kind + "_id").isNull()).isTrue();
            assertThat(made.path(kind + "_data").isNull()).isTrue();
            assertThat(http.get("/sessions/" + kind).json().has(kind + "_id")).isFalse();
            var entry = http.get("/sessions?type=" + kind).json().path("data").path(0);
            assertThat(entry.path("session_id").asText()).isEqualTo(kind);
            assertThat(entry.has(kind + "_id")).isFalse();
        }
    }

    @Test
    void aSessionIsFetchedAndUpdated() {
        run("s1", "u1");
        assertThat(http.get("/sessions/s1?type=agent").json().path("session_id").asText())
                .isEqualTo("s1");
        assertThat(http.get("/sessions/nope").body()).isEqualTo(detail("Session with id 'nope' not found"));
        assertThat(http.get("/sessions/nope?type=agent").body())
                .isEqualTo(detail("Agent Session with id 'nope' not found"));
        assertThat(http.get("/sessions/s1?type=team").status()).isEqualTo(404);
        assertThat(http.get("/sessions/s1?user_id=u2").status()).isEqualTo(404);
        assertThat(http.json("POST", "/sessions/s1/rename", "{\"session_name\":\"My chat\"}")
                        .status())
                .isEqualTo(200);
        assertThat(store.session("s1").orElseThrow().name()).isEqualTo("My chat");
        assertThat(texts(http.get("/sessions?session_name=CHAT").json().path("data"), "session_id"))
                .containsExactly("s1");
        assertThat(http.json("PATCH", "/sessions/s1", "{\"session_state\":{\"k\":[1,2]},\"metadata\":{\"m\":\"x\"}}")
                        .status())
                .isEqualTo(200);
        assertThat(store.session("s1").orElseThrow().state()).containsOnlyKeys("k");
        assertThat(store.session("s1").orElseThrow().name()).isEqualTo("My chat");
        assertThat(http.json("PATCH", "/sessions/nope", "{}").status()).isEqualTo(404);
        assertThat(http.json("POST", "/sessions/s1/rename", "{}").status()).isEqualTo(422);
    }

    @Test
    void sessionsAreDeleted() {
        run("s1", null);
        run("s2", null);
        run("s3", null);
        var deleted = http.delete("/sessions/s1");
        assertThat(deleted.status()).isEqualTo(204);
        assertThat(deleted.body()).isEmpty();
        assertThat(http.delete("/sessions/s1").status()).isEqualTo(404);
        assertThat(http.json("DELETE", "/sessions", "{\"session_ids\":[\"s2\",\"s3\"],\"session_types\":[\"agent\"]}")
                        .status())
                .isEqualTo(400);
        assertThat(http.json("DELETE", "/sessions", "{\"session_ids\":[\"a\"],\"session_types\":[]}"))
                .returns(422, TestClient.Answer::status)
                .returns(
                        "{\"detail\":[{\"type\":\"too_short\",\"loc\":[\"body\",\"session_types\"],\"msg\":\"List"
                                + " should have at least 1 item after validation, not"
                                + " 0\",\"input\":[],\"ctx\":{\"field_type\":\"List\",\"min_length\":1,\"actual_length\":0}}]}",
                        TestClient.Answer::body);
        assertThat(http.json(
                                "DELETE",
                                "/sessions",
                                "{\"session_ids\":[\"s2\",\"s3\"],\"session_types\":[\"agent\",\"agent\"]}")
                        .status())
                .isEqualTo(204);
        assertThat(http.get("/sessions").json().path("data")).isEmpty();
    }

    /** As strings the values would be equal only if their digits are. */
    @Test
    void numbersOfASessionStateAreKeptExactly() {
        var state =
                "{\"big\":1E+400,\"long\":0.1234567890123456789,\"list\":[{\"tiny\":1E-400}],\"plain\":0.1,\"n\":null}";
        model.answer("ok");
        http.post(
                "/agents/plain-agent/runs",
                "message",
                "hi",
                "session_id",
                "n1",
                "stream",
                "false",
                "session_state",
                state);
        http.json(
                "POST",
                "/sessions?type=agent",
                "{\"session_id\":\"n2\",\"agent_id\":\"plain-agent\",\"session_state\":" + state + "}");
        for (var id : List.of("n1", "n2")) {
            assertThat(http.get("/sessions/" + id).body())
                    .contains("\"big\":1E+400")
                    .contains("\"long\":0.1234567890123456789")
                    .contains("\"tiny\":1E-400")
                    .contains("\"plain\":0.1");
        }
        assertThat(store.session("n1").orElseThrow().state()).containsEntry("plain", 0.1);
    }

    @Test
    void deletingASessionCancelsItsRunsFirst() {
        model.answer(Script.text("one two ").thenHang());
        try (var events = http.open("/agents/plain-agent/runs", "message", "hi", "session_id", "s1")) {
            events.until("RunContent");
            assertThat(http.delete("/sessions/s1").status()).isEqualTo(204);
            assertThat(events.rest()).isNotEmpty();
        }
        await().until(() -> Runs.shared().live().isEmpty());
        assertThat(store.session("s1")).isEmpty();
    }

    @Test
    void invalidRequestsAreAnsweredAsInTheReference() {
        assertThat(http.get("/sessions?type=bogus").body())
                .isEqualTo("{\"detail\":[{\"type\":\"enum\",\"loc\":[\"query\",\"type\"],\"msg\":\"Input should be"
                        + " 'agent', 'team' or 'workflow'\",\"input\":\"bogus\",\"ctx\":{\"expected\":\"'agent',"
                        + " 'team' or 'workflow'\"}}]}");
        assertThat(http.get("/sessions?page=0")
                        .json()
                        .path("detail")
                        .path(0)
                        .path("msg")
                        .asText())
                .isEqualTo("Input should be greater than or equal to 1");
        assertThat(http.get("/sessions?limit=1000000").status()).isEqualTo(422);
        assertThat(http.get("/sessions?user_id=" + "x".repeat(600)).status()).isEqualTo(422);
        assertThat(http.get("/sessions/" + "x".repeat(600)).status()).isEqualTo(422);
        assertThat(http.get("/sessions/s-tool/media/x").body())
                .isEqualTo(detail("Media storage is not configured on AgentOS"));
    }

    // ---- runs

    @Test
    void theRunsOfASessionAreListed() {
        var first = run("s1", "u1");
        var second = run("s1", "u1");
        assertThat(texts(http.get("/sessions/s1/runs").json(), "run_id")).containsExactly(first, second);
        assertThat(texts(http.get("/sessions/s1/run-previews").json(), "run_id"))
                .containsExactly(first, second);
        assertThat(texts(
                        http.get("/sessions/s1/runs?status=completed&status=ERROR")
                                .json(),
                        "run_id"))
                .containsExactly(first, second);
        assertThat(http.get("/sessions/s1/runs?status=cancelled").json()).isEmpty();
        assertThat(http.get("/sessions/s1/runs?created_before=1").json()).isEmpty();
        assertThat(http.get("/sessions/s1/runs?created_after=1").json()).hasSize(2);
        assertThat(http.get("/sessions/s1/runs?created_after=999999999999999999")
                        .json())
                .isEmpty();
        assertThat(http.get("/sessions/s1/runs/" + first).json().path("run_id").asText())
                .isEqualTo(first);
        assertThat(http.get("/sessions/s1/runs/nope").status()).isEqualTo(404);
        assertThat(http.get("/sessions/nope/runs").status()).isEqualTo(404);
        assertThat(http.get("/sessions/s1/runs?user_id=u2").status()).isEqualTo(404);
        assertThat(http.get("/sessions/s1/run-previews?status=bogus").body())
                .isEqualTo(detail("Invalid status value(s) ['BOGUS']; expected one of ['CANCELLED', 'COMPLETED',"
                        + " 'ERROR', 'PAUSED', 'PENDING', 'REGENERATED', 'RUNNING']"));
    }

    @Test
    void membersAreListedBeforeTheirTeamAndStepsInsideTheirWorkflow() {
        model.toolCall("delegate_task_to_member", "{\"member_id\":\"story-writer\",\"task\":\"write\"}");
        model.answer("Once").answer("Team done");
        http.post("/teams/story-team/runs", "message", "hi", "stream", "false", "session_id", "s-team");
        var previews = http.get("/sessions/s-team/run-previews").json();
        assertThat(texts(previews, "content_preview")).containsExactly("Once", "Team done");
        assertThat(previews.path(0).path("parent_run_id"))
                .isEqualTo(previews.path(1).path("run_id"));
        assertThat(previews.path(0).path("agent_id").asText()).isEqualTo("story-writer");
        model.answer("Article");
        var listed = http.get("/sessions/s-team/runs").json();
        assertThat(texts(listed.path(0).path("events"), "event"))
                .startsWith("RunStarted")
                .endsWith("RunCompleted")
                .noneMatch(event -> event.startsWith("Team"));
        assertThat(texts(listed.path(1).path("events"), "event"))
                .startsWith("TeamRunStarted")
                .contains("RunStarted", "RunCompleted")
                .endsWith("TeamRunCompleted");

        http.post("/workflows/flow/runs", "message", "hi", "stream", "false", "session_id", "s-flow");
        var runs = http.get("/sessions/s-flow/runs?type=workflow").json();
        assertThat(runs).hasSize(1);
        assertThat(runs.path(0)
                        .path("step_executor_runs")
                        .path(0)
                        .path("content")
                        .asText())
                .isEqualTo("Article");
    }

    // ---- forks

    @Test
    void aForkIsIndependentOfItsOrigin() {
        run("s1", "u1");
        var fork = http.post("/agents/plain-agent/sessions/s1/fork").json();
        assertThat(fork.path("forked_from_session_id").asText()).isEqualTo("s1");
        var copies = http.get("/sessions/" + fork.path("session_id").asText() + "/runs")
                .json();
        var originals = http.get("/sessions/s1/runs").json();
        assertThat(originals).isNotEmpty().hasSameSizeAs(copies);
        for (var i = 0; i < copies.size(); i++) {
            assertThat(copies.get(i).path("forked_from_run_id"))
                    .isEqualTo(originals.get(i).path("run_id"));
            assertThat(originals.get(i).has("forked_from_run_id")).isFalse();
        }
        var id = fork.path("session_id").asText();
        run(id, "u1");
        assertThat(http.get("/sessions/" + id + "/runs").json()).hasSize(2);
        assertThat(http.get("/sessions/s1/runs").json()).hasSize(1);
        assertThat(model.requests().getLast().messages().toString()).contains("Hello world");
        assertThat(http.post("/agents/plain-agent/sessions/nope/fork").body()).isEqualTo(detail("Session not found"));
        assertThat(http.post("/teams/nope/sessions/s1/fork").body()).isEqualTo(detail("Team not found"));
    }

    @Test
    void compactionIsNotEnabled() {
        run("s1", null);
        var answer = http.post("/agents/plain-agent/sessions/s1/compact").json();
        assertThat(answer.path("status").asText()).isEqualTo("not_enabled");
        assertThat(answer.path("compacted").asBoolean(true)).isFalse();
        assertThat(http.post("/agents/plain-agent/sessions/nope/compact").status())
                .isEqualTo(404);
    }

    @Test
    void anEndedRunHasOneCheckpoint() {
        var run = run("s1", null);
        var base = "/agents/plain-agent/runs/" + run + "/checkpoints";
        var checkpoints = http.get(base + "?session_id=s1").json().path("checkpoints");
        assertThat(texts(checkpoints, "reason")).containsExactly("end");
        var index = checkpoints.path(0).path("message_index").asInt();
        assertThat(http.get(base + "/" + index + "?session_id=s1")
                        .json()
                        .path("run_id")
                        .asText())
                .isEqualTo(run);
        assertThat(http.get(base + "/99?session_id=s1").status()).isEqualTo(404);
        assertThat(http.get(base + "?session_id=other").status()).isEqualTo(404);
        assertThat(http.get(base).status()).isEqualTo(422);
    }
}
