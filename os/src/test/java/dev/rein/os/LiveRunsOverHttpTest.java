package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.agent.Agent;
import dev.rein.model.Pricing;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.team.Team;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What clients see of live runs: figures, the stop of each of them with its measure, the timeline and the last hour. */
class LiveRunsOverHttpTest {
    private final Runs runs = Runs.create();
    private final ScriptedModel model = ScriptedModel.create().pricing(new Pricing(1, 1_000));
    private final InMemorySessionStore store = new InMemorySessionStore();

    /** The member is not served by itself. */
    private final AgentOS os = AgentOS.builder()
            .securityKey(null)
            .port(0)
            .runs(runs)
            .drain(Duration.ZERO)
            .store(store)
            .teams(Team.builder()
                    .name("Band")
                    .runs(runs)
                    .model(model)
                    .members(Agent.builder()
                            .name("Singer")
                            .runs(runs)
                            .model(model)
                            .build())
                    .build())
            .build()
            .start();

    private final TestClient http = new TestClient(os);

    @AfterEach
    void close() {
        os.close();
        runs.close();
    }

    private String begin() {
        model.answer(Script.toolCall("delegate_task_to_member", "{\"member_id\":\"singer\",\"task\":\"Sing\"}"))
                .answer(Script.text("La la la la la la la la").thenHang());
        var id = http.post(
                        "/teams/band/runs", "message", "hi", "session_id", "s", "background", "true", "stream", "false")
                .json()
                .path("run_id")
                .asText();
        model.awaitWaiting(1);
        return id;
    }

    private List<JsonNode> live() {
        return list(http.get("/runs").json().path("data"));
    }

    private static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    @Test
    void liveRunsHaveTheirTokensAndCostSoFar() {
        begin();
        await().until(() -> live().size() == 2);
        var team = live().getFirst();
        var member = live().getLast();
        assertThat(team.path("component_name").asText()).isEqualTo("Band");
        assertThat(team.path("tool_calls").asInt()).isEqualTo(1);
        assertThat(member.path("component_name").asText()).isEqualTo("Singer");
        assertThat(member.path("output_tokens").asInt()).isPositive();
        assertThat(member.path("total_tokens").asInt())
                .isEqualTo(member.path("input_tokens").asInt()
                        + member.path("output_tokens").asInt());
        assertThat(member.path("cost").asDouble()).isPositive();
    }

    @Test
    void aMemberThatIsNotServedIsStoppedByItsIdAndTheStopIsMeasured() {
        var id = begin();
        await().until(() -> live().size() == 2);
        var member = live().getLast().path("run_id").asText();
        model.answer("He has left.");
        assertThat(http.post("/runs/" + member + "/cancel", "session_id", "other")
                        .status())
                .isEqualTo(404);
        var answer = http.post("/runs/" + member + "/cancel", "wait", "10000", "reason", "too loud")
                .json();
        assertThat(answer.path("result").asText()).isEqualTo("requested");
        assertThat(answer.path("status").asText()).isEqualTo("CANCELLED");
        assertThat(answer.path("stop_seconds").asDouble()).isBetween(0.0, 10.0);
        assertThat(answer.path("abandoned")).isEmpty();
        await().until(() -> store.run(id).orElseThrow().status().isTerminal());
        assertThat(store.run(id).orElseThrow().text()).isEqualTo("He has left.");
        assertThat(http.post("/runs/" + member + "/cancel").status()).isEqualTo(404);
    }

    @Test
    void theTimelineContainsWhatTheRunsDid() {
        var id = begin();
        var running = http.get("/sessions/s/runs/" + id + "/timeline");
        await().until(() -> spans(id).size() == 5);
        assertThat(running.json().has("duration")).isFalse();
        http.post("/teams/band/runs/" + id + "/cancel", "wait", "5000", "reason", "enough");
        await().until(() -> store.run(id).orElseThrow().status().isTerminal());
        var timeline = http.get("/sessions/s/runs/" + id + "/timeline").json();
        assertThat(timeline.path("status").asText()).isEqualTo("CANCELLED");
        var seen = new ArrayList<String>();
        for (var span : spans(id)) {
            seen.add(span.path("kind").asText() + " " + span.path("name").asText() + " "
                    + span.path("status").asText());
            assertThat(span.path("start").asDouble() + span.path("duration").asDouble())
                    .isBetween(0.0, timeline.path("duration").asDouble() + 0.01);
        }
        assertThat(seen)
                .containsExactly(
                        "run Band CANCELLED",
                        "model " + model.id() + " COMPLETED",
                        "tool delegate_task_to_member CANCELLED",
                        "run Singer CANCELLED",
                        "model " + model.id() + " CANCELLED");
        assertThat(spans(id).get(3).path("parent_id").asText()).isEqualTo(id);
        assertThat(spans(id).getFirst().path("detail").asText()).isEqualTo("enough");
    }

    private List<JsonNode> spans(String id) {
        return list(http.get("/sessions/s/runs/" + id + "/timeline").json().path("spans"));
    }

    @Test
    void theLastHourCountsRuns() {
        var id = begin();
        http.post("/teams/band/runs/" + id + "/cancel", "wait", "5000");
        await().until(() -> {
            var recent = http.get("/metrics/recent").json();
            var cancelled = 0;
            var started = 0;
            for (var minute : recent.path("minutes")) {
                cancelled += minute.path("cancelled").asInt();
                started += minute.path("started").asInt();
            }
            assertThat(recent.path("minutes")).hasSize(60);
            return cancelled == 1 && started == 1 && recent.path("live_runs").asInt() == 0;
        });
    }
}
