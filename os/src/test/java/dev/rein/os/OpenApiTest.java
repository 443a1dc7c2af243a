package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.agent.Agent;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.team.Team;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OpenApiTest {
    private static final String METHOD = "get|post|patch|delete";

    private final ScriptedModel model = ScriptedModel.create();
    private final InMemorySessionStore store = new InMemorySessionStore();
    private final Agent writer = Agent.builder()
            .storeWait(Duration.ofMinutes(1))
            .name("Story Writer")
            .model(model)
            .instructions("Be nice")
            .store(store)
            .build();
    private final AgentOS os = AgentOS.builder()
            .name("Test <OS>")
            .port(0)
            .store(store)
            .agents(writer)
            .teams(Team.builder()
                    .storeWait(Duration.ofMinutes(1))
                    .name("Story Team")
                    .model(model)
                    .members(writer)
                    .store(store)
                    .build())
            .workflows(Workflow.builder()
                    .storeWait(Duration.ofMinutes(1))
                    .name("Content Workflow")
                    .steps(Step.of("Write", writer))
                    .store(store)
                    .build())
            .build()
            .start();
    private final TestClient http = new TestClient(os);
    private final JsonNode document = http.get("/openapi.json").json();
    private final SchemaCheck check = new SchemaCheck(document);

    @AfterEach
    void close() {
        os.close();
    }

    @Test
    void theDocumentIsComplete() {
        assertThat(document.path("openapi").asText()).isEqualTo("3.1.0");
        assertThat(document.path("info").path("title").asText()).isEqualTo("Test <OS>");
        document.findValues("$ref")
                .forEach(reference -> assertThat(
                                document.at(reference.asText().substring(1)).isMissingNode())
                        .as(reference.asText())
                        .isFalse());
        var ids = new ArrayList<String>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    assertThat(operation.getKey()).matches(METHOD);
                    var node = operation.getValue();
                    ids.add(node.path("operationId").asText());
                    assertThat(node.path("responses")).as(path.getKey()).isNotEmpty();
                    var parts = new ArrayList<String>();
                    node.path("parameters").forEach(param -> {
                        if (param.path("in").asText().equals("path")) {
                            parts.add("{" + param.path("name").asText() + "}");
                        }
                    });
                    assertThat(Pattern.compile("\\{[^}]+}")
                                    .matcher(path.getKey())
                                    .results()
                                    .map(each -> each.group())
                                    .toList())
                            .isEqualTo(parts);
                }));
        assertThat(ids).doesNotHaveDuplicates();
    }

    @Test
    void everyRouteIsDocumented() {
        for (var path : List.of(
                "/health",
                "/config",
                "/agents/{agent_id}/runs",
                "/teams/{team_id}/runs/{run_id}/cancel",
                "/workflows/{workflow_id}/runs/{run_id}/continue",
                "/runs/cancel",
                "/sessions",
                "/sessions/{session_id}/run-previews",
                "/agents/{agent_id}/sessions/{session_id}/compact")) {
            assertThat(document.path("paths").has(path)).as(path).isTrue();
        }
        // Routes of unavailable features are not documented.
        assertThat(document.path("paths").has("/sessions/{session_id}/media/{storage_key}"))
                .isFalse();
    }

    @Test
    void theFormOfARunIsDocumented() {
        var form =
                document.at("/paths/~1agents~1{agent_id}~1runs/post/requestBody/content/multipart~1form-data/schema");
        assertThat(form.path("required").toString()).isEqualTo("[\"message\"]");
        assertThat(form.at("/properties/stream/type").asText()).isEqualTo("boolean");
        assertThat(form.at("/properties/stream/default").asBoolean()).isTrue();
        assertThat(form.at("/properties/files/items/format").asText()).isEqualTo("binary");
    }

    // ---- responses match their schemas

    private JsonNode fits(String method, String path, TestClient.Answer answer) {
        var operation = operation(method, path.replaceAll("\\?.*", ""));
        var response = operation.path("responses").path(String.valueOf(answer.status()));
        assertThat(response.isMissingNode())
                .as(method + " " + path + " answers " + answer.status() + ", which is not in the document: "
                        + answer.body())
                .isFalse();
        var schema = response.path("content").path("application/json").path("schema");
        if (schema.isMissingNode()) {
            assertThat(answer.body()).as(path).isEmpty();
            return schema;
        }
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(check.check(schema, answer.json())).as(method + " " + path).isEmpty();
        return answer.json();
    }

    private JsonNode operation(String method, String path) {
        return document.path("paths").properties().stream()
                .filter(each -> path.matches(each.getKey().replaceAll("\\{[^}]+}", "[^/]+")))
                .min(Comparator.comparing(each -> each.getKey().contains("{")))
                .map(each -> each.getValue().path(method))
                .filter(each -> !each.isMissingNode())
                .orElseThrow(() -> new AssertionError("not in the document: " + method + " " + path));
    }

    private JsonNode get(String path) {
        return fits("get", path, http.get(path));
    }

    private JsonNode post(String path, String... form) {
        return fits("post", path, http.post(path, form));
    }

    private JsonNode json(String method, String path, String body) {
        return fits(method.toLowerCase(java.util.Locale.ROOT), path, http.json(method, path, body));
    }

    private String run(String component, String session) {
        return post("/" + component + "/runs", "message", "hi", "stream", "false", "session_id", session)
                .path("run_id")
                .asText();
    }

    @Test
    void systemResponsesMatch() {
        List.of(
                        "/",
                        "/health",
                        "/info",
                        "/config",
                        "/models",
                        "/agents",
                        "/agents/story-writer",
                        "/teams",
                        "/workflows")
                .forEach(this::get);
        List.of("/teams/story-team", "/workflows/content-workflow", "/agents/nope", "/runs", "/runs?status=bogus")
                .forEach(this::get);
    }

    @Test
    void runResponsesMatch() {
        model.answer("Once")
                .answer(Script.toolCall(
                        "delegate_task_to_member", "{\"member_id\":\"story-writer\",\"task\":\"write\"}"));
        model.answer("upon").answer("a time").answer("there was");
        for (var component : List.of("agents/story-writer", "teams/story-team", "workflows/content-workflow")) {
            var session = "s-" + component.length();
            var id = run(component, session);
            get("/" + component + "/runs?session_id=" + session);
            get("/" + component + "/runs/" + id + "?session_id=" + session);
            post("/" + component + "/runs/" + id + "/cancel");
            post("/" + component + "/runs/nope/cancel");
            post("/" + component + "/runs/" + id + "/continue", "session_id", session, "stream", "false");
            get("/sessions/" + session + "/runs");
            get("/sessions/" + session + "/runs/" + id);
            get("/sessions/" + session + "/runs/" + id + "/timeline");
            get("/sessions/" + session + "/run-previews");
            get("/sessions/" + session);
            json("POST", "/sessions/" + session + "/rename", "{\"session_name\":\"a name\"}");
            json("PATCH", "/sessions/" + session, "{\"session_state\":{\"a\":[1]},\"metadata\":{\"b\":null}}");
            if (!component.startsWith("workflows")) {
                get("/" + component + "/runs/" + id + "/checkpoints?session_id=" + session);
                post("/" + component + "/sessions/" + session + "/fork");
            }
        }
        post("/agents/story-writer/sessions/s-19/compact");
        assertThat(get("/sessions").path("data")).hasSize(5);
    }

    @Test
    void cancelledRunResponsesMatch() {
        model.answer(Script.text("one two ").thenHang());
        try (var events = http.open("/agents/story-writer/runs", "message", "hi", "session_id", "s1")) {
            events.until("RunContent");
            get("/runs");
            post(
                    "/agents/story-writer/runs/"
                            + Runs.shared().live().getFirst().runId() + "/cancel",
                    "reason",
                    "enough",
                    "wait",
                    "5000");
            events.rest();
        }
        get("/sessions/s1/runs");
        post("/runs/cancel", "session_id", "s1");
        post("/runs/cancel");
        model.answer(Script.text("three ").thenHang());
        try (var events = http.open("/agents/story-writer/runs", "message", "hi", "session_id", "s1")) {
            events.until("RunContent");
            var id = Runs.shared().live().getFirst().runId();
            assertThat(post("/runs/" + id + "/cancel", "wait", "5000")
                            .path("stop_seconds")
                            .isNumber())
                    .isTrue();
            post("/runs/" + id + "/cancel");
            events.rest();
        }
    }

    @Test
    void sessionResponsesMatch() {
        json("POST", "/sessions?type=team", "{\"session_id\":\"made\"}");
        json("POST", "/sessions?type=workflow", "{\"session_name\":\"x\",\"workflow_id\":\"content-workflow\"}");
        json("POST", "/sessions", "{\"session_id\":\"made\"}");
        json("POST", "/sessions", "{\"session_id\":5}");
        json("POST", "/sessions", "{");
        get("/sessions?limit=1");
        get("/sessions?page=0");
        get("/sessions/nope");
        get("/sessions/made?type=bogus");
        json("DELETE", "/sessions", "{\"session_ids\":[\"made\"],\"session_types\":[\"team\"]}");
        fits("delete", "/sessions/nope", http.delete("/sessions/nope"));
    }

    @Test
    void otherResponsesMatch() {
        model.answer("Hello");
        run("agents/story-writer", "s1");
        var id = json("POST", "/memories", "{\"memory\":\"Likes tea\",\"user_id\":\"u1\"}")
                .path("memory_id")
                .asText();
        json("PATCH", "/memories/" + id, "{\"memory\":\"Likes tea\"}");
        List.of("/memories", "/memories/" + id, "/memories/nope", "/memory_topics", "/user_memory_stats")
                .forEach(this::get);
        json("DELETE", "/memories", "{\"memory_ids\":[\"" + id + "\"]}");
        assertThat(get("/metrics").path("metrics")).hasSize(1);
        List.of(
                        "/metrics?starting_date=x",
                        "/metrics/recent",
                        "/metrics/refresh/status",
                        "/learnings",
                        "/learnings/users",
                        "/eval-runs")
                .forEach(this::get);
        List.of("/traces", "/traces/filter-schema", "/trace_session_stats", "/registry", "/traces?limit=0")
                .forEach(this::get);
        post("/metrics/refresh");
        post("/metrics/refresh?background=true");
        post("/databases/all/migrate");
        json("POST", "/traces/search", "{\"limit\":5}");
        json("DELETE", "/eval-runs", "{\"eval_run_ids\":[\"x\"]}");
    }

    // ---- the page

    @Test
    void thePageIsReadableAndSelfContained() {
        var page = http.get("/docs");
        assertThat(page.header("Content-Type")).startsWith("text/html");
        assertThat(page.body())
                .contains("<h1>Test &lt;OS&gt;</h1>", "/agents/{agent_id}/runs", "Start a run", "schema-CancelResult")
                .doesNotContain("<script", "http://", "https://", "//cdn");
        assertThat(http.get("/redoc").body()).isEqualTo(page.body());
    }
}
