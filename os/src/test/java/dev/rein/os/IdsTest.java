package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.agent.Agent;
import dev.rein.runtime.RunOptions;
import dev.rein.session.InMemorySessionStore;
import dev.rein.team.Team;
import dev.rein.testkit.InterceptedStore;
import dev.rein.testkit.ScriptedModel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Ids reach logs and terminals: none may contain what forges a line there, wherever in a request it is. */
class IdsTest {
    private static final List<String> BAD = List.of(
            "x\n09:00:00 ERROR forged",
            "x\r\ny",
            "\t",
            "\u001b[2Jx",
            "\u007f",
            "\u0085",
            "\u009b2J",
            "\u2028",
            "y".repeat(257));

    private final ScriptedModel model = ScriptedModel.always("ok");
    private final Agent writer = Agent.builder().name("Writer").model(model).build();
    private final AgentOS os = AgentOS.builder()
            .port(0)
            .store(new InMemorySessionStore())
            .agents(writer)
            .teams(Team.builder().name("Band").model(model).members(writer).build())
            .workflows(Workflow.builder()
                    .name("Flow")
                    .steps(Step.of("one", writer))
                    .build())
            .build()
            .start();
    private final TestClient http = new TestClient(os);
    private final List<String> wrong = new ArrayList<>();
    private int checked;

    @AfterEach
    void close() {
        os.close();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static boolean isId(String name) {
        return name.endsWith("_id") || name.endsWith("_ids");
    }

    @Test
    void everyIdOfEveryOperationIsChecked() {
        for (var path : http.get("/openapi.json").json().path("paths").properties()) {
            for (var operation : path.getValue().properties()) {
                var method = operation.getKey().toUpperCase(Locale.ROOT);
                for (var param : operation.getValue().path("parameters")) {
                    inUrl(method, path.getKey(), param);
                }
                for (var content :
                        operation.getValue().path("requestBody").path("content").properties()) {
                    inBody(
                            method,
                            path.getKey(),
                            content.getKey(),
                            content.getValue().path("schema"));
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(checked).isGreaterThan(1_000);
    }

    /** They are steps in a path: what has such an id could not be reached by its URL. */
    @Test
    void dotsAreNoIds() {
        for (var dots : List.of(".", "..")) {
            for (var name : List.of("session_id", "run_id", "user_id")) {
                var answer = http.post("/agents/writer/runs", "message", "hi", "stream", "false", name, dots);
                assertThat(answer.status())
                        .as("%s %s: %s", name, dots, answer.body())
                        .isEqualTo(422);
                assertThat(answer.body()).contains("neither");
            }
            assertThat(http.json("POST", "/sessions?type=agent", "{\"session_id\":\"" + dots + "\"}")
                            .status())
                    .isEqualTo(422);
            assertThat(http.get("/sessions/" + dots.replace(".", "%2e")).status())
                    .isIn(400, 422);
            assertThatThrownBy(() -> RunOptions.defaults().sessionId(dots))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("sessionId is \"" + dots + "\"");
            assertThatThrownBy(() -> RunOptions.defaults().runId(dots)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(http.post("/agents/writer/runs", "message", "hi", "stream", "false", "session_id", "...")
                        .status())
                .isEqualTo(200);
    }

    private static String path(String template) {
        return template.replace("{agent_id}", "writer")
                .replace("{team_id}", "band")
                .replace("{workflow_id}", "flow")
                .replaceAll("\\{[a-z_]+}", "s1");
    }

    private void inUrl(String method, String template, JsonNode param) {
        var name = param.path("name").asText();
        if (param.path("in").asText().equals("path")) {
            BAD.forEach(bad -> check(
                    method, path(template.replace("{" + name + "}", encode(bad))), "application/json", "{}", name));
        } else if (isId(name)) {
            BAD.forEach(bad ->
                    check(method, path(template) + "?" + name + "=" + encode(bad), "application/json", "{}", name));
        }
    }

    private void inBody(String method, String template, String type, JsonNode schema) {
        for (var property : schema.path("properties").properties()) {
            if (isId(property.getKey())) {
                for (var bad : BAD) {
                    check(method, path(template), type, body(type, property, bad), property.getKey());
                }
            }
        }
    }

    private static String body(String type, java.util.Map.Entry<String, JsonNode> property, String value) {
        if (type.endsWith("json")) {
            var isList = property.getValue().path("type").toString().contains("array");
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            return SchemaValues.json(
                    isList
                            ? body.set(property.getKey(), body.arrayNode().add(value))
                            : body.put(property.getKey(), value));
        }
        return type.startsWith("multipart")
                ? "--b\r\nContent-Disposition: form-data; name=\"" + property.getKey() + "\"\r\n\r\n" + value
                        + "\r\n--b--\r\n"
                : TestClient.form(property.getKey(), value);
    }

    private void check(String method, String path, String type, String body, String name) {
        checked++;
        var hasBody = !method.equals("GET");
        var request = http.request(path);
        if (hasBody) {
            request.header("Content-Type", type.startsWith("multipart") ? type + "; boundary=b" : type);
        }
        var answer = http.send(request.method(method, hasBody ? BodyPublishers.ofString(body) : BodyPublishers.noBody())
                .build());
        if (answer.status() != 422 || !isNamed(answer.json().path("detail"), name)) {
            wrong.add(method + " " + path + " " + body + " -> " + answer.status() + " " + answer.body());
        }
    }

    private static boolean isNamed(JsonNode details, String name) {
        for (var detail : details) {
            if (detail.path("loc").path(1).asText().equals(name)
                    && List.of("string_pattern_mismatch", "string_too_long")
                            .contains(detail.path("type").asText())) {
                return true;
            }
        }
        return false;
    }

    @Test
    void theIdOfANewRunIsChecked() {
        for (var bad : BAD) {
            if (!bad.isBlank()) {
                var answer = http.post("/agents/writer/runs", "message", "hi", "stream", "false", "run_id", bad);
                assertThat(answer.status()).isEqualTo(422);
                assertThat(answer.json().path("detail").asText()).contains("run_id", "256 characters");
            }
        }
        assertThat(model.callsStarted()).isZero();
    }

    @Test
    void idsOfASocketAreChecked() {
        try (var socket = new TestSocket(os)) {
            socket.until("connected");
            for (var action : List.of("start-workflow", "reconnect", "continue-workflow", "cancel")) {
                for (var name : List.of("workflow_id", "run_id", "session_id", "user_id")) {
                    for (var bad : BAD) {
                        var message = JsonNodeFactory.instance
                                .objectNode()
                                .put("action", action)
                                .put("message", "hi")
                                .put("workflow_id", "flow")
                                .put("run_id", "r");
                        var answer = socket.send(SchemaValues.json(message.put(name, bad)))
                                .json();
                        if (isUsed(action, name)) {
                            assertThat(answer.path("error").asText())
                                    .as(action + " " + name)
                                    .contains(name, "256 characters");
                        } else if (action.equals("start-workflow")) {
                            socket.until("WorkflowCompleted");
                        }
                    }
                }
            }
        }
    }

    private static boolean isUsed(String action, String name) {
        return switch (name) {
            case "workflow_id" -> true;
            case "run_id" -> !action.equals("start-workflow");
            case "session_id" -> action.equals("start-workflow") || action.equals("cancel");
            default -> action.equals("start-workflow");
        };
    }

    @Test
    void idsOfThisProcessAreChecked() {
        for (var bad : BAD) {
            for (var options : List.<Runnable>of(
                    () -> RunOptions.defaults().runId(bad),
                    () -> RunOptions.defaults().sessionId(bad),
                    () -> RunOptions.defaults().userId(bad))) {
                assertThatIllegalArgumentException()
                        .isThrownBy(options::run)
                        .withMessageMatching("(runId|sessionId|userId) .*(control characters|blank|257 characters).*");
            }
        }
    }

    /** The stack trace too is written with the message of the exception. */
    @Test
    void messagesOfExceptionsAreLoggedOnOneLine() {
        var logger = (Logger) LoggerFactory.getLogger("dev.rein.os.internal.server.HttpServer");
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        logger.addAppender(lines);
        var broken = InterceptedStore.inMemory();
        broken.on("sessions", _ -> {
            throw new IllegalStateException(
                    "odd\n09:00:00 ERROR forged", new IllegalStateException("\u001b[2J\u2028forged"));
        });
        try (var other = AgentOS.builder().port(0).store(broken.store()).build().start()) {
            assertThat(new TestClient(other).get("/sessions").status()).isEqualTo(500);
            assertThat(lines.list).hasSize(1);
            var logged = lines.list.getFirst();
            assertThat(logged.getFormattedMessage()).isEqualTo("GET /sessions failed");
            for (var each = logged.getThrowableProxy(); each != null; each = each.getCause()) {
                assertThat(each.getMessage())
                        .contains("IllegalStateException: ")
                        .doesNotContainPattern("\\p{Cntrl}|\u2028");
                assertThat(each.getStackTraceElementProxyArray()).isNotEmpty();
            }
        } finally {
            logger.detachAppender(lines);
        }
    }
}
