package dev.rein.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rein.agent.Agent;
import dev.rein.examples.ToolsAgent.WeatherTools;
import dev.rein.model.Role;
import dev.rein.openai.OpenAIChat;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.LeakCheck;
import dev.rein.testkit.MessageRules;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tool.ToolSpec;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** The tests that the guide on testing shows. A leak check sees all of a process, so no other class's tests run beside these. */
@Isolated
class TestYourAgentTest {
    @Test
    void asksTheWeatherToolAndAnswersFromIt() {
        var model = ScriptedModel.of(Script.toolCall("weather", "{\"city\":\"Oslo\"}"))
                .answer("It is sunny.");
        var agent = Agent.builder().model(model).tools(new WeatherTools()).build();

        var output = agent.run("How is the weather in Oslo?");

        assertThat(output.text()).isEqualTo("It is sunny.");
        assertThat(output.tools().getFirst().error()).isFalse();
        assertThat(model.request(2).messages().getLast().role()).isEqualTo(Role.TOOL);
    }

    @Test
    void aStopReleasesARunThatWaitsForItsModel() throws Exception {
        var model = ScriptedModel.create().waitsForever();
        var run = Agent.of(model, "Tell stories.").start("Tell me a story.");
        model.awaitWaiting(1);

        run.cancel();

        assertThat(run.await().isCancelled()).isTrue();
        assertThat(model.callsOpen()).isZero();
    }

    @Test
    void aStopClosesTheConnectionToTheProvider() throws Exception {
        try (var provider = FakeProvider.start()) {
            provider.enqueue(Script.text("Once upon a time there was a dragon").hangAfter(3));
            var model =
                    OpenAIChat.builder().id("any").baseUrl(provider.baseUrl()).build();
            var run = Agent.of(model, "").start("Tell me a story.");
            var exchange = provider.awaitRequest(1).awaitHanging();

            run.cancel();

            exchange.awaitClosed(Duration.ofSeconds(5));
            assertThat("Once upon a").startsWith(run.await().text());
        }
    }

    @Test
    void anErrorInTheStreamOfAGatewayFailsTheRun() {
        try (var provider = FakeProvider.start()) {
            provider.byDefault(Script.events("{\"choices\":[{\"delta\":{\"content\":\"Once upon\"}}]}")
                    .thenEvent("error", "{\"message\":\"slow down\",\"code\":429}")
                    .thenEvent("[DONE]"));
            var model =
                    OpenAIChat.builder().id("any").baseUrl(provider.baseUrl()).build();

            var output = Agent.of(model, "").run("Tell me a story.");

            assertThat(output.isError()).isTrue();
            assertThat(output.failure().message()).contains("slow down");
        }
    }

    @Test
    void theHistoryOfAStoppedRunIsValid() throws Exception {
        var model = ScriptedModel.of(Script.toolCall("wait", "{}"));
        var schema = new ObjectMapper().readTree("{\"type\": \"object\", \"properties\": {}}");
        var started = new CountDownLatch(1);
        var waits = ToolSpec.of("wait", "Waits", schema, (arguments, context) -> {
            started.countDown();
            context.cancellation().sleep(Duration.ofHours(1));
            return "done";
        });
        var run = Agent.builder().model(model).tools(waits).build().start("Wait.");
        assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();

        run.cancel();

        MessageRules.checkAll(run.await().messages());
    }

    @Test
    void nothingIsLeftAfterAStop() throws Exception {
        var agent = Agent.of(ScriptedModel.create().waitsForever().repeating(), "");
        agent.start("Once, so that pools exist.").cancel();
        try (var leaks = LeakCheck.begin()) {
            var run = agent.start("Tell me a story.");
            run.cancel();
            run.await();
        } // waits up to 5 s, then reports what is left
    }
}
