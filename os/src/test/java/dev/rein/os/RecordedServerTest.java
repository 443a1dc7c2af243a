package dev.rein.os;

import static dev.rein.os.internal.wire.Difference.CANCELLED_STEPS;
import static dev.rein.os.internal.wire.Difference.CURRENT_IDS;
import static dev.rein.os.internal.wire.Difference.DELIVERED;
import static dev.rein.os.internal.wire.Difference.ESTIMATE;
import static dev.rein.os.internal.wire.Difference.MESSAGE_METRICS;
import static dev.rein.os.internal.wire.Difference.REASON;
import static dev.rein.os.internal.wire.Difference.STEP_ERROR;
import static dev.rein.os.internal.wire.Difference.WORKFLOW_TEXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.os.internal.wire.Comparison;
import dev.rein.os.internal.wire.Recording;
import dev.rein.os.internal.wire.Samples;
import dev.rein.runtime.Runs;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Replays the recordings that need a server: resuming runs over HTTP, and the WebSocket. */
class RecordedServerTest {
    private static final String PLAIN = "/agents/plain-agent/runs";
    private static final String SLOW = "/agents/slow-agent/runs";

    private final Samples samples = new Samples();
    private AgentOS os = serve();
    private TestClient http = new TestClient(os);

    private AgentOS serve() {
        return AgentOS.builder()
                .port(0)
                .store(samples.store)
                .agents(samples.plain(), samples.slow())
                .workflows(samples.content(), samples.slowWorkflow())
                .build()
                .start();
    }

    @AfterEach
    void close() {
        os.close();
    }

    /** Masks what differs between runs: ids, times, and indexes where Rein's have gaps. */
    private static String same(String text) {
        return text.replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<id>")
                .replaceAll("(\"created_at\": ?)\\d{10}\\b", "$1<time>")
                .replaceAll("(\"(event_index|last_event_index_requested)\": ?)\\d+", "$1<index>");
    }

    /** Events without the keys that only resumable streams have. */
    private static List<ObjectNode> withoutIndex(List<? extends JsonNode> events) {
        var all = new ArrayList<ObjectNode>();
        for (var event : events) {
            ObjectNode copy = event.deepCopy();
            assertThat(copy.remove("event_index").isIntegralNumber()).isTrue();
            all.add(copy);
        }
        return all;
    }

    private static List<JsonNode> data(List<TestClient.Frame> frames) {
        return frames.stream().map(TestClient.Frame::data).toList();
    }

    // ---- POST .../resume

    /** An ended run of nine events, and the index of the sixth. */
    private record Ended(String id, String sixth) {}

    private Ended ended() {
        var all = http.post(PLAIN, "message", "hi", "session_id", "s-bg", "background", "true")
                .frames();
        assertThat(all).hasSize(9);
        return new Ended(
                all.getFirst().data().path("run_id").asText(),
                all.get(5).data().path("event_index").asText());
    }

    private TestClient.Answer resume(Ended run) {
        return http.post(PLAIN + "/" + run.id + "/resume", "last_event_index", run.sixth, "session_id", "s-bg");
    }

    @Test
    void aFinishedRunIsReplayed() {
        var answer = resume(ended());
        assertThat(answer.header("content-type")).isEqualToIgnoringCase("text/event-stream; charset=utf-8");
        var frames = answer.frames();
        var recorded = Recording.text("sse_resume.txt");
        assertThat(same(frames.getFirst().text())).isEqualTo(same(recorded.substring(0, recorded.indexOf("\n\n"))));
        assertThat(frames.stream().skip(1))
                .allSatisfy(frame -> assertThat(frame.text()).doesNotContain("\": ", ", \""));
        new Comparison()
                .compare(
                        data(frames).stream()
                                .skip(1)
                                .map(each -> (ObjectNode) each)
                                .toList(),
                        Recording.frames("sse_resume.txt"));
        assertThat(answer.body()).endsWith("}\n\n");
    }

    @Test
    void aStoredRunIsReplayed() {
        var run = ended();
        os.close();
        os = serve();
        http = new TestClient(os);
        var frames = resume(run).frames();
        assertThat(frames.getFirst().text())
                .isEqualTo("event: replay\ndata: {\"event\": \"replay\", \"run_id\": \"" + run.id
                        + "\", \"status\": \"COMPLETED\", \"total_events\": 3, "
                        + "\"message\": \"Run COMPLETED. Replaying 3 stored events.\"}");
        new Comparison()
                .compare(
                        data(frames).stream()
                                .skip(1)
                                .map(each -> (ObjectNode) each)
                                .toList(),
                        Recording.frames("sse_resume.txt"));
    }

    @Test
    void aLiveRunIsCaughtUp() {
        try (var first = http.open(SLOW, "message", "hi", "session_id", "s-c1", "background", "true")) {
            var events = new ArrayList<JsonNode>();
            events.add(first.until("RunStarted").data());
            var id = events.getFirst().path("run_id").asText();
            for (var i = 0; i < 10; i++) {
                first.until("RunContent");
            }
            try (var again = http.open(SLOW + "/" + id + "/resume", "last_event_index", "0", "session_id", "s-c1")) {
                assertThat(again.next().text())
                        .isEqualTo("event: catch_up\ndata: {\"event\": \"catch_up\", \"run_id\": \"" + id
                                + "\", \"status\": \"running\", \"missed_events\": 11, \"current_event_count\": 12, "
                                + "\"message\": \"Catching up on 11 missed events.\"}");
                for (var i = 0; i < 11; i++) {
                    events.add(again.next().data());
                }
                assertThat(again.next().text())
                        .isEqualTo("event: subscribed\ndata: {\"event\": \"subscribed\", \"run_id\": \"" + id
                                + "\", \"status\": \"running\", \"current_event_count\": 12, "
                                + "\"message\": \"Following the run from here on.\"}");
                http.post(SLOW + "/" + id + "/cancel");
                events.addAll(data(again.rest()));
            }
            new Comparison(REASON, DELIVERED, ESTIMATE)
                    .compare(withoutIndex(events), Recording.frames("sse_agent_cancelled.txt"));
        }
    }

    @Test
    void anUnknownRunIsReported() {
        assertThat(http.post(PLAIN + "/nope/resume", "last_event_index", "0").body())
                .isEqualTo("event: error\ndata: {\"event\": \"error\", "
                        + "\"error\": \"Run nope not found in buffer or database\"}\n\n");
    }

    // ---- the WebSocket

    /** Messages as recorded, truncated to this many characters. */
    private static List<String> messages(boolean again) {
        return Recording.text("ws_workflow.txt")
                .lines()
                .filter(line -> line.startsWith("RECON ") == again)
                .map(line -> line.substring(line.indexOf('\'') + 1))
                .map(line -> line.endsWith("'") ? line.substring(0, line.length() - 1) : line)
                .map(line -> line.replace("\\n", "\n"))
                .toList();
    }

    private static boolean isWhole(String message) {
        return message.strip().endsWith("}");
    }

    private static void assertSame(String ours, String recorded) {
        if (isWhole(recorded)) {
            assertThat(same(ours)).isEqualTo(same(recorded));
        } else {
            // The rest of a truncated value is unknown.
            assertThat(same(ours)).startsWith(same(recorded.substring(0, recorded.lastIndexOf(", \"") + 2)));
        }
    }

    private static List<String> next(TestSocket socket, int count) {
        var messages = new ArrayList<String>();
        for (var i = 0; i < count; i++) {
            messages.add(socket.next());
        }
        return messages;
    }

    @Test
    void aWorkflowOverTheSocket() {
        var recorded = messages(false);
        var recordedAgain = messages(true);
        assertThat(recorded).hasSize(23);
        assertThat(recordedAgain).hasSize(4);
        try (var socket = new TestSocket(os)) {
            var ours = new ArrayList<>(next(socket, 1));
            ours.addAll(next(socket.send("{'action':'ping'}"), 1));
            ours.addAll(next(socket.send("{'action':'bogus'}"), 1));
            ours.addAll(next(
                    socket.send("{'action':'start-workflow','workflow_id':'content-workflow','message':'hi',"
                            + "'session_id':'ws-1'}"),
                    20));
            for (var i = 0; i < recorded.size(); i++) {
                assertSame(ours.get(i), recorded.get(i));
            }
            var events = ours.stream().skip(3).map(TestSocket::data).toList();
            new Comparison(CURRENT_IDS, MESSAGE_METRICS, CANCELLED_STEPS)
                    .compare(withoutIndex(events), Recording.frames("sse_workflow_two_steps.txt"));

            var id = events.getFirst().path("run_id").asText();
            await().until(() -> Runs.shared().find(id).isEmpty());
            socket.send("{'action':'reconnect','run_id':'" + id
                    + "','workflow_id':'content-workflow','session_id':'ws-1','last_event_index':5}");
            var again = next(socket, 21);
            for (var i = 0; i < recordedAgain.size(); i++) {
                assertSame(again.get(i), recordedAgain.get(i));
            }
            assertThat(again.stream().skip(1).map(TestSocket::data)).containsExactlyElementsOf(events);
        }
    }

    @Test
    void aLiveWorkflowOverTheSocket() {
        try (var first = new TestSocket(os);
                var again = new TestSocket(os)) {
            first.next();
            again.next();
            first.send("{'action':'start-workflow','workflow_id':'slow-workflow','message':'hi','session_id':'s-c3'}");
            var events = new ArrayList<JsonNode>();
            events.add(first.json());
            var id = events.getFirst().path("run_id").asText();
            for (var i = 0; i < 10; i++) {
                first.until("RunContent");
            }
            again.send("{'action':'reconnect','run_id':'" + id
                    + "','workflow_id':'slow-workflow','session_id':'s-c3','last_event_index':0}");
            assertThat(again.next())
                    .isEqualTo("{\"event\": \"catch_up\", \"run_id\": \"" + id
                            + "\", \"status\": \"running\", \"missed_events\": 13, \"current_event_count\": 14, "
                            + "\"message\": \"Catching up on 13 missed events.\"}");
            var missed = next(again, 13);
            assertThat(missed).allSatisfy(message -> assertThat(message).startsWith("{\"created_at\": "));
            missed.forEach(message -> events.add(TestSocket.data(message)));
            assertThat(again.next())
                    .isEqualTo("{\"event\": \"subscribed\", \"run_id\": \"" + id
                            + "\", \"status\": \"running\", \"current_event_count\": 14, "
                            + "\"message\": \"Following the run from here on.\"}");
            http.post("/workflows/slow-workflow/runs/" + id + "/cancel");
            var recorded = Recording.frames("sse_workflow_cancelled.txt");
            while (events.size() < recorded.size()) {
                var message = again.next();
                assertThat(message).startsWith("{\"created_at\": ");
                events.add(TestSocket.data(message));
            }
            new Comparison(CURRENT_IDS, REASON, DELIVERED, ESTIMATE, WORKFLOW_TEXT, STEP_ERROR)
                    .compare(withoutIndex(events), recorded);
        }
    }
}
