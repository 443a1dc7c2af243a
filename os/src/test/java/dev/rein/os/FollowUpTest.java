package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.model.Message;
import dev.rein.session.InMemorySessionStore;
import dev.rein.team.Team;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tool.Tool;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Continuing a run that has ended with a further message. */
class FollowUpTest {
    private final ScriptedModel model = ScriptedModel.create();
    private final AgentOS os = AgentOS.builder()
            .port(0)
            .store(new InMemorySessionStore())
            .agents(Agent.builder()
                    .name("Writer")
                    .model(model)
                    .tools(new Files())
                    .build())
            .teams(Team.builder()
                    .name("Team")
                    .model(model)
                    .members(Agent.builder().name("Member").model(model).build())
                    .build())
            .workflows(Workflow.builder()
                    .name("Flow")
                    .steps(Step.of(
                            "one", Agent.builder().name("Step").model(model).build()))
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
        http.post("/runs/cancel", "all", "true", "wait", "10000");
        os.close();
    }

    private String run(String runs, String... more) {
        model.answer("Paris");
        var form = new String[] {"message", "Capital of France?", "session_id", "s", "stream", "false"};
        var all = java.util.stream.Stream.concat(java.util.Arrays.stream(form), java.util.Arrays.stream(more))
                .toArray(String[]::new);
        return http.post(runs, all).json().path("run_id").asText();
    }

    @ParameterizedTest
    @CsvSource({"/agents/writer/runs", "/teams/team/runs"})
    void isANewRunThatSeesTheOneBefore(String runs) {
        var first = run(runs);
        model.answer("Two million");
        var answer = http.post(
                        runs + "/" + first + "/continue",
                        "input",
                        "How many live there?",
                        "tools",
                        "[]",
                        "session_id",
                        "s",
                        "stream",
                        "false")
                .json();
        assertThat(answer.path("content").asText()).isEqualTo("Two million");
        assertThat(answer.path("status").asText()).isEqualTo("COMPLETED");
        assertThat(answer.path("session_id").asText()).isEqualTo("s");
        assertThat(answer.path("run_id").asText()).isNotEmpty().isNotEqualTo(first);
        assertThat(model.requests().getLast().messages())
                .extracting(Message::content)
                .containsSubsequence("Capital of France?", "Paris", "How many live there?");
        var before = http.get(runs + "/" + first + "?session_id=s").json();
        assertThat(before.path("content").asText()).isEqualTo("Paris");
        assertThat(http.get(runs + "?session_id=s").json()).hasSize(2);
        for (var run : List.of(
                answer,
                http.get(runs + "/" + answer.path("run_id").asText() + "?session_id=s")
                        .json(),
                http.get(runs + "?session_id=s").json().get(1),
                http.get("/sessions/s/runs").json().get(1))) {
            assertThat(run.path("forked_from_run_id").asText()).isEqualTo(first);
            assertThat(run.path("metadata")).isEmpty();
        }
        assertThat(before.has("forked_from_run_id")).isFalse();
    }

    @Test
    void isStreamedWithItsIndexes() {
        var first = run("/agents/writer/runs");
        model.answer("Two million");
        var frames = http.post("/agents/writer/runs/" + first + "/continue", "input", "How many?", "session_id", "s")
                .frames();
        assertThat(frames.getFirst().event()).isEqualTo("RunStarted");
        assertThat(frames.getLast().event()).isEqualTo("RunCompleted");
        assertThat(frames).allMatch(frame -> frame.data().has("event_index"));
        assertThat(frames.getFirst().data().path("run_id").asText()).isNotEqualTo(first);
    }

    @Test
    void runsInTheBackground() {
        var first = run("/agents/writer/runs");
        model.answer("Two million");
        var answer = http.post(
                "/agents/writer/runs/" + first + "/continue",
                "input",
                "How many?",
                "session_id",
                "s",
                "background",
                "true",
                "stream",
                "false");
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.json().path("run_id").asText()).isNotEqualTo(first);
    }

    @Test
    void belongsToTheUserOfTheRunBefore() {
        var first = run("/agents/writer/runs", "user_id", "odile");
        model.answer("Two million");
        var answer = http.post(
                "/agents/writer/runs/" + first + "/continue",
                "input",
                "How many?",
                "session_id",
                "s",
                "stream",
                "false");
        assertThat(answer.json().path("user_id").asText()).isEqualTo("odile");
    }

    @Test
    void ofAStoppedRunSeesWhatItHadSaid() {
        model.answer(Script.text("Par").thenHang());
        var first = http.post(
                        "/agents/writer/runs",
                        "message",
                        "Capital?",
                        "session_id",
                        "s",
                        "stream",
                        "false",
                        "background",
                        "true")
                .json()
                .path("run_id")
                .asText();
        model.awaitWaiting(1);
        var path = "/agents/writer/runs/" + first;
        var early = http.post(path + "/continue", "input", "Go on", "session_id", "s", "stream", "false");
        assertThat(early.status()).isEqualTo(409);
        assertThat(early.body()).contains("run is running");
        http.post(path + "/cancel", "wait", "10000");
        model.answer("Paris");
        http.post(path + "/continue", "input", "Go on", "session_id", "s", "stream", "false");
        assertThat(model.requests().getLast().messages())
                .anyMatch(message -> message.content().startsWith("Par"));
    }

    @Test
    void isRefusedWhereItCantBe() {
        var first = run("/agents/writer/runs");
        var path = "/agents/writer/runs/" + first + "/continue";
        assertThat(http.post(path, "session_id", "s", "stream", "false").body())
                .isEqualTo("{\"detail\":\"run is already completed: give input to follow it up\"}");
        assertThat(http.post(path, "input", "x", "stream", "false").status()).isEqualTo(400);
        assertThat(http.post(path, "input", "x", "session_id", "other", "stream", "false")
                        .status())
                .isEqualTo(404);
        assertThat(http.post(path, "input", "x", "session_id", "s", "regenerate", "true")
                        .status())
                .isEqualTo(400);
        assertThat(http.post("/agents/writer/runs/nope/continue", "input", "x", "session_id", "s")
                        .body())
                .isEqualTo("{\"detail\":\"No runs found for run ID nope\"}");

        model.toolCall("delete_file", "{\"path\":\"/x\"}");
        var paused = http.post("/agents/writer/runs", "message", "Delete", "session_id", "s", "stream", "false")
                .json();
        assertThat(paused.path("status").asText()).isEqualTo("PAUSED");
        var refused = http.post(
                "/agents/writer/runs/" + paused.path("run_id").asText() + "/continue", "input", "x", "session_id", "s");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body()).contains("is paused: send decisions in tools");

        var flow = run("/workflows/flow/runs");
        assertThat(http.post("/workflows/flow/runs/" + flow + "/continue", "input", "x", "session_id", "s")
                        .body())
                .isEqualTo("{\"detail\":\"run is already completed\"}");
    }
}
