package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rein.agent.Agent;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.RunStatus;
import dev.rein.run.StepOutput;
import dev.rein.runtime.Runs;
import dev.rein.store.JdbcSessionStore;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tool.Tool;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A workflow paused when its server stopped continues on the next server. */
class PausesAfterRestartTest {
    @TempDir
    private Path folder;

    private final List<String> done = new ArrayList<>();
    private AgentOS os;

    /** A tool that requires confirmation. */
    public final class Files {
        @Tool(value = "Delete a file", name = "delete_file", requiresConfirmation = true)
        public String deleteFile(String path) {
            done.add("delete " + path);
            return "done";
        }
    }

    private TestClient start(Script... script) {
        var cleaner = Agent.builder()
                .storeWait(Duration.ofMinutes(1))
                .name("Cleaner")
                .model(ScriptedModel.of(script))
                .tools(new Files())
                .build();
        var workflow = Workflow.builder()
                .storeWait(Duration.ofMinutes(1))
                .name("Tidy up")
                .steps(
                        Step.of("look", _ -> {
                            done.add("look");
                            return StepOutput.of("two files");
                        }),
                        Step.of("clean", cleaner).confirm("Clean up?"))
                .build();
        os = AgentOS.builder()
                .port(0)
                .store(JdbcSessionStore.sqlite(folder.resolve("rein.db")))
                .workflows(workflow)
                .build()
                .start();
        return new TestClient(os);
    }

    /** Simulates the end of a process: its paused runs are released to other processes and dropped from memory. */
    private void end(String runId) throws Exception {
        try (var store = JdbcSessionStore.sqlite(folder.resolve("rein.db"))) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> store.run(runId).orElseThrow().status() == RunStatus.PAUSED);
            store.release(Objects.requireNonNull(store.run(runId).orElseThrow().owner()), List.of(runId));
            var run = Runs.shared().handle(runId).orElseThrow();
            run.cancel(CancelRequest.now().kind(CancelKind.LEASE_LOST));
            run.await();
        }
        os.close();
    }

    @AfterEach
    void close() {
        os.close();
    }

    private static TestClient.Frame last(TestClient.Answer answer) {
        return answer.frames().getLast();
    }

    @Test
    void aWorkflowContinuesOverASocketAfterARestart() throws Exception {
        var paused = last(start().post("/workflows/tidy-up/runs", "message", "clean up", "session_id", "s"));
        var runId = paused.data().path("run_id").asText();
        end(runId);
        start(Script.text("Nothing to delete."));
        var asked = (ObjectNode) paused.data().path("step_requirements").get(0);
        asked.put("confirmed", true);
        try (var socket = new TestSocket(os)) {
            socket.send("{\"action\":\"continue-workflow\",\"workflow_id\":\"tidy-up\",\"run_id\":\"" + runId
                    + "\",\"step_requirements\":[" + asked + "]}");
            assertThat(socket.until("StepStarted").path("step_name").asText()).isEqualTo("clean");
            assertThat(socket.until("WorkflowCompleted").path("content").asText())
                    .isEqualTo("Nothing to delete.");
        }
        assertThat(done).containsExactly("look");
    }

    @Test
    void aWorkflowContinuesAfterARestart() throws Exception {
        var paused = last(start().post("/workflows/tidy-up/runs", "message", "clean up", "session_id", "s"));
        var runId = paused.data().path("run_id").asText();
        end(runId);

        var path = "/workflows/tidy-up/runs/" + runId + "/continue";
        var asked = (ObjectNode) paused.data().path("step_requirements").get(0);
        asked.put("confirmed", true);
        var again = last(start(Script.toolCall("delete_file", "{\"path\":\"/data\"}"))
                .post(path, "session_id", "s", "step_requirements", "[" + asked + "]"));
        assertThat(again.event()).isEqualTo("WorkflowPaused");
        end(runId);

        var tools = (ObjectNode) again.data().path("step_requirements").get(0);
        tools.withArray("executor_requirements").forEach(each -> ((ObjectNode) each).put("confirmation", true));
        var http = start(Script.text("Deleted it."));
        var end = http.post(path, "session_id", "s", "stream", "false", "step_requirements", "[" + tools + "]");
        assertThat(end.status()).isEqualTo(200);
        assertThat(end.json().path("status").asText()).isEqualTo("COMPLETED");
        assertThat(end.json().path("content").asText()).isEqualTo("Deleted it.");
        assertThat(done).containsExactly("look", "delete /data");
        assertThat(http.post(path, "session_id", "s", "step_requirements", "[" + tools + "]"))
                .returns(409, TestClient.Answer::status)
                .returns("{\"detail\":\"run is already completed\"}", TestClient.Answer::body);
    }
}
