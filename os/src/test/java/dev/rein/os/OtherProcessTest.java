package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.agent.Agent;
import dev.rein.store.JdbcSessionStore;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The runs of a server in another process, as a server on the same store shows, follows and stops them. */
@Timeout(180)
class OtherProcessTest {
    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final String RUNS = "/agents/writer/runs";

    /** The other process: serves an agent that says three words and then waits. */
    static final class Program {
        private Program() {}

        public static void main(String... arguments) throws Exception {
            try (var store = JdbcSessionStore.sqlite(Path.of(arguments[0]), LEASE);
                    var os = serve(store)) {
                System.out.println(os.url());
                while (System.in.read() >= 0) {
                    // Until the test ends it.
                }
            }
        }
    }

    private static AgentOS serve(JdbcSessionStore store) {
        var model = ScriptedModel.create();
        for (var i = 0; i < 20; i++) {
            model.answer(Script.tokens("one ", "two ", "three ").thenHang());
        }
        var writer = Agent.builder().name("Writer").model(model).build();
        return AgentOS.builder()
                .port(0)
                .store(store)
                .agents(writer)
                .workflows(Workflow.builder()
                        .name("Flow")
                        .steps(Step.of("write", writer))
                        .build())
                .build()
                .start();
    }

    @TempDir
    private static Path folder;

    /** One for all tests, until one of them kills it. */
    private static @Nullable Process process;

    private static String url = "";

    private JdbcSessionStore store;
    private AgentOS os;
    private TestClient here;
    private TestClient there;
    private final String session = "s-" + UUID.randomUUID();

    @BeforeEach
    void start() throws Exception {
        var file = folder.resolve("rein.db");
        if (process == null) {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "--enable-native-access=ALL-UNNAMED",
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-classpath",
                            System.getProperty("java.class.path"),
                            Program.class.getName(),
                            file.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            var out = process.inputReader(StandardCharsets.UTF_8);
            do {
                url = Objects.requireNonNull(out.readLine(), "the process has ended");
            } while (!url.startsWith("http"));
        }
        there = new TestClient(url);
        store = JdbcSessionStore.sqlite(file, LEASE);
        os = serve(store);
        here = new TestClient(os);
    }

    @AfterEach
    void close() {
        if (process != null) {
            there.post("/runs/cancel", "all", "true", "wait", "20000");
        }
        os.close();
        store.close();
    }

    @AfterAll
    static void end() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    private String started() {
        var answer = there.post(RUNS, "message", "hi", "session_id", session, "background", "true", "stream", "false");
        var id = answer.json().path("run_id").asText();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> store.run(id)
                        .filter(run -> run.text().contains("three"))
                        .isPresent());
        return id;
    }

    private static List<JsonNode> data(TestClient.Answer answer, String field) {
        return StreamSupport.stream(answer.json().path(field).spliterator(), false)
                .toList();
    }

    @Test
    void itsRunsAreListedAndStoppedTogether() {
        var first = started();
        var second = started();
        var listed = data(here.get("/runs?session_id=" + session), "data");
        assertThat(listed).extracting(run -> run.path("run_id").asText()).containsExactly(first, second);
        assertThat(listed).allMatch(run -> run.path("process").asText().equals("other"));
        assertThat(data(here.get("/runs?session_id=another"), "data")).isEmpty();
        assertThat(data(there.get("/runs"), "data"))
                .allMatch(run -> run.path("process").asText().equals("this"));

        var stopped = data(here.post("/runs/cancel", "session_id", session, "wait", "20000"), "results");
        assertThat(stopped).extracting(run -> run.path("run_id").asText()).containsExactly(first, second);
        assertThat(stopped).allMatch(run -> run.path("status").asText().equals("CANCELLED"));
        assertThat(data(there.get("/runs?session_id=" + session), "data")).isEmpty();
        assertThat(data(here.post("/runs/cancel", "session_id", session), "results"))
                .isEmpty();
    }

    @Test
    void theWaitForTheEndOfARunThatIsStoppedHoldsThereToo() {
        var id = started();
        var answer = here.post(RUNS + "/" + id + "/cancel", "session_id", session, "wait", "20000")
                .json();
        assertThat(answer.path("status").asText()).isEqualTo("CANCELLED");
        assertThat(answer.path("result").asText()).isEqualTo("requested");
    }

    @Test
    void aRunIsFollowedFromItsBeginningToItsEndWithItsOwnIndexes() {
        var id = started();
        var frames = new ArrayList<TestClient.Frame>();
        try (var stream = here.open(RUNS + "/" + id + "/resume", "session_id", session)) {
            var text = new StringBuilder();
            while (!text.toString().contains("three")) {
                var frame = stream.next();
                assertThat(frame)
                        .as("the stream has ended before the run: %s", text)
                        .isNotNull();
                frames.add(frame);
                text.append(
                        frame.event().equals("RunContent")
                                ? frame.data().path("content").asText()
                                : "");
            }
            there.post(RUNS + "/" + id + "/cancel", "session_id", session);
            for (var frame = stream.next(); frame != null; frame = stream.next()) {
                frames.add(frame);
            }
        }
        var own = new ArrayList<>(
                there.post(RUNS + "/" + id + "/resume", "session_id", session).frames());
        assertThat(frames.getFirst().event()).isEqualTo("catch_up");
        assertThat(shown(frames)).containsExactlyElementsOf(shown(own));
        assertThat(frames.getLast().event()).isEqualTo("RunCompleted");
    }

    @Test
    void aClientThatReconnectsToAnotherProcessGoesOnWhereItWas() {
        var id = started();
        var own = there.open(RUNS + "/" + id + "/resume", "session_id", session);
        var last = own.next();
        while (!last.data().path("content").asText().contains("one")) {
            last = own.next();
        }
        own.close();
        var index = last.data().path("event_index").asText();
        try (var stream = here.open(RUNS + "/" + id + "/resume", "session_id", session, "last_event_index", index)) {
            assertThat(stream.next().event()).isEqualTo("catch_up");
            var next = stream.next();
            assertThat(next.data().path("content").asText()).isEqualTo("two ");
            assertThat(next.data().path("event_index").asLong()).isEqualTo(Long.parseLong(index) + 1);
        }
    }

    @Test
    void aSocketThatReconnectsToAnotherProcessFollowsTheWorkflowToItsEnd() {
        var flow = "/workflows/flow/runs";
        var answer = there.post(flow, "message", "hi", "session_id", session, "background", "true", "stream", "false");
        var id = answer.json().path("run_id").asText();
        await().atMost(Duration.ofSeconds(30)).until(() -> store.run(id).isPresent());
        try (var socket = new TestSocket(os)) {
            socket.until("connected");
            socket.send("{'action':'reconnect','run_id':'" + id + "'}").until("catch_up");
            socket.until("WorkflowStarted");
            socket.until("RunContent");
            there.post(flow + "/" + id + "/cancel", "session_id", session);
            socket.until("WorkflowCancelled");
        }
    }

    @Test
    void theEndOfARunWhoseProcessHasDiedIsToldAndCounted() throws Exception {
        var id = started();
        try (var stream = here.open(RUNS + "/" + id + "/resume", "session_id", session)) {
            for (var frame = stream.next(); !frame.event().equals("RunContent"); frame = stream.next()) {
                assertThat(frame.event()).isNotEqualTo("error");
            }
            Objects.requireNonNull(process).destroyForcibly().waitFor();
            process = null;
            TestClient.Frame last = null;
            for (var frame = stream.next(); frame != null; frame = stream.next()) {
                last = frame;
            }
            assertThat(last).isNotNull();
            assertThat(last.event()).isEqualTo("RunError");
            assertThat(last.data().toString()).contains("has ended");
        }
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(here.get("/metrics/prometheus").body())
                        .contains("rein_runs_total{cause=\"none\",component=\"agent\",status=\"error\"} 1.0"));
    }

    private static List<String> shown(List<TestClient.Frame> frames) {
        return frames.stream()
                .filter(frame -> frame.data().has("event_index"))
                .map(frame -> frame.data().path("event_index").asText() + " " + frame.event() + " "
                        + frame.data().path("content").asText())
                .toList();
    }
}
