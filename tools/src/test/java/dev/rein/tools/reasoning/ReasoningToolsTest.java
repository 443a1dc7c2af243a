package dev.rein.tools.reasoning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.run.ToolExecution;
import dev.rein.run.event.CustomEvent;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tools.ToolRun;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReasoningToolsTest {
    @Test
    void stepsAreNotedAndEmitted() throws Exception {
        var model = ScriptedModel.create()
                .toolCall(
                        "think",
                        "{\"title\":\"Plan\",\"thought\":\"I need facts\",\"action\":\"search\",\"confidence\":\"0.5\"}")
                .toolCall(
                        "analyze",
                        "{\"title\":\"Facts\",\"result\":\"42\",\"analysis\":\"enough\",\"nextAction\":\"final_answer\"}")
                .answer("42");
        var agent = Agent.builder()
                .model(model)
                .instructions(ReasoningTools.INSTRUCTIONS)
                .tools(new ReasoningTools())
                .build();
        var steps = new ArrayList<CustomEvent>();
        try (var stream = agent.stream("go")) {
            stream.forEach(event -> {
                if (event instanceof CustomEvent custom) {
                    steps.add(custom);
                }
            });
            assertThat(stream.output().tools())
                    .extracting(ToolExecution::result)
                    .containsExactly("Noted: Plan. Go on with search.", "Noted: Facts. Give the answer now.");
        }
        assertThat(steps)
                .hasSize(2)
                .allSatisfy(step -> assertThat(step.toString()).contains("reasoning-step"));
        assertThat(steps.getFirst().toString()).contains("I need facts", "0.5");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'title':'a','thought':''}",
                "{'title':' ','thought':'b'}",
                "{'title':'a','thought':'b','confidence':1.5}",
                "{'title':'a'}"
            })
    void stepsThatSayNothingAreRefused(String arguments) throws Exception {
        assertThat(ToolRun.error(new ReasoningTools(), "think", arguments)).contains("give");
        assertThat(List.of(ReasoningTools.NextAction.values())).hasSize(3);
    }
}
