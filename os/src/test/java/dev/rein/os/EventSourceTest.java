package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.agent.Agent;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a browser's EventSource needs: ids, resuming by them over GET, and an end. */
class EventSourceTest {
    private static final String RUNS = "/agents/writer/runs";

    private final ScriptedModel model = ScriptedModel.create();
    private final AgentOS os = AgentOS.builder()
            .port(0)
            .store(new InMemorySessionStore())
            .agents(Agent.builder().name("Writer").model(model).build())
            .build()
            .start();
    private final TestClient http = new TestClient(os);

    @AfterEach
    void close() {
        http.post("/runs/cancel", "all", "true", "wait", "10000");
        os.close();
    }

    private TestClient.Answer get(String id, String lastEventId) {
        return http.send(http.request(RUNS + "/" + id + "/resume?session_id=s")
                .header("Last-Event-ID", lastEventId)
                .GET()
                .build());
    }

    @Test
    void framesHaveIdsAndControlFramesHaveNone() {
        model.answer("one two three");
        var frames = http.post(RUNS, "message", "hi", "session_id", "s").frames();
        assertThat(frames)
                .extracting(TestClient.Frame::id)
                .startsWith("0", "1", "2")
                .doesNotHaveDuplicates();
        assertThat(frames).noneMatch(frame -> frame.data().has("event_index"));
        var id = frames.getFirst().data().path("run_id").asText();
        var replayed = http.post(RUNS + "/" + id + "/resume", "session_id", "s").frames();
        assertThat(replayed.getFirst())
                .returns("replay", TestClient.Frame::event)
                .returns("", TestClient.Frame::id);
    }

    @Test
    void proxiesMayNeitherCacheNorTransformNorHoldBack() {
        model.answer("one");
        var answer = http.post(RUNS, "message", "hi");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-cache, no-transform");
        assertThat(answer.header("X-Accel-Buffering")).isEqualTo("no");
        assertThat(answer.header("Content-Encoding")).isEqualTo("identity");
    }

    @Test
    void aBrowserResumesByTheLastIdAndStopsAtTheEnd() {
        model.answer(Script.tokens("one ").thenHang());
        String id;
        String last;
        try (var stream = http.open(RUNS, "message", "hi", "session_id", "s", "background", "true")) {
            var frame = stream.until("RunContent");
            id = frame.data().path("run_id").asText();
            last = frame.id();
        }
        http.post(RUNS + "/" + id + "/cancel", "wait", "10000");
        await().until(() -> Runs.shared().find(id).isEmpty());
        assertThat(get(id, last).events()).containsExactly("replay", "RunCancelled", "RunCompleted");
        var cancelled = Long.parseLong(last) + 1;
        assertThat(get(id, String.valueOf(cancelled)).events()).containsExactly("replay", "RunCompleted");
        assertThat(get(id, String.valueOf(cancelled + 1)).status()).isEqualTo(204);
        assertThat(get(id, "not ours").events()).startsWith("replay", "RunStarted");
        assertThat(http.get(RUNS + "/" + id + "/resume?session_id=s&last_event_index=" + (cancelled + 1))
                        .events())
                .containsExactly("replay");
        var posted = http.formRequest(RUNS + "/" + id + "/resume", "session_id", "s");
        assertThat(http.send(posted).events()).startsWith("replay", "RunStarted");
        var form = java.net.http.HttpRequest.newBuilder(posted, (_, _) -> true)
                .header("Last-Event-ID", String.valueOf(cancelled))
                .build();
        assertThat(http.send(form).events()).containsExactly("replay", "RunCompleted");
    }

    @Test
    void aStoredRunEndsABrowsersStreamToo() throws Exception {
        model.answer("one");
        var store = new InMemorySessionStore();
        TestClient.Frame end;
        try (var first = serve(store)) {
            var frames = new TestClient(first)
                    .post(RUNS, "message", "hi", "session_id", "s")
                    .frames();
            end = frames.getLast();
        }
        var id = end.data().path("run_id").asText();
        try (var second = serve(store)) {
            var client = new TestClient(second);
            for (var index : new String[] {"0", end.id()}) {
                var answer = client.send(client.request(RUNS + "/" + id + "/resume?session_id=s")
                        .header("Last-Event-ID", index)
                        .GET()
                        .build());
                assertThat(answer.status()).isEqualTo(index.equals("0") ? 200 : 204);
            }
        }
    }

    private AgentOS serve(InMemorySessionStore store) {
        return AgentOS.builder()
                .port(0)
                .store(store)
                .agents(Agent.builder().name("Writer").model(model).build())
                .build()
                .start();
    }
}
