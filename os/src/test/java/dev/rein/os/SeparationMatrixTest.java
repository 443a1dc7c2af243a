package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.agent.Agent;
import dev.rein.cancel.CancelRequest;
import dev.rein.queue.DurableOptions;
import dev.rein.runtime.Runs;
import dev.rein.store.JdbcSessionStore;
import dev.rein.team.Team;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tool.Tool;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * User isolation over every operation of the OpenAPI document and every action of the socket: Bob sends the ids of Ann's data, and
 * must receive the same as for ids that do not exist, see nothing of hers, and change nothing.
 */
class SeparationMatrixTest {
    private static final String SECRET = "sesame-opens";
    private static final String[] SCOPES = {
        "agents:*",
        "teams:*",
        "workflows:*",
        "sessions:*",
        "runs:*",
        "memories:*",
        "metrics:*",
        "config:*",
        "learnings:*",
        "evals:*",
        "traces:*",
        "registry:*",
        "schedules:*",
        "approvals:*",
        "queue:*"
    };
    private static final String BOB = TestTokens.of("bob", SCOPES);
    private static final String ANN = TestTokens.of("ann", SCOPES);

    /**
     * Operations that create something under an id of the caller's choice. Ids are one name space, so these are refused for an id
     * that is taken, whoever has taken it.
     */
    private static final Map<String, Integer> CREATING = Map.of(
            "POST /sessions", 409,
            "POST /agents/{agent_id}/runs", 404,
            "POST /teams/{team_id}/runs", 404,
            "POST /workflows/{workflow_id}/runs", 404);

    @TempDir
    private Path folder;

    private final ScriptedModel model = ScriptedModel.create();
    private final List<Owned> anns = new ArrayList<>();
    private JdbcSessionStore store;
    private AgentOS os;
    private TestClient http;
    private String memory;

    /** A session of Ann's with one run. */
    private record Owned(String base, String sessionId, String runId) {}

    /** A tool that requires confirmation. */
    public static final class Files {
        @Tool(value = "Delete a file", name = "delete_file", requiresConfirmation = true)
        public String deleteFile(String path) {
            return "done";
        }
    }

    @BeforeEach
    void start() throws Exception {
        store = JdbcSessionStore.sqlite(folder.resolve("rein.db"));
        os = server(store).start();
        http = new TestClient(os);
        var waiting = 0;
        for (var base : List.of("/agents/writer", "/teams/band", "/workflows/flow")) {
            anns.add(begin(base, Script.text(SECRET), "COMPLETED"));
            anns.add(begin(base, Script.toolCall("delete_file", "{\"path\":\"" + SECRET + "\"}"), "PAUSED"));
            anns.add(begin(base, Script.text(SECRET).thenHang(), "RUNNING"));
            model.awaitWaiting(++waiting);
        }
        memory = as(ANN, "POST", "/memories", "{\"memory\":\"" + SECRET + "\",\"topics\":[\"" + SECRET + "\"]}")
                .json()
                .path("memory_id")
                .asText();
        assertThat(memory).isNotEmpty();
        awaitStored();
    }

    private AgentOS server(JdbcSessionStore sessions) {
        var writer =
                Agent.builder().name("Writer").model(model).tools(new Files()).build();
        return AgentOS.builder()
                .name("Guarded")
                .port(0)
                .store(sessions)
                .agents(writer)
                .teams(Team.builder()
                        .name("Band")
                        .model(model)
                        .tools(new Files())
                        .members(writer)
                        .build())
                .workflows(Workflow.builder()
                        .name("Flow")
                        .steps(Step.of("one", writer))
                        .build())
                .durable(DurableOptions.defaults())
                .jwt(TestTokens.AUTH.userIsolation(true))
                .build();
    }

    /** The store lags behind the live runs. */
    private void awaitStored() {
        var last = new AtomicReference<>("");
        await().until(() -> {
            var now = snapshot();
            return now.equals(last.getAndSet(now)) && !now.contains("\"PENDING\"");
        });
    }

    @AfterEach
    void close() {
        anns.forEach(each -> Runs.shared().cancel(each.runId, CancelRequest.now()));
        os.close();
        store.close();
    }

    private Owned begin(String base, Script script, String status) {
        model.answer(script);
        var session = "s" + anns.size() + "-" + UUID.randomUUID();
        var started = send(
                ANN,
                "POST",
                base + "/runs",
                "application/x-www-form-urlencoded",
                TestClient.form("message", SECRET, "session_id", session, "background", "true", "stream", "false"));
        assertThat(started.status()).as(started.body()).isEqualTo(202);
        var owned = new Owned(base, session, started.json().path("run_id").asText());
        await().until(() -> status(owned).equals(status));
        return owned;
    }

    private String status(Owned owned) {
        return as(ANN, "GET", owned.base + "/runs/" + owned.runId + "?session_id=" + owned.sessionId, null)
                .json()
                .path("status")
                .asText();
    }

    private TestClient.Answer as(String token, String method, String path, String json) {
        return send(token, method, path, "application/json", json);
    }

    private TestClient.Answer send(String token, String method, String path, String type, String body) {
        return http.send(http.request(path)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", type)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build());
    }

    // ---- the matrix

    /** The ids that a request names. */
    private record Named(String base, String sessionId, String runId, String memoryId, String userId) {
        Map<String, String> values() {
            var values = new LinkedHashMap<String, String>();
            values.put("session_id", sessionId);
            values.put("run_id", runId);
            values.put("job_id", runId);
            values.put("memory_id", memoryId);
            values.put("user_id", userId);
            return values;
        }
    }

    private record Operation(String method, String path, JsonNode node) {
        String key() {
            return method + " " + path;
        }

        boolean isOf(String base) {
            return !path.startsWith("/agents/{") && !path.startsWith("/teams/{") && !path.startsWith("/workflows/{")
                    || path.startsWith(base.substring(0, base.indexOf('/', 1)) + "/{");
        }
    }

    private List<Operation> operations() {
        var all = new ArrayList<Operation>();
        for (var path : http.get("/openapi.json").json().path("paths").properties()) {
            for (var each : path.getValue().properties()) {
                all.add(new Operation(each.getKey().toUpperCase(Locale.ROOT), path.getKey(), each.getValue()));
            }
        }
        return all;
    }

    private record Request(String path, String type, String body) {}

    /** A request that names ids wherever the operation takes them. */
    private static Request request(Operation operation, Named named, boolean followsUp) {
        var path = operation
                .path()
                .replaceAll("\\{(agent|team|workflow)_id}", named.base.substring(named.base.lastIndexOf('/') + 1))
                .replace("{message_index}", "2");
        var query = new LinkedHashMap<String, String>();
        for (var param : operation.node.path("parameters")) {
            var name = param.path("name").asText();
            var value = named.values().get(name);
            if (value != null && param.path("in").asText().equals("path")) {
                path = path.replace("{" + name + "}", value);
            } else if (value != null) {
                query.put(name, value);
            }
        }
        path = path.replaceAll("\\{[a-z_]+}", "rein");
        var content = operation.node.path("requestBody").path("content");
        var type = content.isMissingNode()
                ? "application/json"
                : content.fieldNames().next();
        var body =
                content.isMissingNode() ? null : body(type, content.path(type).path("schema"), named, followsUp);
        return new Request(path + (query.isEmpty() ? "" : "?" + encoded(query)), type, body);
    }

    private static String body(String type, JsonNode schema, Named named, boolean followsUp) {
        var body = new com.fasterxml.jackson.databind.json.JsonMapper().createObjectNode();
        for (var property : schema.path("properties").properties()) {
            var name = property.getKey();
            var value = named.values().get(name.endsWith("_ids") ? name.substring(0, name.length() - 1) : name);
            if (name.endsWith("_ids")) {
                body.putArray(name).add(value == null ? "none" : value);
            } else if (value != null) {
                body.put(name, value);
            } else {
                switch (name) {
                    case "session_types" -> body.putArray(name).add("agent");
                    case "message", "memory", "session_name", "reason" -> body.put(name, "changed");
                    case "topics" -> body.putArray(name).add("changed");
                    case "session_state", "metadata" -> body.putObject(name).put("changed", true);
                    case "all" -> body.put(name, true);
                    case "stream" -> body.put(name, false);
                    case "input" -> {
                        if (followsUp) {
                            body.put(name, "changed");
                        }
                    }
                    default -> {}
                }
            }
        }
        return type.endsWith("json") ? SchemaValues.json(body) : form(body);
    }

    private static String form(ObjectNode body) {
        var fields = new LinkedHashMap<String, String>();
        SchemaValues.texts(body).forEach((name, all) -> fields.put(name, all.getFirst()));
        return encoded(fields);
    }

    private static String encoded(Map<String, String> fields) {
        var all = new ArrayList<String>();
        fields.forEach((name, value) -> all.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return String.join("&", all);
    }

    private static Named unknown(String base) {
        return new Named(
                base,
                "s0-" + UUID.randomUUID(),
                UUID.randomUUID().toString(),
                UUID.randomUUID().toString(),
                "zoe");
    }

    /** The answer without what differs from one request to the next. */
    private static String shape(TestClient.Answer answer, Named named) {
        var body = answer.body();
        if (answer.status() == 200 && answer.response().request().method().equals("POST")) {
            // A memory that was just created.
            body = body.replaceFirst("\"memory_id\":\"[^\"]+\"", "\"memory_id\":\"\"");
        }
        for (var id : named.values().entrySet()) {
            body = body.replace(id.getValue(), "{" + id.getKey() + "}");
        }
        return answer.status() + " " + answer.header("Content-Type") + " "
                + body.replaceAll("\"search_time_ms\":[0-9.E-]+", "\"search_time_ms\":0")
                        .replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z", "{time}");
    }

    private TestClient.Answer sendAs(String token, Operation operation, Named named) {
        return sendAs(token, operation, named, false);
    }

    private TestClient.Answer sendAs(String token, Operation operation, Named named, boolean followsUp) {
        var request = request(operation, named, followsUp);
        return send(token, operation.method, request.path, request.type, request.body);
    }

    @Test
    void nothingOfAnotherUserIsReadStoppedChangedCountedOrLearned() {
        var before = snapshot();
        var wrong = new ArrayList<String>();
        var probed = new LinkedHashSet<String>();
        var found = new TreeMap<String, Integer>();
        for (var operation : operations()) {
            for (var owned : anns) {
                if (!operation.isOf(owned.base)) {
                    continue;
                }
                probed.add(operation.key());
                var named = new Named(owned.base, owned.sessionId, owned.runId, memory, "ann");
                var none = unknown(owned.base);
                var answer = sendAs(BOB, operation, named);
                if (CREATING.containsKey(operation.key())) {
                    if (answer.status() != CREATING.get(operation.key())) {
                        wrong.add(operation.key() + " takes another user's id: " + shape(answer, named));
                    }
                } else {
                    var expected = shape(sendAs(BOB, operation, none), none);
                    if (!shape(answer, named).equals(expected)) {
                        wrong.add(operation.key() + ": " + shape(answer, named) + "\n  for none: " + expected);
                    }
                }
                if (operation.path.endsWith("/continue")) {
                    var followed = shape(sendAs(BOB, operation, named, true), named);
                    var expected = shape(sendAs(BOB, operation, none, true), none);
                    if (!followed.equals(expected)) {
                        wrong.add(operation.key() + " with input: " + followed + "\n  for none: " + expected);
                    }
                }
                if (leaks(answer.body(), named)) {
                    wrong.add(operation.key() + " shows Ann's data: " + answer.body());
                }
                // The events of a live run have no end.
                if (operation.method.equals("GET") && !operation.path.endsWith("/resume")) {
                    found.merge(operation.key(), sendAs(ANN, operation, named).status() == 200 ? 1 : 0, Integer::sum);
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(snapshot()).isEqualTo(before);
        assertThat(probed).hasSameSizeAs(operations()).hasSizeGreaterThan(60);
        // Otherwise the requests would name nothing that the operations find.
        assertThat(found.entrySet().stream()
                        .filter(each -> each.getKey().contains("{"))
                        .filter(each -> each.getValue() == 0)
                        .map(Map.Entry::getKey))
                .isSubsetOf(Set.of());
    }

    /** Whether a response has ids of Ann's that its request does not name, or what she wrote. */
    private boolean leaks(String body, Named named) {
        var hers = new ArrayList<String>();
        for (var owned : anns) {
            hers.add(owned.sessionId);
            hers.add(owned.runId);
        }
        hers.add(memory);
        hers.removeAll(named.values().values());
        return body.contains(SECRET) || hers.stream().anyMatch(body::contains);
    }

    /** All that Ann sees of her data. */
    private String snapshot() {
        var all = new StringBuilder();
        for (var owned : anns) {
            for (var path : List.of(
                    "/sessions/" + owned.sessionId,
                    "/sessions/" + owned.sessionId + "/runs",
                    owned.base + "/runs/" + owned.runId + "?session_id=" + owned.sessionId)) {
                all.append(as(ANN, "GET", path, null).body()).append('\n');
            }
        }
        for (var path : List.of("/sessions?limit=100", "/memories", "/runs", "/memory_topics", "/user_memory_stats")) {
            all.append(as(ANN, "GET", path, null).body()).append('\n');
        }
        return all.toString()
                .replaceAll("\"search_time_ms\":[0-9.E-]+", "")
                .replaceAll("\"(activity_seconds|duration)\":[0-9.E-]+", "");
    }

    /** Lists, totals, metrics and the like are those of a server that has nothing of another user's. */
    @Test
    void answersThatNameNoIdCountNothingOfAnotherUser() throws Exception {
        try (var empty = JdbcSessionStore.sqlite(folder.resolve("empty.db"));
                var other = server(empty).start()) {
            var alone = new TestClient(other);
            var wrong = new ArrayList<String>();
            var asked = 0;
            for (var operation : operations()) {
                if (!operation.method.equals("GET") || operation.path.contains("{")) {
                    continue;
                }
                asked++;
                var answers = new ArrayList<String>();
                for (var client : List.of(http, alone)) {
                    var request = client.request(operation.path)
                            .header("Authorization", "Bearer " + BOB)
                            .build();
                    var answer = client.send(request);
                    answers.add(answer.status() + " "
                            + answer.body()
                                    .replaceAll("\"search_time_ms\":[0-9.E-]+", "")
                                    .replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z", "{time}"));
                }
                if (!answers.getFirst().equals(answers.getLast())) {
                    wrong.add(operation.key() + ": " + answers.getFirst() + "\n  alone: " + answers.getLast());
                }
            }
            assertThat(wrong).isEmpty();
            assertThat(asked).isGreaterThan(15);
        }
    }

    // ---- the socket

    @Test
    void nothingOfAnotherUserIsReadStoppedOrLearnedOverTheSocket() {
        var before = snapshot();
        var wrong = new ArrayList<String>();
        try (var socket = new TestSocket(os)) {
            socket.until("connected");
            socket.send("{'action':'authenticate','token':'" + BOB + "'}").until("authenticated");
            for (var owned : anns) {
                for (var action : List.of("reconnect", "cancel", "continue-workflow")) {
                    for (var workflow : List.of("", ",'workflow_id':'flow'")) {
                        var none = unknown(owned.base);
                        var message = "{'action':'" + action + "'" + workflow + ",'session_id':'%s','run_id':'%s'}";
                        var answer = socket.send(message.formatted(owned.sessionId, owned.runId))
                                .next();
                        var expected = socket.send(message.formatted(none.sessionId, none.runId))
                                .next();
                        if (!answer.replace(owned.runId, none.runId).equals(expected)) {
                            wrong.add(action + ": " + answer + "\n  for none: " + expected);
                        }
                    }
                }
                var refused = socket.send(
                                "{'action':'start-workflow','workflow_id':'flow','message':'hi','session_id':'"
                                        + owned.sessionId + "'}")
                        .next();
                if (!refused.equals("{\"event\": \"error\", \"error\": \"Session not found\"}")) {
                    wrong.add("start-workflow: " + refused);
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(snapshot()).isEqualTo(before);
    }
}
