package dev.rein.examples;

import dev.rein.agent.Agent;
import dev.rein.guardrail.CheckPoint;
import dev.rein.guardrail.Guardrail;
import dev.rein.guardrail.ModelJudge;
import dev.rein.guardrail.Verdict;
import dev.rein.run.event.RunContent;

/** A guardrail of one's own checks each sentence of a streamed answer, while a model judges the question. Asks no server. */
public final class OwnGuardrail {
    private OwnGuardrail() {}

    public static void main(String... args) {
        var noPrices = Guardrail.of(
                "no prices",
                (text, context) -> text.text().contains("$")
                        ? Verdict.rewrite("(Ask our sales team for prices.) ")
                        : Verdict.pass(),
                CheckPoint.OUTPUT);
        // Judges beside the first request: nothing is delivered before it has decided.
        var topic = ModelJudge.of(ExampleModel.thatAnswers("{\"allowed\": true}"), "It is about our bicycles.");
        var agent = Agent.builder()
                .name("Bicycles")
                .model(ExampleModel.thatAnswers(
                        "We have three bicycles. The red one costs $ 300. All of them are new."))
                .guardrails(topic, noPrices)
                .build();

        try (var stream = agent.stream("Which bicycles do you have?")) {
            for (var event : stream) {
                if (event instanceof RunContent content) {
                    System.out.println(content.content().strip());
                }
            }
        }
    }
}
