package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.agent.Agent;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.team.Team;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tool.Tool;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Streams with {@code stream_events=false}: their frames are numbered without gaps, and can be resumed by these numbers. */
class FilteredStreamTest {
    private static final String RUNS = "/agents/writer/runs";

    private final ScriptedModel model = ScriptedModel.create();
    private final InMemorySessionStore store = new InMemorySessionStore();
    private final AgentOS os = serve();
    private final TestClient http = new TestClient(os);

    static final class Files {
        @Tool(value = "Read a file", name = "read_file")
        public String readFile(String path) {
            return "text of " + path;
        }

        @Tool(value = "Delete a file", name = "delete_file", requiresConfirmation = true)
        public String deleteFile(String path) {
            return "deleted " + path;
        }
    }

    private AgentOS serve() {
        return AgentOS.builder()
                .port(0)
                .store(store)
                .agents(writer())
                .teams(Team.builder()
                        .name("Team")
                        .model(model)
                        .members(writer())
                        .build())
                .workflows(Workflow.builder()
                        .name("Flow")
                        .steps(Step.of("one", writer()), Step.of("two", writer()))
                        .build())
                .build()
                .start();
    }

    private Agent writer() {
        return Agent.builder()
                .storeWait(Duration.ofMinutes(1))
                .name("Writer")
                .model(model)
                .tools(new Files())
                .build();
    }

    @AfterEach
    void close() {
        http.post("/runs/cancel", "all", "true", "wait", "10000");
        os.close();
    }

    private static final String[] FORM = {
        "message", "hi", "session_id", "s", "background", "true", "stream_events", "false"
    };

    private static List<Long> indexes(List<TestClient.Frame> frames) {
        return frames.stream()
                .map(TestClient.Frame::data)
                .filter(data -> data.has("event_index"))
                .map(data -> data.path("event_index").asLong())
                .toList();
    }

    private static List<Long> upTo(long first, long end) {
        return LongStream.range(first, end).boxed().toList();
    }

    private static List<String> texts(List<TestClient.Frame> frames) {
        return frames.stream()
                .filter(frame -> frame.data().has("event_index"))
                .map(TestClient.Frame::text)
                .toList();
    }

    private void script(String kind) {
        if (kind.equals("teams/team")) {
            model.toolCall("delegate_task_to_member", "{\"member_id\":\"writer\",\"task\":\"write\"}")
                    .answer("the member")
                    .answer("the team");
        } else {
            model.answer(Script.tokens("a ", "b ").thenToolCall("read_file", "{\"path\":\"/x\"}"))
                    .answer(Script.tokens("c ", "d"))
                    .answer(Script.tokens("e ", "f"));
        }
    }

    @ParameterizedTest
    @CsvSource({"agents/writer", "teams/team", "workflows/flow"})
    void resumeFromMemoryAndFromTheStoreByTheNumbersThatWereSent(String kind) throws Exception {
        script(kind);
        var runs = "/" + kind + "/runs";
        var all = http.post(runs, FORM).frames();
        assertThat(indexes(all)).isEqualTo(upTo(0, all.size())).hasSizeGreaterThan(2);
        assertThat(all)
                .allMatch(frame ->
                        frame.id().equals(frame.data().path("event_index").asText()));
        var id = root(kind, all.getLast());
        await().until(() -> Runs.shared().find(id).isEmpty());
        var resume = runs + "/" + id + "/resume";
        for (var last = -1; last < all.size(); last++) {
            var rest = http.post(resume, "session_id", "s", "last_event_index", String.valueOf(last))
                    .frames();
            assertThat(texts(rest)).isEqualTo(texts(all.subList(last + 1, all.size())));
            var replay = rest.getFirst().data();
            assertThat(replay.path("total_events").asInt()).isEqualTo(all.size() - last - 1);
            assertThat(replay.path("total_buffered").asInt()).isEqualTo(all.size());
        }
        var end = http.send(http.request(resume + "?session_id=s")
                .header("Last-Event-ID", all.getLast().id())
                .GET()
                .build());
        assertThat(end.status()).isEqualTo(204);
        try (var other = serve()) {
            var elsewhere = new TestClient(other);
            for (var last = -1; last < all.size(); last++) {
                var rest = elsewhere
                        .post(resume, "session_id", "s", "last_event_index", String.valueOf(last))
                        .frames();
                var stored = all.subList(last + 1, all.size()).stream()
                        .filter(frame -> !frame.event().endsWith("RunContent"))
                        .toList();
                assertThat(indexes(rest)).isEqualTo(indexes(stored));
                assertThat(rest.getFirst().data().path("total_events").asInt()).isEqualTo(stored.size());
            }
        }
    }

    private static String root(String kind, TestClient.Frame last) {
        return last.data()
                .path(kind.startsWith("workflows") ? "workflow_run_id" : "run_id")
                .asText(last.data().path("run_id").asText());
    }

    @Test
    void resumeWhileTheRunWorks() {
        model.answer(Script.tokens("a ", "b ").thenToolCall("read_file", "{\"path\":\"/x\"}"))
                .answer(Script.tokens("c ", "d ").thenHang());
        var first = new ArrayList<TestClient.Frame>();
        try (var stream = http.open(RUNS, FORM)) {
            while (first.size() < 4) {
                first.add(stream.next());
            }
        }
        assertThat(indexes(first)).isEqualTo(upTo(0, 4));
        model.awaitWaiting(1);
        var id = first.getFirst().data().path("run_id").asText();
        for (var last = -1; last < 4; last++) {
            try (var stream = http.open(
                    RUNS + "/" + id + "/resume", "session_id", "s", "last_event_index", String.valueOf(last))) {
                var missed = stream.next().data();
                assertThat(missed.path("missed_events").asInt()).isEqualTo(3 - last);
                assertThat(missed.path("current_event_count").asInt()).isEqualTo(4);
                for (var index = last + 1; index < 4; index++) {
                    assertThat(stream.next().text()).isEqualTo(first.get(index).text());
                }
                assertThat(stream.next().data().path("current_event_count").asInt())
                        .isEqualTo(4);
                if (last == 3) {
                    http.post(RUNS + "/" + id + "/cancel", "wait", "10000");
                    assertThat(indexes(stream.rest())).isEqualTo(upTo(4, 6));
                }
            }
        }
    }

    @Test
    void goOnAfterAPause() throws Exception {
        model.answer(Script.tokens("a ", "b ").thenToolCall("delete_file", "{\"path\":\"/x\"}"))
                .answer(Script.tokens("c ", "d"));
        var first = http.post(RUNS, FORM).frames();
        assertThat(indexes(first)).isEqualTo(upTo(0, 3));
        assertThat(first.getLast().event()).isEqualTo("RunPaused");
        var id = first.getFirst().data().path("run_id").asText();
        var tools = first.getLast().data().path("tools").deepCopy();
        ((ObjectNode) tools.get(0)).put("confirmed", true);
        var rest = http.post(RUNS + "/" + id + "/continue", "session_id", "s", "tools", tools.toString())
                .frames();
        assertThat(indexes(rest)).isEqualTo(upTo(3, 3 + rest.size()));
        assertThat(rest).extracting(TestClient.Frame::event).startsWith("RunContent");
        var resumed = http.post(RUNS + "/" + id + "/resume", "session_id", "s", "last_event_index", "1")
                .frames();
        assertThat(indexes(resumed)).isEqualTo(upTo(2, 3 + rest.size()));
    }

    /** More tokens than events are kept in a run's log. */
    @Test
    void resumeWhereTheFirstEventsAreNoLongerInMemory() {
        var words = IntStream.range(0, 12_000).mapToObj(i -> "w" + i + " ").toArray(String[]::new);
        model.answer(Script.tokens("a ").thenToolCall("read_file", "{\"path\":\"/x\"}"))
                .answer(Script.tokens(words).thenHang());
        try (var stream = http.open(RUNS, FORM)) {
            TestClient.Frame last = null;
            for (var index = 0; index <= 12_000; index++) {
                last = stream.next();
                assertThat(last.id()).isEqualTo(String.valueOf(index));
            }
            var id = last.data().path("run_id").asText();
            await().until(() -> !store.events(id, -1, 1).isEmpty());
            try (var resumed = http.open(RUNS + "/" + id + "/resume", "session_id", "s", "last_event_index", "11990")) {
                assertThat(resumed.next().data().path("missed_events").asInt()).isEqualTo(10);
                assertThat(resumed.next().data().path("content").asText()).isEqualTo("w11990 ");
            }
        }
    }

    @Test
    void cutWhatWasNotSeenByTheNumberOfAFrame() {
        model.answer(Script.tokens("a ").thenToolCall("read_file", "{\"path\":\"/x\"}"))
                .answer(Script.tokens("c ", "d ", "e ").thenHang());
        try (var stream = http.open(RUNS, FORM)) {
            for (var index = 0; index < 4; index++) {
                stream.next();
            }
            model.awaitWaiting(1);
            var id = Runs.shared().live().getFirst().runId();
            // The frames are a, c, d, e.
            http.post(RUNS + "/" + id + "/cancel", "wait", "10000", "seen_up_to", "2");
            var run = http.get(RUNS + "/" + id + "?session_id=s").json();
            assertThat(run.path("messages").toString()).contains("c d ").doesNotContain("e ");
        }
    }

    @Test
    void keepTheirMarkToThemselves() {
        model.answer("one");
        var refused = http.post(RUNS, "message", "hi", "metadata", "{\"rein.stream_events\":false}");
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.body()).contains("rein.");
        var last = http.post(
                        RUNS, "message", "hi", "session_id", "s", "stream_events", "false", "metadata", "{\"a\":\"b\"}")
                .frames()
                .getLast();
        var id = store.runs("s").getFirst().runId();
        assertThat(last.text()).doesNotContain("rein.");
        for (var path : List.of(RUNS + "/" + id + "?session_id=s", RUNS + "?session_id=s", "/sessions/s/runs")) {
            assertThat(http.get(path).body())
                    .contains("\"metadata\":{\"a\":\"b\"}")
                    .doesNotContain("rein.");
        }
    }
}
