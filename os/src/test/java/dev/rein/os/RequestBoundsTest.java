package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.agent.Agent;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests whose parts are too many or too long: refused with the bound, and nothing of them is kept. */
class RequestBoundsTest {
    private static final String RUNS = "/agents/writer/runs";

    private final ScriptedModel model = ScriptedModel.always("ok");
    private final AgentOS os = AgentOS.builder()
            .port(0)
            .store(new InMemorySessionStore())
            .limits(ServerLimits.standard()
                    .bodyBytes(4 << 20)
                    .fields(20)
                    .listEntries(50)
                    .messageCharacters(1 << 20)
                    .reasonCharacters(100))
            .agents(Agent.builder().name("Writer").model(model).build())
            .workflows(Workflow.builder()
                    .name("Flow")
                    .steps(Step.of(
                            "write", Agent.builder().name("Writer").model(model).build()))
                    .build())
            .build()
            .start();
    private final TestClient http = new TestClient(os);

    @AfterEach
    void close() {
        http.post("/runs/cancel", "all", "true", "wait", "10000");
        os.close();
    }

    private static String x(int length) {
        return "x".repeat(length);
    }

    private static void assertRefused(TestClient.Answer answer, int status, String bound) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains(bound).hasSizeLessThan(5_000);
    }

    @Test
    void theReasonOfACancel() {
        var cancel = RUNS + "/unknown/cancel";
        assertRefused(http.post(cancel, "reason", x(101)), 422, "at most 100 characters");
        assertRefused(http.json("POST", cancel, "{\"reason\":\"" + x(101) + "\"}"), 422, "at most 100 characters");
        assertRefused(http.post(cancel + "?reason=" + x(101)), 422, "at most 100 characters");
        assertThat(http.post(cancel, "reason", x(100)).status()).isEqualTo(404);
        try (var socket = new TestSocket(os)) {
            socket.send("{'action':'cancel','workflow_id':'flow','run_id':'unknown','reason':'" + x(101) + "'}");
            assertThat(socket.until("error").path("error").asText()).contains("at most 100");
        }
    }

    @Test
    void ids() {
        assertRefused(http.post(RUNS + "/" + x(257) + "/cancel"), 422, "at most 256");
        assertRefused(http.get("/sessions/" + x(257)), 422, "at most 256");
        assertRefused(http.post(RUNS, "message", "hi", "session_id", x(257)), 422, "at most 256 characters");
        assertRefused(http.post(RUNS, "message", "hi", "run_id", x(257)), 422, "256");
        assertRefused(http.post("/runs/cancel", "session_id", x(257)), 422, "at most 256 characters");
        try (var socket = new TestSocket(os)) {
            socket.send("{'action':'cancel','workflow_id':'flow','run_id':'" + x(257) + "'}");
            assertThat(socket.until("error").path("error").asText()).contains("at most 256");
        }
    }

    @Test
    void messages() {
        assertThat(http.post(RUNS, "message", x(1 << 20), "stream", "false").status())
                .isEqualTo(200);
        assertRefused(
                http.post(RUNS, "message", x((1 << 20) + 1), "stream", "false"), 422, "at most 1048576 characters");
    }

    private static String fields(int count) {
        return IntStream.range(0, count).mapToObj(i -> "f" + i + "=").collect(Collectors.joining("&"));
    }

    private TestClient.Answer form(String type, String body) {
        return http.send(http.request(RUNS)
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private static String parts(int count, String more) {
        return IntStream.range(0, count)
                .mapToObj(i -> "--b\r\nContent-Disposition: form-data; name=\"f" + i + "\"" + more + "\r\n\r\nx\r\n")
                .collect(Collectors.joining("", "", "--b--\r\n"));
    }

    @Test
    void fieldsOfAForm() {
        var urlencoded = "application/x-www-form-urlencoded";
        assertRefused(form(urlencoded, fields(20)), 422, "Field required");
        assertRefused(form(urlencoded, fields(21)), 413, "at most 20 fields");
        assertRefused(form(urlencoded, fields(300_000)), 413, "at most 20 fields");
        assertRefused(form("multipart/form-data; boundary=b", parts(20, "")), 422, "Field required");
        assertRefused(form("multipart/form-data; boundary=b", parts(21, "")), 413, "at most 20 fields");
        assertRefused(form("multipart/form-data; boundary=b", parts(30_000, "")), 413, "at most 20 fields");
        var file = "; filename=\"a.txt\"\r\nContent-Type: text/plain";
        assertRefused(form("multipart/form-data; boundary=b", parts(21, file)), 413, "at most 20 fields");
    }

    private static String list(int count, String entry) {
        return IntStream.range(0, count).mapToObj(i -> entry).collect(Collectors.joining(",", "[", "]"));
    }

    @Test
    void entriesOfALists() {
        assertRefused(
                http.json("DELETE", "/sessions", "{\"session_ids\":" + list(51, "\"a\"") + "}"), 422, "at most 50");
        assertRefused(http.json("DELETE", "/sessions", "{\"session_ids\":" + list(300_000, "1") + "}"), 422, "250000");
        assertRefused(http.json("DELETE", "/sessions", "{\"session_ids\":[\"" + x(257) + "\"]}"), 422, "at most 256");
        assertRefused(
                http.json("POST", "/memories", "{\"memory\":\"a\",\"topics\":" + list(51, "\"a\"") + "}"),
                422,
                "at most 50");
        assertRefused(http.post(RUNS, "message", "hi", "images", list(300_000, "{}")), 422, "images");
    }

    @Test
    void theDepthOfJson() {
        for (var depth : List.of(90, 101, 100_000)) {
            var state = "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
            var answer = http.json("POST", "/sessions?type=agent", "{\"session_state\":" + state + "}");
            if (depth < 100) {
                assertThat(answer.status()).as(answer.body()).isEqualTo(201);
            } else {
                assertRefused(answer, 422, "100");
            }
            var run = http.post(RUNS, "message", "hi", "stream", "false", "session_state", state);
            assertThat(run.status()).as(run.body()).isEqualTo(depth < 100 ? 200 : 422);
        }
    }

    @Test
    void bodies() {
        assertRefused(http.post(RUNS, "message", x(5 << 20)), 413, "at most 4194304 bytes");
        assertRefused(http.json("POST", "/memories", "{\"memory\":\"" + x(5 << 20) + "\"}"), 413, "4194304 bytes");
        var file = parts(1, "; filename=\"a\"").replace("\r\n\r\nx", "\r\n\r\n" + x(5 << 20));
        assertRefused(form("multipart/form-data; boundary=b", file), 413, "at most 4194304 bytes");
    }

    /** Only the start of a wrong value is repeated. */
    @Test
    void errorsAreShort() {
        assertRefused(http.post(RUNS, "message", "hi", "stream", x(1 << 20)), 422, "valid boolean");
        assertRefused(http.post(RUNS, "message", "hi", "cancel_after", x(1 << 20)), 422, "valid integer");
        assertRefused(http.json("POST", "/memories", list(50_000, "1")), 422, "valid dictionary");
    }

    /** The inputs of live runs count, until the runs end. */
    @Test
    void allInputsTogether() {
        model.answer(Script.text("one ").thenHang());
        var hanging = ScriptedModel.of(Script.text("one ").thenHang()).repeating();
        var busy = AgentOS.builder()
                .port(0)
                .store(new InMemorySessionStore())
                .limits(ServerLimits.standard().bodyBytes(1 << 20).inputBytes(2 << 20))
                .agents(Agent.builder().name("Writer").model(hanging).build())
                .build()
                .start();
        try (busy) {
            var client = new TestClient(busy);
            String[] form = {"message", x(900_000), "stream", "false", "background", "true"};
            assertThat(client.post(RUNS, form).status()).isEqualTo(202);
            assertThat(client.post(RUNS, form).status()).isEqualTo(202);
            hanging.awaitWaiting(2);
            var refused = client.post(RUNS, form);
            assertRefused(refused, 503, "2097152 bytes of input");
            assertThat(refused.header("Retry-After")).isEqualTo("1");
            assertThat(client.post(RUNS, "message", "hi", "stream", "false", "background", "true")
                            .status())
                    .isEqualTo(202);
            client.post("/runs/cancel", "all", "true", "wait", "10000");
            await().untilAsserted(
                            () -> assertThat(client.post(RUNS, form).status()).isEqualTo(202));
            client.post("/runs/cancel", "all", "true", "wait", "10000");
        }
    }
}
