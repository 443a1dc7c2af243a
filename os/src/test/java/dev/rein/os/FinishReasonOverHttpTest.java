package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.session.InMemorySessionStore;
import dev.rein.team.Team;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients can tell an answer that was cut off from a complete one. */
class FinishReasonOverHttpTest {
    private final ScriptedModel model = ScriptedModel.create();
    private final InMemorySessionStore store = new InMemorySessionStore();
    private final Agent agent =
            Agent.builder().name("Plain Agent").model(model).store(store).build();
    private final AgentOS os = AgentOS.builder()
            .port(0)
            .store(store)
            .agents(agent)
            .teams(Team.builder()
                    .name("Plain Team")
                    .model(model)
                    .store(store)
                    .members(agent)
                    .build())
            .workflows(Workflow.builder()
                    .name("Plain Workflow")
                    .store(store)
                    .steps(Step.of("answer", agent))
                    .build())
            .build()
            .start();
    private final TestClient http = new TestClient(os);

    @AfterEach
    void close() {
        os.close();
    }

    @ParameterizedTest
    @CsvSource({
        "agents/plain-agent, length, length",
        "agents/plain-agent, content_filter, content_filter",
        "agents/plain-agent, stop, ",
        "teams/plain-team, length, length",
        "teams/plain-team, stop, ",
        "workflows/plain-workflow, length, length",
        "workflows/plain-workflow, stop, ",
    })
    void theReasonIsInTheEventsAndInTheRunIfTheAnswerWasCutOff(String component, String reason, String shown) {
        var expected = Objects.requireNonNullElse(shown, "");
        model.answer(Script.text("Hel").finishReason(reason));
        String runId;
        try (var stream = http.open("/" + component + "/runs", "message", "hi", "session_id", "s")) {
            var frames = stream.rest();
            var telling = frames.stream()
                    .filter(frame -> frame.event().endsWith("ModelRequestCompleted")
                            || frame.event().endsWith("RunCompleted")
                            || frame.event().equals("WorkflowCompleted"))
                    .toList();
            assertThat(telling)
                    .hasSizeGreaterThanOrEqualTo(2)
                    .allSatisfy(frame -> assertThat(
                                    frame.data().path("finish_reason").asText())
                            .isEqualTo(expected));
            var last = frames.getLast().data();
            assertThat(last.path("content").asText()).isEqualTo("Hel");
            runId = last.path("run_id").asText();
        }

        var stored =
                http.get("/" + component + "/runs/" + runId + "?session_id=s").json();
        assertThat(stored.path("status").asText()).isEqualTo("COMPLETED");
        assertThat(stored.path("finish_reason").asText()).isEqualTo(expected);
        var listed =
                http.get("/sessions/s/runs?type=" + component.split("s/")[0]).json();
        assertThat(listed.path(0).path("finish_reason").asText())
                .as("%s", listed)
                .isEqualTo(expected);

        model.answer(Script.text("Hel").finishReason(reason));
        var whole = http.post("/" + component + "/runs", "message", "hi", "stream", "false")
                .json();
        assertThat(whole.path("finish_reason").asText()).isEqualTo(expected);
    }
}
