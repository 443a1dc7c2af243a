package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tool.Tool;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PausesOverHttpTest {
    private final List<String> deleted = new ArrayList<>();
    private final ScriptedModel model =
            ScriptedModel.of(Script.toolCall("delete_file", "{\"path\":\"/data/file\"}"), Script.text("Deleted it."));
    private final Agent cleaner = Agent.builder()
            .storeWait(Duration.ofMinutes(1))
            .name("Cleaner")
            .model(model)
            .tools(new Files())
            .build();
    private final AgentOS os = AgentOS.builder()
            .port(0)
            .store(new InMemorySessionStore())
            .agents(cleaner)
            .workflows(Workflow.builder()
                    .storeWait(Duration.ofMinutes(1))
                    .name("Tidy up")
                    .steps(Step.of("clean", cleaner))
                    .build())
            .build()
            .start();
    private final TestClient http = new TestClient(os);

    final class Files {
        @Tool(value = "Delete a file", name = "delete_file", requiresConfirmation = true)
        public String deleteFile(String path) {
            deleted.add(path);
            return "done";
        }
    }

    @AfterEach
    void close() {
        os.close();
    }

    private TestClient.Frame paused() {
        var answer = http.post("/agents/cleaner/runs", "message", "clean up", "session_id", "s");
        var last = answer.frames().getLast();
        assertThat(last.event()).isEqualTo("RunPaused");
        return last;
    }

    private static String path(TestClient.Frame paused, String action) {
        return "/agents/cleaner/runs/" + paused.data().path("run_id").asText() + "/" + action;
    }

    @Test
    void aPausedRunContinuesWithDecisions() {
        var paused = paused();
        assertThat(deleted).isEmpty();
        var tools = paused.data().path("tools").deepCopy();
        ((com.fasterxml.jackson.databind.node.ObjectNode) tools.get(0)).put("confirmed", true);
        var rest = http.post(path(paused, "continue"), "session_id", "s", "tools", tools.toString());
        assertThat(rest.events()).startsWith("RunContinued", "ToolCallStarted").endsWith("RunCompleted");
        assertThat(rest.frames().getFirst().data().has("event_index")).isTrue();
        assertThat(deleted).containsExactly("/data/file");
        var again = http.post(path(paused, "continue"), "session_id", "s", "tools", tools.toString());
        assertThat(again)
                .returns(409, TestClient.Answer::status)
                .returns(
                        "{\"detail\":\"run is already completed: give input to follow it up\"}",
                        TestClient.Answer::body);
    }

    @Test
    void aPausedRunThatWasCancelledCanNotBeContinued() {
        var paused = paused();
        var stop = http.post(path(paused, "cancel"), "wait", "5000");
        assertThat(stop.json().path("status").asText()).isEqualTo("CANCELLED");
        var tools = paused.data().path("tools").deepCopy();
        ((com.fasterxml.jackson.databind.node.ObjectNode) tools.get(0)).put("confirmed", true);
        assertThat(http.post(path(paused, "continue"), "session_id", "s", "tools", tools.toString())
                        .status())
                .isEqualTo(409);
        assertThat(deleted).isEmpty();
        var run = http.get(path(paused, "").replaceAll("/$", "") + "?session_id=s")
                .json();
        assertThat(run.path("status").asText()).isEqualTo("CANCELLED");
        assertThat(run.path("cancellation_stage").asText()).isEqualTo("PAUSED");
        assertThat(run.path("cancellation").path("kind").asText()).isEqualToIgnoringCase("user");
    }

    @Test
    void continuingWithoutDecisionsRepeatsThePause() {
        var paused = paused();
        var rest = http.post(path(paused, "continue"), "session_id", "s", "tools", "[]");
        assertThat(rest.events()).containsExactly("RunPaused");
        assertThat(rest.frames().getFirst().data().path("requirements"))
                .isEqualTo(paused.data().path("requirements"));
        http.post(path(paused, "cancel"));
    }

    /** Clients return executor requirements only if the step requirement declares them. */
    @Test
    void requirementsOfExecutorsAreMarked() {
        var flow = http.post("/workflows/tidy-up/runs", "message", "clean up", "session_id", "w");
        var last = flow.frames().getLast();
        assertThat(last.event()).isEqualTo("WorkflowPaused");
        var asked = last.data().path("step_requirements").path(0);
        assertThat(asked.path("requires_executor_input").asBoolean()).isTrue();
        assertThat(asked.path("executor_type").asText()).isEqualTo("agent");
        assertThat(asked.path("executor_id").asText()).isEqualTo("cleaner");
        assertThat(asked.path("executor_requirements")).hasSize(1);
        http.post("/workflows/tidy-up/runs/" + last.data().path("run_id").asText() + "/cancel");
    }

    @Test
    void unreadableDecisionsAreRefused() {
        var paused = paused();
        assertThat(http.post(path(paused, "continue"), "session_id", "s", "tools", "{x")
                        .body())
                .isEqualTo("{\"detail\":\"Invalid JSON in tools field\"}");
        assertThat(http.post(path(paused, "continue"), "tools", "[]").body())
                .isEqualTo("{\"detail\":\"session_id is required for this action\"}");
        http.post(path(paused, "cancel"));
    }
}
