package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.agent.Agent;
import dev.rein.runtime.Runs;
import dev.rein.session.EventPolicy;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tool.Tool;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Resuming a run's events at the limits of what is kept in memory. */
class ResumeTest {
    private static final String RUNS = "/agents/writer/runs";

    /** More tokens than events are kept in a run's log. */
    private static final Script LONG = Script.tokens(
            IntStream.range(0, 12_000).mapToObj(i -> "w" + i + " ").toArray(String[]::new));

    private final ScriptedModel model = ScriptedModel.create();
    private final AgentOS os = AgentOS.builder()
            .port(0)
            .store(new InMemorySessionStore())
            .agents(Agent.builder()
                    .storeWait(Duration.ofMinutes(1))
                    .name("Writer")
                    .model(model)
                    .tools(new Files())
                    .build())
            .build()
            .start();
    private final TestClient http = new TestClient(os);

    static final class Files {
        @Tool(value = "Delete a file", name = "delete_file", requiresConfirmation = true)
        public String deleteFile(String path) {
            return "deleted " + path;
        }
    }

    @AfterEach
    void close() {
        os.close();
    }

    private String background() {
        var answer = http.post(RUNS, "message", "hi", "session_id", "s", "background", "true", "stream", "false");
        return answer.json().path("run_id").asText();
    }

    private TestClient.Answer resume(String id, String... form) {
        return http.post(RUNS + "/" + id + "/resume", form);
    }

    @Test
    void evictedEventsComeFromTheStore() {
        model.answer(LONG);
        var id = background();
        await().until(() -> Runs.shared().find(id).isEmpty());
        assertThat(resume(id, "last_event_index", "0").events())
                .containsExactly(
                        "replay",
                        "ModelRequestStarted",
                        "ModelRequestCompleted",
                        "RunContentCompleted",
                        "RunCompleted");
    }

    /** More stored events than are read at once. */
    @Test
    void aLongRunIsReplayedFromTheStoreToItsEnd() throws Exception {
        var store = new InMemorySessionStore();
        String id;
        try (var first = serve(store)) {
            model.answer(LONG);
            var answer = new TestClient(first)
                    .post(RUNS, "message", "hi", "session_id", "s", "stream", "false")
                    .json();
            id = answer.path("run_id").asText();
        }
        try (var second = serve(store)) {
            var client = new TestClient(second);
            var frames =
                    client.post(RUNS + "/" + id + "/resume", "session_id", "s").frames();
            assertThat(frames.getFirst().data().path("total_events").asInt())
                    .isEqualTo(frames.size() - 1)
                    .isGreaterThan(12_000);
            assertThat(frames.getLast().event()).isEqualTo("RunCompleted");
            var events = client.get(RUNS + "/" + id + "?session_id=s").json().path("events");
            assertThat(events.get(events.size() - 1).path("event").asText()).isEqualTo("RunCompleted");
            var rest = client.post(RUNS + "/" + id + "/resume", "session_id", "s", "last_event_index", "11000")
                    .frames();
            assertThat(rest.get(1).data().path("event_index").asInt()).isEqualTo(11_001);
        }
    }

    private AgentOS serve(InMemorySessionStore store) {
        return AgentOS.builder()
                .port(0)
                .store(store)
                .agents(Agent.builder()
                        .name("Writer")
                        .model(model)
                        .storeEvents(EventPolicy.ALL)
                        .build())
                .build()
                .start();
    }

    @Test
    void aPausedRunWithEvictedEventsContinues() {
        model.answer(LONG.thenToolCall("delete_file", "{\"path\":\"/x\"}")).answer("done");
        var id = background();
        var one = RUNS + "/" + id + "?session_id=s";
        await().until(() -> http.get(one).json().path("status").asText().equals("PAUSED"));
        var tools = http.get(one).json().path("tools").deepCopy();
        ((ObjectNode) tools.get(0)).put("confirmed", true);
        var rest = http.post(RUNS + "/" + id + "/continue", "session_id", "s", "tools", tools.toString());
        assertThat(rest.events()).startsWith("RunContinued").endsWith("RunCompleted");
    }

    @Test
    void theEventCountDoesNotDependOnTheReadersPosition() {
        model.answer("one two");
        var id = background();
        await().until(() -> Runs.shared().find(id).isEmpty());
        var all = resume(id);
        var count = all.events().size() - 1;
        for (var index : new String[] {"-1", "0", "3", "1000000"}) {
            assertThat(resume(id, "last_event_index", index)
                            .frames()
                            .getFirst()
                            .data()
                            .path("total_buffered")
                            .asInt())
                    .as(index)
                    .isEqualTo(count);
        }
    }

    @Test
    void aRunIsNotFoundInAnotherSession() {
        model.answer(Script.text("one ").thenHang());
        var id = background();
        model.awaitWaiting(1);
        assertThat(resume(id, "session_id", "other").events()).containsExactly("error");
        assertThat(http.post(RUNS + "/" + id + "/continue", "session_id", "other", "tools", "[]"))
                .returns(404, TestClient.Answer::status)
                .returns("{\"detail\":\"No runs found for run ID " + id + "\"}", TestClient.Answer::body);
        http.post(RUNS + "/" + id + "/cancel", "wait", "5000");
        assertThat(resume(id, "session_id", "other").events()).containsExactly("error");
        assertThat(resume(id, "session_id", "s").events()).startsWith("replay").endsWith("RunCompleted");
    }
}
