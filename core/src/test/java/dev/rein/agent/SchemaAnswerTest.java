package dev.rein.agent;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.OutputSchema;
import dev.rein.model.ToolCall;
import dev.rein.run.RunStatus;
import dev.rein.run.StepOutput;
import dev.rein.run.TypeRef;
import dev.rein.team.Team;
import dev.rein.team.TeamMode;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Answers that match a JSON schema of which there is no Java type. */
class SchemaAnswerTest {
    private static final TypeRef<JsonNode> STORY = TypeRef.ofSchema("""
            {"title": "Story of a day", "type": "object", "properties": {
                "title": {"type": "string", "minLength": 2},
                "pages": {"type": "integer", "minimum": 1}},
             "required": ["title"], "additionalProperties": false}""");
    private static final TypeRef<JsonNode> NAMES = TypeRef.ofSchema("""
            {"type": "array", "items": {"$ref": "#/$defs/name"}, "maxItems": 2,
             "$defs": {"name": {"type": "string", "pattern": "^[A-Z]"}}}""");
    private static final String GOOD = "{\"title\": \"Dragons\", \"pages\": 3}";

    private static Agent agent(TestModel model) {
        return Agent.builder().name("Writer").model(model).build();
    }

    private static OutputSchema asked(TestModel model) {
        return Objects.requireNonNull(model.requests().getFirst().outputSchema());
    }

    @Test
    void theModelIsAskedForTheSchemaAndTheValueIsJson() {
        var model = TestModel.of(says(GOOD));
        var output = agent(model).run("Write", STORY);
        assertThat(output.value().path("title").asText()).isEqualTo("Dragons");
        assertThat(output.value().path("pages").intValue()).isEqualTo(3);
        assertThat(asked(model).name()).isEqualTo("Story_of_a_day");
        assertThat(asked(model).schema()).hasToString(STORY.schema());
    }

    @Test
    void anAnswerThatDoesNotMatchIsSentBackWithTheReason() {
        var model = TestModel.of(says("{\"pages\": 0, \"more\": 1}"), says("{\"title\": \"D\"}"), says(GOOD));
        assertThat(agent(model).run("Write", STORY).output().isCompleted()).isTrue();
        assertThat(model.asked(1).getLast().content())
                .contains("\"title\" is missing: give a string of at least 2 characters")
                .contains("\"pages\" is 0: give a whole number from 1")
                .contains("\"more\" is unknown");
        assertThat(model.asked(2).getLast().content()).contains("\"title\" is \"D\"");
    }

    @Test
    void aRunWhoseModelNeverMatchesFails() {
        var output = agent(TestModel.of(says("no"))).run("Write", STORY).output();
        assertThat(output.status()).isEqualTo(RunStatus.ERROR);
        assertThat(Objects.requireNonNull(output.failure()).message())
                .contains("not a valid JSON of the schema \"Story_of_a_day\"");
    }

    @Test
    void aSchemaThatIsNoObjectIsWrapped() {
        var model = TestModel.of(says("{\"value\": [\"Ann\", \"bob\"]}"), says("{\"value\": [\"Ann\", \"Bob\"]}"));
        assertThat(agent(model).run("Names", NAMES).value()).hasToString("[\"Ann\",\"Bob\"]");
        assertThat(asked(model).schema().path("type").asText()).isEqualTo("object");
        assertThat(asked(model).schema().at("/$defs/name/type").asText()).isEqualTo("string");
        assertThat(asked(model).schema().at("/properties/value/items/$ref").asText())
                .isEqualTo("#/$defs/name");
        assertThat(model.asked(1).getLast().content())
                .contains("\"[1]\" is \"bob\": give a string with a match of ^[A-Z]");
    }

    @Test
    void anAgentIsBuiltWithASchema() {
        var model = TestModel.of(says("[]"), says(GOOD));
        var agent = Agent.builder().model(model).answersWith(STORY).build();
        assertThat(agent.run("Write").orThrow().text()).isEqualTo(GOOD);
        assertThat(asked(model).name()).isEqualTo("Story_of_a_day");
    }

    @Test
    void theMemberOfARouteTeamAnswersWithTheSchemaOfTheTeam() {
        var member = TestModel.of(says(GOOD));
        var leader = TestModel.of(calls(new ToolCall("c1", "delegate_task_to_member", "{\"member_id\":\"writer\"}")));
        var team = Team.builder()
                .name("Crew")
                .mode(TeamMode.ROUTE)
                .model(leader)
                .members(agent(member))
                .build();
        assertThat(team.run("Write", STORY).value().path("pages").intValue()).isEqualTo(3);
        assertThat(asked(member).schema()).hasToString(STORY.schema());
        assertThat(leader.requests()).hasSize(1);
    }

    @Test
    void theLastStepOfAWorkflowAnswersWithIt() {
        var model = TestModel.of(says(GOOD));
        var workflow = Workflow.builder()
                .name("Flow")
                .steps(Step.of("look", input -> StepOutput.of("dragons")), Step.of("write", agent(model)))
                .build();
        assertThat(workflow.run("Write", STORY).value().path("title").asText()).isEqualTo("Dragons");
        assertThat(asked(model).schema()).hasToString(STORY.schema());
        var wrong = Workflow.builder()
                .name("Flow")
                .steps(Step.of("look", input -> StepOutput.of("{}")))
                .build()
                .run("Write", STORY)
                .output();
        assertThat(Objects.requireNonNull(wrong.failure()).message()).contains("\"title\" is missing");
    }

    @Test
    void aSchemaIsAnObjectOfABoundedSize() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TypeRef.ofSchema("[1]"))
                .withMessageContaining("the schema is [1]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TypeRef.ofSchema("{nothing"))
                .withMessageContaining("is not JSON: {nothing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TypeRef.ofSchema("{\"title\": \"" + "x".repeat(1 << 18) + "\"}"))
                .withMessageContaining("give at most 262144");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> agent(TestModel.of(says("x")))
                        .run("Write", TypeRef.ofSchema("{\"anyOf\": [{\"type\": \"null\"}, {\"$ref\": \"#\"}]}")))
                .withMessageContaining("refers to itself");
    }

    @Test
    void twoAreEqualIfTheirSchemasAre() {
        assertThat(TypeRef.ofSchema("{ \"type\" : \"object\" }"))
                .isEqualTo(TypeRef.ofSchema("{\"type\":\"object\"}"))
                .hasSameHashCodeAs(TypeRef.ofSchema("{\"type\":\"object\"}"))
                .isNotEqualTo(TypeRef.of(JsonNode.class))
                .isNotEqualTo(STORY);
    }
}
