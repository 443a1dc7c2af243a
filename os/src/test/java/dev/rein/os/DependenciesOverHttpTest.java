package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.run.StepOutput;
import dev.rein.session.InMemorySessionStore;
import dev.rein.team.Team;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The form field {@code dependencies} of requests that start a run. */
class DependenciesOverHttpTest {
    private static final String DATA = "{\"customer\":{\"id\":7},\"region\":\"EU\"}";

    private final List<Map<String, Object>> seen = new CopyOnWriteArrayList<>();
    private final ScriptedModel model = ScriptedModel.create();
    private final Agent agent = Agent.builder()
            .name("Helper")
            .model(model)
            .storeWait(Duration.ofMinutes(1))
            .after("look", (text, context) -> seen.add(context.dependencies()))
            .build();
    private final AgentOS os = AgentOS.builder()
            .name("Test OS")
            .port(0)
            .store(new InMemorySessionStore())
            .agents(agent)
            .teams(Team.builder()
                    .name("Crew")
                    .model(model)
                    .members(agent)
                    .after("look", (text, context) -> seen.add(context.dependencies()))
                    .build())
            .workflows(Workflow.builder()
                    .name("Flow")
                    .steps(Step.of("look", input -> {
                        seen.add(input.dependencies());
                        return StepOutput.of("x");
                    }))
                    .build())
            .build()
            .start();
    private final TestClient http = new TestClient(os);

    @AfterEach
    void close() {
        os.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/agents/helper/runs", "/teams/crew/runs", "/workflows/flow/runs"})
    void theyReachTheCodeOfTheRun(String path) {
        model.answer("Hello");
        var answer = http.post(path, "message", "hi", "stream", "false", "dependencies", DATA);
        assertThat(answer.json().path("status").asText()).isEqualTo("COMPLETED");
        assertThat(seen).containsExactly(Map.of("customer", Map.of("id", 7), "region", "EU"));
        assertThat(answer.body()).doesNotContain("EU");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/agents/helper/runs", "/teams/crew/runs"})
    void theModelIsToldThemOnRequest(String path) {
        model.answer("Hello");
        model.answer("Hello");
        http.post(path, "message", "hi", "stream", "false", "dependencies", DATA);
        http.post(
                path, "message", "hi", "stream", "false", "dependencies", DATA, "add_dependencies_to_context", "True");
        assertThat(model.request(1).messages().getFirst().content()).doesNotContain("region: EU");
        assertThat(model.request(2).messages().getFirst().content())
                .endsWith("Data for this task:\n- customer: {\"id\":7}\n- region: EU");
    }

    @Test
    void othersThanAnObjectAreRefused() {
        for (var wrong : List.of("[1]", "no", "7")) {
            var answer = http.post("/agents/helper/runs", "message", "hi", "dependencies", wrong);
            assertThat(answer.status()).isEqualTo(422);
            assertThat(answer.body()).contains("Invalid dependencies: expected a JSON object");
        }
        assertThat(seen).isEmpty();
    }

    @Test
    void aFollowUpHasItsOwn() {
        model.answer(Script.text("Hello"));
        model.answer(Script.text("Again"));
        var first = http.post(
                "/agents/helper/runs", "message", "hi", "stream", "false", "session_id", "s", "dependencies", DATA);
        var runId = first.json().path("run_id").asText();
        http.post(
                "/agents/helper/runs/" + runId + "/continue",
                "input",
                "and now?",
                "stream",
                "false",
                "session_id",
                "s",
                "dependencies",
                "{\"region\":\"US\"}");
        assertThat(seen).hasSize(2).last().isEqualTo(Map.of("region", "US"));
    }
}
