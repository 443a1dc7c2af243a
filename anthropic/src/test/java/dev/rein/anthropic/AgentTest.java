package dev.rein.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.run.RunStatus;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.ProviderFormat;
import dev.rein.testkit.Script;
import dev.rein.tool.Tool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Agents that use the model. */
class AgentTest {
    private final FakeProvider provider = FakeProvider.start();

    @AfterEach
    void everyRequestIsAcceptedByTheProvider() {
        try {
            for (var request : provider.requests()) {
                assertThat(ProviderFormat.anthropicMessages().violations(request))
                        .isEmpty();
            }
        } finally {
            provider.close();
        }
    }

    /** A tool. */
    public static final class Weather {
        @Tool("Tells the weather")
        public String weather(String city) {
            return "sunny in " + city;
        }
    }

    private Agent agent() {
        return Agent.builder()
                .name("Forecaster")
                .model(TestModels.at(provider)
                        .thinking(2048)
                        .promptCaching(true)
                        .build())
                .instructions("Be brief")
                .tools(new Weather())
                .build();
    }

    @Test
    void theThinkingBeforeAToolCallGoesBackWithItsSignature() {
        provider.enqueue(
                Script.empty()
                        .thenReasoning("I need the weather")
                        .thenOpaque("signature-1")
                        .thenToolCall("toolu_1", "weather", "{\"city\":\"Rome\"}"),
                Script.text("It is sunny."));

        var output = agent().run("How is the weather in Rome?");

        assertThat(output.text()).isEqualTo("It is sunny.");
        var second = provider.requests().get(1);
        assertThat(second.body().at("/messages/1/content/0/signature").asText()).isEqualTo("signature-1");
        assertThat(second.body().at("/messages/2/content/0/content").asText()).isEqualTo("sunny in Rome");
    }

    @Test
    void aSessionContinuesAfterAStop() throws Exception {
        provider.enqueue(Script.tokens("Once ", "upon ").hangAfter(2), Script.text("The end."));
        var agent = Agent.of(TestModels.at(provider).build(), "Tell stories");
        var run = agent.start("Tell me a story");
        var exchange = provider.awaitRequest(1).awaitHanging();

        run.cancel();

        assertThat(run.await().status()).isEqualTo(RunStatus.CANCELLED);
        exchange.awaitClosed();
        assertThat(agent.run("Go on").text()).isEqualTo("The end.");
    }
}
