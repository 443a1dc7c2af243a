package dev.rein.os.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rein.model.ToolCall;
import dev.rein.run.Question;
import dev.rein.run.Requirement;
import dev.rein.run.ToolExecution;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Questions whose values have a schema: clients see the types, and send the values back. */
class QuestionWireTest {
    private static Requirement requirement() throws Exception {
        var schema = new ObjectMapper().readTree("""
                {"type":"object","properties":{"nights":{"type":"integer","description":"How many"},"price":{"type":"number"},
                 "late":{"type":"boolean"},"room":{"type":"string","title":"Room","enum":["red","blue"]}}}""");
        var question = Question.input("Which room?", schema);
        var tool = ToolExecution.of(new ToolCall("c1", "book", "{}")).asking(question);
        return new Requirement(
                "r1",
                question.kind(),
                "run",
                "clerk",
                tool,
                null,
                question.text(),
                question.fields(),
                List.of(),
                Instant.now(),
                question.schema(),
                null);
    }

    @Test
    void theFieldsHaveTypesAndDescriptions() throws Exception {
        var fields = RequirementJson.tools(List.of(requirement())).get(0).get("user_input_schema");
        assertThat(fields)
                .extracting(field -> field.get("name").asText() + " "
                        + field.get("field_type").asText() + " "
                        + field.get("description").asText())
                .containsExactly(
                        "nights int How many",
                        "price float null",
                        "late bool null",
                        "room str Room: one of [\"red\",\"blue\"]");
    }

    @Test
    void theQuestionIsTheContentOfThePausedRun() throws Exception {
        assertThat(RequirementJson.sentence(List.of(requirement()))).isEqualTo("Which room?");
    }

    @Test
    void theValuesComeBackAsADecision() throws Exception {
        var json = """
                [{"tool_call_id":"c1","user_input_schema":[{"name":"nights","value":2},{"name":"room","value":"blue"}]}]""";
        assertThat(DecisionParser.tools(json, List.of(requirement())))
                .singleElement()
                .satisfies(decision -> {
                    assertThat(decision.requirementId()).isEqualTo("r1");
                    assertThat(decision.values()).containsEntry("nights", 2).containsEntry("room", "blue");
                });
    }
}
