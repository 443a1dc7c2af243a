package dev.rein.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rein.model.Image;
import dev.rein.model.InputFile;
import dev.rein.model.Message;
import dev.rein.model.ModelException;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelSettings;
import dev.rein.model.OutputSchema;
import dev.rein.model.ToolCall;
import dev.rein.model.ToolChoice;
import dev.rein.model.ToolDefinition;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.RecordingModelCall;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The bodies of requests. */
class OllamaRequestTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final FakeProvider provider = FakeProvider.start();

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void aPlainRequestContainsNothingThatWasNotSet() throws Exception {
        assertThat(sent(model(), ModelRequest.of(Message.user("Hello")))).isEqualTo(JSON.readTree("""
                {"model": "qwen3", "stream": true, "messages": [{"role": "user", "content": "Hello"}]}
                """));
    }

    @Test
    void filesAreRefusedBeforeTheRequest() {
        var request = ModelRequest.of(
                Message.user("", List.of(), List.of(InputFile.of("a.pdf", "application/pdf", new byte[] {1}))));

        assertThatThrownBy(() -> model().build().respond(request, new RecordingModelCall()))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("a.pdf (application/pdf, 1 bytes): it takes no files");
        assertThat(provider.requestCount()).isZero();
        assertThatThrownBy(
                        () -> Ollama.builder().id("m").files("application/pdf").build())
                .hasMessageContaining("Ollama takes no files");
    }

    @Test
    void messagesHaveObjectsAsArgumentsThoughtsImagesAndNamesOfTools() throws Exception {
        var call = new ToolCall("call_1", "weather", "{\"city\":\"Rome\"}");
        var request = ModelRequest.of(
                Message.user("What is this?", List.of(Image.of(new byte[] {1, 2, 3}, "image/png"))),
                Message.assistant("", "About Rome", List.of(call)),
                Message.tool(call, "sunny", false));

        assertThat(sent(model(), request).path("messages")).isEqualTo(JSON.readTree("""
                [
                  {"role": "user", "content": "What is this?", "images": ["AQID"]},
                  {"role": "assistant", "content": "", "thinking": "About Rome", "tool_calls":
                    [{"id": "call_1", "function": {"name": "weather", "arguments": {"city": "Rome"}}}]},
                  {"role": "tool", "content": "sunny", "tool_name": "weather", "tool_call_id": "call_1"}
                ]
                """));
    }

    @Test
    void settingsBecomeOptionsAndThoseOfTheRequestComeFirst() throws Exception {
        var model = model().contextLength(8_192)
                .option("top_k", 20)
                .option("repeat_penalty", 1.5)
                .option("temperature", 2)
                .temperature(0.1)
                .topP(0.5)
                .seed(7)
                .maxOutputTokens(100)
                .keepAlive(Duration.ofMinutes(30))
                .think(false);
        var settings = ModelSettings.builder()
                .temperature(0.9)
                .stop("END")
                .extra("logprobs", JSON.readTree("true"))
                .build();

        var body = sent(model, new ModelRequest(List.of(Message.user("Hello")), List.of(), null, settings));

        assertThat(body.path("options")).isEqualTo(JSON.readTree("""
                {"num_ctx": 8192, "top_k": 20, "repeat_penalty": 1.5, "temperature": 0.9, "top_p": 0.5, "seed": 7,
                 "num_predict": 100, "stop": ["END"]}
                """));
        assertThat(body.path("keep_alive").asText()).isEqualTo("1800000ms");
        assertThat(body.path("think").isBoolean()).isTrue();
        assertThat(body.path("think").asBoolean()).isFalse();
        assertThat(body.path("logprobs").asBoolean()).isTrue();
    }

    @Test
    void theEffortComesBeforeThinkAndNoneTurnsItOff() throws Exception {
        var request = ModelRequest.of(Message.user("Hello"));

        assertThat(sent(model().think(true).reasoningEffort("high"), request).path("think"))
                .isEqualTo(JSON.readTree("\"high\""));
        assertThat(sent(model().think(true).reasoningEffort("none"), request).path("think"))
                .isEqualTo(JSON.readTree("false"));
        assertThat(sent(model().keepAlive(Duration.ofSeconds(-1)), request).path("keep_alive"))
                .isEqualTo(JSON.readTree("-1"));
    }

    @Test
    void aSchemaIsEnforcedByTheServerAndBesideToolsAskedFor() throws Exception {
        var schema = JSON.readTree("{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}");
        var tool = new ToolDefinition("weather", "Tells the weather", schema);
        var messages = List.of(Message.system("Be brief"), Message.user("Hello"));

        var alone = sent(model(), new ModelRequest(messages, List.of(), new OutputSchema("city", schema)));
        var beside = sent(model(), new ModelRequest(messages, List.of(tool), new OutputSchema("city", schema)));
        var withoutSystem = sent(
                model(), new ModelRequest(messages.subList(1, 2), List.of(tool), new OutputSchema("city", schema)));

        assertThat(alone.path("format")).isEqualTo(schema);
        assertThat(alone.path("messages").path(0).path("content").asText()).isEqualTo("Be brief");
        assertThat(beside.has("format")).isFalse();
        assertThat(beside.path("tools").path(0)).isEqualTo(JSON.readTree("""
                {"type": "function", "function": {"name": "weather", "description": "Tells the weather", "parameters":
                  {"type": "object", "properties": {"city": {"type": "string"}}}}}
                """));
        assertThat(beside.path("messages")).hasSize(2);
        assertThat(beside.path("messages").path(0).path("content").asText())
                .startsWith("Be brief")
                .contains(schema.toString());
        assertThat(withoutSystem.path("messages").path(0).path("role").asText()).isEqualTo("system");
    }

    @Test
    void aChoiceOfNoToolsSendsNone() throws Exception {
        var tool = new ToolDefinition("weather", "", JSON.createObjectNode());
        var settings = ModelSettings.builder().toolChoice(ToolChoice.NONE).build();

        var body = sent(model(), new ModelRequest(List.of(Message.user("Hello")), List.of(tool), null, settings));

        assertThat(body.has("tools")).isFalse();
    }

    @Test
    void whatTheApiDoesNotHaveIsRefusedWithoutARequest() {
        assertThat(refusal(new ModelRequest(
                        List.of(Message.user("", List.of(new Image("https://example.org/cat.png")))), List.of(), null)))
                .contains("https://example.org/cat.png", "Image.of(bytes, type)");
        assertThat(refusal(
                        ModelSettings.builder().toolChoice(ToolChoice.REQUIRED).build()))
                .contains("qwen3", "leave toolChoice out");
        assertThat(refusal(ModelSettings.builder()
                        .toolChoice(ToolChoice.of("weather"))
                        .build()))
                .contains("call weather");
        assertThat(refusal(ModelSettings.builder().parallelToolCalls(false).build()))
                .contains("leave parallelToolCalls(false) out");
        assertThat(provider.requestCount()).isZero();
    }

    private String refusal(ModelSettings settings) {
        return refusal(new ModelRequest(List.of(Message.user("Hello")), List.of(), null, settings));
    }

    private String refusal(ModelRequest request) {
        var refusal = catchThrowableOfType(
                ModelException.class, () -> model().build().respond(request, new RecordingModelCall()));
        assertThat(refusal.kind()).isEqualTo(ModelException.Kind.BAD_REQUEST);
        return refusal.getMessage();
    }

    private Ollama.Builder model() {
        return Ollama.builder().id("qwen3").baseUrl(provider.url());
    }

    private JsonNode sent(Ollama.Builder model, ModelRequest request) {
        model.build().respond(request, new RecordingModelCall());
        return provider.requests().getLast().body();
    }
}
