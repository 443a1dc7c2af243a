package dev.rein.os;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.agent.Agent;
import dev.rein.run.StepOutput;
import dev.rein.run.TypeRef;
import dev.rein.session.InMemorySessionStore;
import dev.rein.team.Team;
import dev.rein.testkit.ScriptedModel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The form field {@code output_schema} of requests that start a run, and the content of typed answers. */
class OutputSchemaOverHttpTest {
    private static final String SCHEMA = "{\"title\":\"Story\",\"type\":\"object\",\"properties\":"
            + "{\"pages\":{\"type\":\"integer\"}},\"required\":[\"pages\"]}";

    private final ScriptedModel model = ScriptedModel.create();
    private final Agent agent = Agent.builder()
            .name("Writer")
            .model(model)
            .storeWait(Duration.ofMinutes(1))
            .build();
    private final AgentOS os = AgentOS.builder()
            .name("Test OS")
            .port(0)
            .store(new InMemorySessionStore())
            .agents(
                    agent,
                    Agent.builder()
                            .name("Typed")
                            .model(model)
                            .answersWith(TypeRef.ofSchema(SCHEMA))
                            .build())
            .teams(Team.builder().name("Crew").model(model).members(agent).build())
            .workflows(Workflow.builder()
                    .name("Flow")
                    .steps(Step.of("look", input -> StepOutput.of("x")), Step.of("write", agent))
                    .build())
            .build()
            .start();
    private final TestClient http = new TestClient(os);

    @AfterEach
    void close() {
        os.close();
    }

    private static void assertStory(JsonNode run) {
        assertThat(run.path("status").asText()).isEqualTo("COMPLETED");
        assertThat(run.path("content")).hasToString("{\"pages\":3}");
        assertThat(run.path("content_type").asText()).isEqualTo("Story");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/agents/writer/runs", "/teams/crew/runs", "/workflows/flow/runs"})
    void theAnswerMatchesTheSchemaOfTheRequest(String path) {
        model.answer("no pages");
        model.answer("{\"pages\": 3}");
        var run = http.post(path, "message", "hi", "stream", "false", "session_id", "s", "output_schema", SCHEMA)
                .json();
        assertStory(run);
        assertThat(model.request(1).outputSchema().name()).isEqualTo("Story");
        var stored = http.get(path + "/" + run.path("run_id").asText() + "?session_id=s")
                .json();
        assertStory(stored);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/agents/writer/runs", "/teams/crew/runs", "/workflows/flow/runs"})
    void theLastEventHasTheValue(String path) {
        model.answer("{\"pages\": 3}");
        try (var events = http.open(path, "message", "hi", "output_schema", SCHEMA)) {
            var last = events.rest().getLast();
            assertThat(last.event()).endsWith("Completed");
            assertThat(last.data().path("content")).hasToString("{\"pages\":3}");
            assertThat(last.data().path("content_type").asText()).isEqualTo("Story");
        }
    }

    @Test
    void anAgentThatIsBuiltWithASchemaShowsValuesToo() {
        model.answer("{\"pages\": 3}");
        assertStory(http.post("/agents/typed/runs", "message", "hi", "stream", "false")
                .json());
    }

    @Test
    void aRunWhoseModelNeverMatchesFails() {
        model.answer("no");
        model.answer("no");
        model.answer("no");
        var run = http.post("/agents/writer/runs", "message", "hi", "stream", "false", "output_schema", SCHEMA)
                .json();
        assertThat(run.path("status").asText()).isEqualTo("ERROR");
        assertThat(run.path("content").asText()).contains("JSON of the schema \"Story\"");
        assertThat(run.path("content_type").asText()).isEqualTo("str");
    }

    @Test
    void othersThanAnObjectAreRefused() {
        for (var wrong : List.of("[1]", "{", "\"x\"")) {
            var answer = http.post("/agents/writer/runs", "message", "hi", "output_schema", wrong);
            assertThat(answer.status()).isEqualTo(422);
            assertThat(answer.body()).contains("Invalid output_schema");
        }
        assertThat(model.requests()).isEmpty();
    }
}
