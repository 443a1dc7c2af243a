package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.agent.Agent;
import dev.rein.session.InMemorySessionStore;
import dev.rein.team.Team;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The requests of the agent-ui chat, and what it shows of the responses. */
class AgentUiTest {
    private final ScriptedModel leads = ScriptedModel.create();
    private final ScriptedModel writes = ScriptedModel.create();
    private final InMemorySessionStore store = new InMemorySessionStore();
    private final AgentOS os = AgentOS.builder()
            .port(0)
            .store(store)
            .teams(Team.builder()
                    .name("Story Team")
                    .model(leads)
                    .members(Agent.builder().name("Writer").model(writes).build())
                    .build())
            .agents(Agent.builder().name("Writer").model(writes).build())
            .build()
            .start();
    private final TestClient http = new TestClient(os);

    @AfterEach
    void close() {
        http.post("/runs/cancel", "all", "true", "wait", "10000");
        os.close();
    }

    private JsonNode runs(String session, String more) {
        return http.get("/sessions/" + session + "/runs?type=team&db_id=rein" + more)
                .json();
    }

    /** What the page shows as messages of the user. */
    private static List<String> userMessages(JsonNode runs) {
        var all = new ArrayList<String>();
        runs.forEach(run -> all.add(run.path("run_input").asText("")));
        all.removeIf(String::isEmpty);
        return all;
    }

    /** The page loads the session's runs as soon as it knows the session, and replaces what it shows by a list with runs. */
    @Test
    void aTeamsToolCallIsShownWhileItStreamsAndAfterAReload() {
        leads.toolCall("delegate_task_to_member", "{\"member_id\":\"writer\",\"task\":\"write a story\"}")
                .answer("The end.");
        writes.answer(Script.text("Once ").thenHang());
        try (var stream = http.open("/teams/story-team/runs", "message", "hi", "stream", "true", "session_id", "")) {
            var session =
                    stream.until("TeamRunStarted").data().path("session_id").asText();
            assertThat(runs(session, "")).isEmpty();
            stream.until("RunContent");
            writes.awaitWaiting(1);
            assertThat(runs(session, "")).isEmpty();
            assertThat(http.get("/sessions/" + session + "/run-previews").json())
                    .isEmpty();
            assertThat(http.get("/teams/story-team/runs?session_id=" + session).json())
                    .isEmpty();
            await().until(() -> userMessages(runs(session, "&status=running")).equals(List.of("hi")));

            writes.release();
            stream.until("TeamRunCompleted");
            await().until(() -> !runs(session, "").isEmpty());
            var shown = runs(session, "");
            assertThat(userMessages(shown)).containsExactly("hi");
            assertThat(shown.get(shown.size() - 1).path("tools").findValuesAsText("tool_name"))
                    .containsExactly("delegate_task_to_member");
            // Its task is still known to those who ask for the member's run.
            var member = shown.get(0).path("run_id").asText();
            assertThat(http.get("/sessions/" + session + "/runs/" + member)
                            .json()
                            .path("run_input")
                            .asText())
                    .isEqualTo("write a story");
        }
    }

    @Test
    void runsInTheBackgroundAreListedWhileTheyAreLive() {
        writes.answer(Script.text("Once ").thenHang());
        http.post("/agents/writer/runs", "message", "hi", "session_id", "b", "stream", "false", "background", "true");
        writes.awaitWaiting(1);
        assertThat(userMessages(http.get("/sessions/b/runs?type=agent").json())).containsExactly("hi");
        assertThat(http.get("/sessions/b/run-previews").json()).hasSize(1);
        assertThat(http.get("/agents/writer/runs?session_id=b").json()).hasSize(1);
    }

    /** A run that is being stopped is shown as RUNNING, so that it is found as such. */
    @Test
    void theStatusRunningIncludesRunsThatAreBeingStopped() {
        writes.answer(Script.text("Once ").thenHang());
        var id = http.post(
                        "/agents/writer/runs",
                        "message",
                        "hi",
                        "session_id",
                        "c",
                        "stream",
                        "false",
                        "background",
                        "true")
                .json()
                .path("run_id")
                .asText();
        writes.awaitWaiting(1);
        http.post("/agents/writer/runs/" + id + "/cancel", "mode", "after_turn");
        for (var list :
                List.of("/sessions/c/runs?", "/sessions/c/run-previews?", "/agents/writer/runs?session_id=c&")) {
            await(list)
                    .until(() -> http.get(list + "status=RUNNING")
                            .json()
                            .findValuesAsText("status")
                            .equals(List.of("RUNNING")));
        }
        assertThat(http.get("/runs?status=RUNNING&session_id=c")
                        .json()
                        .path("data")
                        .get(0)
                        .path("stopping")
                        .asBoolean())
                .isTrue();
    }
}
