package dev.rein.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.model.ModelSettings;
import dev.rein.run.TypeRef;
import dev.rein.runtime.Limits;
import dev.rein.runtime.RunOptions;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.Script;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a run asks for reaches the server. */
class SettingsOfARunTest {
    sealed interface Shape {}

    record Circle(double radius) implements Shape {}

    record Box(double width, double height) implements Shape {}

    private final FakeProvider provider = FakeProvider.start();

    @AfterEach
    void close() {
        provider.close();
    }

    private OpenAIChat model(String id) {
        return OpenAIChat.builder()
                .id(id)
                .apiKey("key")
                .baseUrl(provider.baseUrl())
                .build();
    }

    @Test
    void aListOfASealedTypeIsAskedForInStrictMode() {
        provider.enqueue(Script.text(
                "{\"value\":[{\"type\":\"Circle\",\"radius\":2},{\"type\":\"Box\",\"width\":1,\"height\":2}]}"));
        var shapes = Agent.of(model("gpt-4o-mini"), "").run("Two shapes", new TypeRef<List<Shape>>() {});

        assertThat(shapes.value()).containsExactly(new Circle(2), new Box(1, 2));
        var format = provider.awaitRequest(1)
                .request()
                .body()
                .path("response_format")
                .path("json_schema");
        assertThat(format.path("strict").booleanValue()).isTrue();
        assertThat(format.path("name").textValue()).isEqualTo("List_Shape_");
        assertThat(format.at("/schema/type").textValue()).isEqualTo("object");
        assertThat(format.at("/schema/properties/value/items/anyOf")).hasSize(2);
    }

    @Test
    void settingsAndInstructionsOfARunAreSent() {
        provider.enqueue(Script.text("Salut"));
        var agent = Agent.builder()
                .model(model("gpt-4o-mini"))
                .instructions("Be kind.")
                .settings(ModelSettings.builder()
                        .temperature(0.2)
                        .maxOutputTokens(50)
                        .build())
                .build();
        agent.run(
                "Hi",
                RunOptions.defaults()
                        .instructions("Answer in French.")
                        .model(model("gpt-4o"))
                        .settings(ModelSettings.builder().temperature(0.9).build()));

        var body = provider.awaitRequest(1).request().body();
        assertThat(body.path("model").textValue()).isEqualTo("gpt-4o");
        assertThat(body.path("temperature").doubleValue()).isEqualTo(0.9);
        assertThat(body.path("max_tokens").asInt(0)
                        + body.path("max_completion_tokens").asInt(0))
                .isEqualTo(50);
        assertThat(body.at("/messages/0/content").textValue()).isEqualTo("Be kind.\n\nAnswer in French.");
    }

    @Test
    void aCostLimitWorksOutOfTheBox() {
        provider.enqueue(Script.text("Hello"));
        var output = Agent.builder()
                .model(model("gpt-4o-mini-2024-07-18"))
                .limits(Limits.none().cost(1))
                .build()
                .run("Hi");

        assertThat(output.orThrow().metrics().cost()).isPositive();
    }
}
