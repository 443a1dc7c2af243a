package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.agent.Agent;
import dev.rein.model.ModelException;
import dev.rein.runtime.RetryPolicy;
import dev.rein.runtime.Runs;
import dev.rein.session.EventPolicy;
import dev.rein.session.InMemorySessionStore;
import dev.rein.team.Team;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The frames of a run are numbered 0, 1, 2, ..., on every way on which a client may read them. */
class EventIndexTest {
    private final ScriptedModel leads = ScriptedModel.create();
    private final ScriptedModel writes = ScriptedModel.create();
    private final InMemorySessionStore store = new InMemorySessionStore();
    private final AgentOS os = AgentOS.builder()
            .port(0)
            .store(store)
            .agents(Agent.builder()
                    .name("Writer")
                    .model(writes)
                    .retry(new RetryPolicy(2, Duration.ofMillis(1), 1, Duration.ofMillis(1)))
                    .build())
            .teams(Team.builder()
                    .name("Team")
                    .model(leads)
                    .members(writer())
                    .storeEvents(EventPolicy.ALL)
                    .build())
            .workflows(Workflow.builder()
                    .name("Flow")
                    .steps(Step.of("one", writer()))
                    .build())
            .build()
            .start();
    private final TestClient http = new TestClient(os);

    private Agent writer() {
        return Agent.builder().name("Writer").model(writes).build();
    }

    @AfterEach
    void close() {
        http.post("/runs/cancel", "all", "true", "wait", "10000");
        os.close();
    }

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

    /** Stops the member of a team alone: two frames in the middle of the stream. */
    private List<TestClient.Frame> stopTheMember() {
        leads.toolCall("delegate_task_to_member", "{\"member_id\":\"writer\",\"task\":\"write\"}")
                .answer("the team is done");
        writes.answer(Script.tokens("Once ", "upon ").thenHang());
        try (var stream = http.open("/teams/team/runs", "message", "hi", "session_id", "s", "background", "true")) {
            var all = new java.util.ArrayList<TestClient.Frame>();
            var frame = stream.next();
            for (; !frame.event().equals("RunContent"); frame = stream.next()) {
                all.add(frame);
            }
            all.add(frame);
            writes.awaitWaiting(1);
            Runs.shared().cancel(frame.data().path("run_id").asText(), dev.rein.cancel.CancelRequest.now());
            all.addAll(stream.rest());
            return all;
        }
    }

    @Test
    void haveNoGapsWithTwoFramesForOneEvent() {
        var all = stopTheMember();
        assertThat(all)
                .extracting(TestClient.Frame::event)
                .contains("RunCancelled", "RunCompleted", "TeamRunCompleted");
        assertThat(indexes(all)).isEqualTo(upTo(0, all.size()));
        assertThat(all)
                .allMatch(frame ->
                        frame.id().equals(frame.data().path("event_index").asText()));
    }

    @Test
    void resumeExactlyFromMemoryAndFromTheStore() throws Exception {
        var all = stopTheMember();
        var id = all.getFirst().data().path("run_id").asText();
        await().until(() -> Runs.shared().find(id).isEmpty());
        try (var other = AgentOS.builder()
                .port(0)
                .store(store)
                .teams(Team.builder()
                        .name("Team")
                        .model(leads)
                        .members(writer())
                        .build())
                .build()
                .start()) {
            for (var client : List.of(http, new TestClient(other))) {
                for (var last = -1; last < all.size(); last++) {
                    var rest = client.post(
                                    "/teams/team/runs/" + id + "/resume",
                                    "session_id",
                                    "s",
                                    "last_event_index",
                                    String.valueOf(last))
                            .frames();
                    assertThat(rest.getFirst().event()).isEqualTo("replay");
                    assertThat(rest.getFirst().data().path("total_events").asInt())
                            .isEqualTo(Math.max(all.size() - last - 1, 0));
                    assertThat(indexes(rest)).isEqualTo(upTo(last + 1, all.size()));
                }
            }
        }
        var stored = http.get("/teams/team/runs/" + id + "?session_id=s").json().path("events");
        assertThat(stored.findValuesAsText("event_index"))
                .doesNotHaveDuplicates()
                .contains("0");
    }

    @Test
    void ofAnAgentThatRetriesHaveNoGaps() {
        writes.fails(new ModelException(ModelException.Kind.SERVER, "down")).answer("up");
        var all = http.post("/agents/writer/runs", "message", "hi", "session_id", "s", "background", "true")
                .frames();
        assertThat(indexes(all)).isEqualTo(upTo(0, all.size()));
        assertThat(all)
                .filteredOn(frame -> frame.event().equals("CustomEvent"))
                .singleElement()
                .satisfies(
                        frame -> assertThat(frame.data().path("name").asText()).isEqualTo("ModelRequestFailed"));
    }

    @Test
    void onASocketAreThoseOfTheStream() {
        writes.answer(Script.tokens("one ").thenHang());
        try (var socket = new TestSocket(os)) {
            socket.until("connected");
            socket.send("{'action':'start-workflow','workflow_id':'flow','message':'hi','session_id':'ws'}");
            var seen = new java.util.ArrayList<Long>();
            var json = socket.json();
            for (; !json.path("event").asText().equals("RunContent"); json = socket.json()) {
                seen.add(json.path("event_index").asLong());
            }
            seen.add(json.path("event_index").asLong());
            var id = json.path("workflow_run_id").asText();
            http.post("/workflows/flow/runs/" + id + "/cancel");
            do {
                json = socket.json();
                seen.add(json.path("event_index").asLong());
            } while (!json.path("event").asText().equals("WorkflowCompleted"));
            assertThat(seen).isEqualTo(upTo(0, seen.size()));
            socket.send("{'action':'reconnect','workflow_id':'flow','run_id':'" + id + "','last_event_index':2}");
            assertThat(socket.until("replay").path("total_events").asInt()).isEqualTo(seen.size());
            for (var index = 0; index < seen.size(); index++) {
                assertThat(socket.json().path("event_index").asInt(-1)).isEqualTo(index);
            }
        }
    }

    @Test
    void countTheEventsThatALiveRunHas() {
        writes.answer(Script.tokens("one ").thenHang());
        JsonNode last;
        try (var stream = http.open("/agents/writer/runs", "message", "hi", "session_id", "s", "background", "true")) {
            last = stream.until("RunContent").data();
        }
        var path = "/agents/writer/runs/" + last.path("run_id").asText() + "/resume";
        try (var stream = http.open(
                path,
                "session_id",
                "s",
                "last_event_index",
                last.path("event_index").asText())) {
            assertThat(stream.next().data().path("missed_events").asInt()).isZero();
            assertThat(stream.next().data().path("current_event_count").asLong())
                    .isEqualTo(last.path("event_index").asLong() + 1);
        }
    }
}
