package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.agent.Agent;
import dev.rein.run.RunStatus;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.store.JdbcSessionStore;
import dev.rein.team.Team;
import dev.rein.testkit.ScriptedModel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sends valid and invalid values to every operation of the OpenAPI document. Each response must match the document:
 * status, content type and JSON schema.
 */
class SchemaFuzzTest {
    private static final int FITTING = 12;
    /** Requirements that a schema can't express. */
    private static final String RULES =
            "(?s).*(session_id is required for this action|Invalid JSON in|differ in length|Say which runs to stop|needs stream=true|expected a JSON array of objects|the list has no such run).*";

    private static final List<String> ODD_IDS = List.of("nope", "a b", "ä🐉", "%", "a+b", "a;b", "'", "0");

    private final SchemaValues values = new SchemaValues(42);
    private final List<String> wrong = new ArrayList<>();

    @TempDir
    private Path folder;

    private AgentOS os;
    private TestClient http;
    private JsonNode document;
    private SchemaCheck check;
    private int asked;
    private String lastBody;

    @BeforeEach
    void start() {
        var model = ScriptedModel.always("ok");
        var writer = Agent.builder()
                .storeWait(Duration.ofMinutes(1))
                .name("Writer")
                .model(model)
                .build();
        os = AgentOS.builder()
                .name("Fuzzed")
                .port(0)
                .store(new InMemorySessionStore())
                .agents(writer)
                .teams(Team.builder()
                        .storeWait(Duration.ofMinutes(1))
                        .name("Band")
                        .model(model)
                        .members(writer)
                        .build())
                .workflows(Workflow.builder()
                        .storeWait(Duration.ofMinutes(1))
                        .name("Flow")
                        .steps(Step.of("write", writer))
                        .build())
                .build()
                .start();
        http = new TestClient(os);
        document = http.get("/openapi.json").json();
        check = new SchemaCheck(document);
    }

    @AfterEach
    void close() {
        os.close();
    }

    private record Operation(String method, String path, JsonNode node) {
        List<JsonNode> in(String place) {
            var all = new ArrayList<JsonNode>();
            node.path("parameters").forEach(each -> {
                if (each.path("in").asText().equals(place)) {
                    all.add(each);
                }
            });
            return all;
        }

        JsonNode content() {
            return node.path("requestBody").path("content");
        }
    }

    private List<Operation> operations() {
        var all = new ArrayList<Operation>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(each -> all.add(new Operation(
                                each.getKey().toUpperCase(Locale.ROOT), path.getKey(), each.getValue()))));
        return all;
    }

    @Test
    void validValuesAreAccepted() {
        for (var operation : operations()) {
            for (var i = 0; i < FITTING; i++) {
                var answer = send(operation, path(operation, i % 3 == 2), query(operation), null, null);
                if ((answer.status() == 400 || answer.status() == 422)
                                && !answer.body().matches(RULES)
                        || answer.status() >= 500) {
                    wrong.add("fits: " + shown(answer) + " to " + lastBody);
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(asked).isGreaterThan(500);
        Awaitility.await("what was begun ends")
                .untilAsserted(() -> assertThat(Runs.shared().live())
                        // Other tests of this process leave runs that wait for people.
                        .allMatch(run -> run.status() == RunStatus.PAUSED));
    }

    @Test
    void invalidValuesAreRefused() {
        for (var operation : operations()) {
            for (var param : operation.in("query")) {
                var misfits = values.misfitTexts(param.path("schema"));
                if (List.of("integer", "boolean")
                                .contains(param.at("/schema/type").asText())
                        || param.at("/schema").has("format")) {
                    misfits.add("");
                }
                for (var misfit : misfits) {
                    var query = query(operation);
                    query.put(param.path("name").asText(), List.of(misfit));
                    refused(send(operation, path(operation, false), query, null, null));
                }
                if (param.path("required").asBoolean()) {
                    var query = query(operation);
                    query.remove(param.path("name").asText());
                    refused(send(operation, path(operation, false), query, null, null));
                }
            }
            operation
                    .content()
                    .properties()
                    .forEach(content -> misfitBodies(
                            operation, content.getKey(), content.getValue().path("schema")));
        }
        assertThat(wrong).isEmpty();
        assertThat(asked).isGreaterThan(500);
    }

    private void misfitBodies(Operation operation, String type, JsonNode schema) {
        var path = path(operation, false);
        if (type.endsWith("json")) {
            for (var misfit : values.misfits(schema)) {
                refused(send(operation, path, query(operation), type, SchemaValues.json(misfit)));
            }
            refused(send(operation, path, query(operation), type, "{"));
            return;
        }
        for (var property : schema.path("properties").properties()) {
            for (var misfit : values.misfitTexts(property.getValue())) {
                var form = SchemaValues.texts((ObjectNode) values.fitting(schema));
                form.put(property.getKey(), List.of(misfit));
                refused(send(operation, path, query(operation), type, encoded(type, form)));
            }
        }
        for (var name : schema.path("required")) {
            var form = SchemaValues.texts((ObjectNode) values.fitting(schema));
            form.remove(name.asText());
            refused(send(operation, path, query(operation), type, encoded(type, form)));
        }
    }

    private void refused(TestClient.Answer answer) {
        if (answer.status() < 400 || answer.status() >= 500) {
            wrong.add("does not fit: " + shown(answer) + " to " + lastBody);
        }
    }

    @Test
    void unknownIdsAreRefused() {
        for (var operation : operations()) {
            for (var method : List.of("PUT", "TRACE", "PATCH", "DELETE", "POST", "GET")) {
                var path = path(operation, false);
                if (!document.path("paths").path(operation.path()).has(method.toLowerCase(Locale.ROOT))) {
                    var answer = http.send(http.request(path)
                            .method(method, BodyPublishers.noBody())
                            .build());
                    if (answer.status() != 405
                            || answer.status() == 405 && answer.header("Allow").isEmpty()) {
                        wrong.add(method + " " + shown(answer));
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void supportedMethodsAreReported() {
        assertThat(http.json("PUT", "/sessions/", "").header("Allow")).isEqualTo("DELETE, GET, POST");
        assertThat(http.json("PUT", "/sessions/s1", "").header("Allow")).contains("DELETE", "GET", "PATCH");
        assertThat(http.delete("/learnings/users").header("Allow")).isEqualTo("GET");
        assertThat(http.json("OPTIONS", "/traces/search", "").header("Allow")).isEqualTo("POST");
    }

    @Test
    void wholeNumbersAreAcceptedInEveryNotation() {
        assertThat(http.json("POST", "/traces/search", "{\"page\":839.0}")
                        .json()
                        .path("meta")
                        .path("page")
                        .asInt())
                .isEqualTo(839);
        assertThat(http.json("POST", "/traces/search", "{\"page\":1e400}").status())
                .isEqualTo(422);
    }

    @Test
    void valuesThatADatabaseCanNotStoreAreClientErrors() {
        try (var store = JdbcSessionStore.sqlite(folder.resolve("rein.db"));
                var other = AgentOS.builder()
                        .port(0)
                        .store(store)
                        .agents(Agent.builder()
                                .storeWait(Duration.ofMinutes(1))
                                .name("Writer")
                                .model(ScriptedModel.always("ok"))
                                .build())
                        .build()
                        .start()) {
            var client = new TestClient(other);
            for (var field : List.of("session_id", "user_id", "run_id")) {
                var answer = client.post("/agents/writer/runs", "message", "hi", "stream", "false", field, "a\u0000b");
                assertThat(answer.status()).as(field + ": " + answer.body()).isBetween(400, 499);
            }
            assertThat(client.post("/agents/writer/runs", "message", "a\u0000b", "stream", "false", "session_id", " ")
                            .status())
                    .isEqualTo(200);
            assertThat(client.get("/sessions?session_name=%00").status()).isEqualTo(422);
        }
    }

    // ---- requests

    private String path(Operation operation, boolean odd) {
        var path = operation
                .path()
                .replace("{agent_id}", "writer")
                .replace("{team_id}", "band")
                .replace("{workflow_id}", "flow");
        while (path.contains("{")) {
            var id = odd ? ODD_IDS.get(asked % ODD_IDS.size()) : "s1";
            path = path.replaceFirst("\\{[a-z_]+}", encode(id));
        }
        return path;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private Map<String, List<String>> query(Operation operation) {
        var given = JsonNodeFactory.instance.objectNode();
        for (var param : operation.in("query")) {
            if (param.path("required").asBoolean() || asked % 3 == 0) {
                given.set(param.path("name").asText(), values.fitting(param.path("schema")));
            }
        }
        return new LinkedHashMap<>(SchemaValues.texts(given));
    }

    private static String encoded(Map<String, List<String>> form) {
        var all = new ArrayList<String>();
        form.forEach((name, each) -> each.forEach(value -> all.add(encode(name) + "=" + encode(value))));
        return String.join("&", all);
    }

    private static String encoded(String type, Map<String, List<String>> form) {
        if (type.endsWith("urlencoded")) {
            return encoded(form);
        }
        var all = new StringBuilder();
        form.forEach((name, each) -> each.forEach(value -> all.append("--b\r\nContent-Disposition: form-data; name=\"")
                .append(name)
                .append(name.equals("files") ? "\"; filename=\"x.txt\"\r\nContent-Type: text/plain" : "\"")
                .append("\r\n\r\n")
                .append(value)
                .append("\r\n")));
        return all.append("--b--\r\n").toString();
    }

    /** @param type the content type of the body; null for a valid one, if the operation takes a body */
    private TestClient.Answer send(
            Operation operation, String path, Map<String, List<String>> query, String type, String body) {
        asked++;
        lastBody = body;
        var request = http.request(path + (query.isEmpty() ? "" : "?" + encoded(query)));
        var types = new ArrayList<String>();
        operation.content().fieldNames().forEachRemaining(types::add);
        if (type == null && !types.isEmpty()) {
            type = types.get(asked % types.size());
            var value =
                    (ObjectNode) values.fitting(operation.content().path(type).path("schema"));
            body = type.endsWith("json") ? SchemaValues.json(value) : encoded(type, SchemaValues.texts(value));
        }
        if (type != null) {
            request.header("Content-Type", type.startsWith("multipart") ? type + "; boundary=b" : type);
        }
        lastBody = body;
        var answer = http.send(request.method(
                        operation.method(), body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build());
        for (var problem : problems(operation, answer)) {
            wrong.add(problem + ": " + shown(answer) + " to " + body);
        }
        return answer;
    }

    private List<String> problems(Operation operation, TestClient.Answer answer) {
        var response = operation.node().path("responses").path(String.valueOf(answer.status()));
        if (response.isMissingNode()) {
            return List.of("the status is not in the document");
        }
        var type = answer.header("Content-Type").split(";", 2)[0];
        var content = response.path("content");
        if (content.isMissingNode()) {
            return answer.body().isEmpty() ? List.of() : List.of("there is a body");
        }
        if (!content.has(type)) {
            return List.of("the type " + type + " is not in the document");
        }
        return type.endsWith("json") ? check.check(content.path(type).path("schema"), answer.json()) : List.of();
    }

    private static String shown(TestClient.Answer answer) {
        var request = answer.response().request();
        var body = answer.body();
        return request.method() + " " + request.uri().getRawPath()
                + (request.uri().getRawQuery() == null
                        ? ""
                        : "?" + request.uri().getRawQuery()) + " -> "
                + answer.status() + " " + body.substring(0, Math.min(300, body.length()));
    }
}
