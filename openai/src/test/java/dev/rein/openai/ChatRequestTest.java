package dev.rein.openai;

import static dev.rein.openai.SampleRequests.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.InputFile;
import dev.rein.model.Message;
import dev.rein.model.ModelException;
import dev.rein.model.ModelRequest;
import dev.rein.model.OutputSchema;
import dev.rein.model.ToolCall;
import dev.rein.testkit.FakeProvider;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests to the chat completions API. */
class ChatRequestTest {

    private FakeProvider provider;

    @BeforeEach
    void start() {
        provider = FakeProvider.start();
    }

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void aPlainRequestAsksForAStreamWithUsageAndNothingElse() {
        assertThat(sent(SampleRequests.HELLO)).isEqualTo(json("""
            {"messages": [{"role": "user", "content": "Hello"}], "model": "test-model",
             "stream_options": {"include_usage": true}, "stream": true}\
            """));
    }

    @Test
    void filesAndAudioAreSentByModelsThatTakeThem() {
        var request = ModelRequest.of(Message.user(
                "What is this?",
                List.of(),
                List.of(
                        InputFile.of("report.pdf", "application/pdf", new byte[] {1, 2, 3}),
                        InputFile.of("talk", "audio/wav", new byte[] {4, 5, 6}),
                        InputFile.of("song", "audio/mp3", new byte[] {7, 8, 9}))));
        var model = OpenAIChat.builder()
                .id("test-model")
                .baseUrl(provider.baseUrl())
                .server(Servers.OPENAI)
                .build();

        model.respond(request, new RecordingModelCall());

        assertThat(provider.requests().getFirst().body().at("/messages/0/content"))
                .isEqualTo(json("""
                    [{"type": "text", "text": "What is this?"},
                     {"type": "file",
                      "file": {"filename": "report.pdf", "file_data": "data:application/pdf;base64,AQID"}},
                     {"type": "input_audio", "input_audio": {"data": "BAUG", "format": "wav"}},
                     {"type": "input_audio", "input_audio": {"data": "BwgJ", "format": "mp3"}}]\
                    """));
    }

    @Test
    void compatibleServersGetFilesByChoiceOnly() {
        var request = ModelRequest.of(
                Message.user("", List.of(), List.of(InputFile.of("a.pdf", "application/pdf", new byte[] {1}))));

        assertThatThrownBy(() -> Api.CHAT.at(provider).respond(request, new RecordingModelCall()))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("a.pdf")
                .hasMessageContaining("it takes no files")
                .hasMessageContaining("files(\"application/pdf\")");
        assertThat(provider.requestCount()).isZero();

        Api.CHAT
                .model(builder -> builder.id("m").baseUrl(provider.baseUrl()).files("application/pdf"))
                .respond(request, new RecordingModelCall());
        assertThat(provider.requests().getFirst().bodyText()).contains("file_data");
    }

    @Test
    void everyKindOfMessageIsSent() {
        assertThat(sent(new ModelRequest(SampleRequests.conversation(), List.of(), null))
                        .get("messages"))
                .isEqualTo(json("""
                    [{"role": "system", "content": "Be brief"},
                     {"role": "user", "content": [
                       {"type": "text", "text": "What is this?"},
                       {"type": "image_url", "image_url": {"url": "https://example.org/cat.png"}},
                       {"type": "image_url", "image_url": {"url": "data:image/png;base64,cG5n"}}]},
                     {"role": "assistant", "content": "A cat"},
                     {"role": "user", "content": "And the weather?"},
                     {"role": "assistant", "tool_calls": [
                       {"id": "call_1", "type": "function",
                        "function": {"name": "weather", "arguments": "{\\"city\\":\\"Rome\\"}"}},
                       {"id": "call_2", "type": "function", "function": {"name": "weather", "arguments": "{}"}}]},
                     {"role": "tool", "content": "sunny", "tool_call_id": "call_1"},
                     {"role": "tool", "content": "no city was given", "tool_call_id": "call_2"},
                     {"role": "assistant", "content": "Sunny in "},
                     {"role": "user", "content": "Go on"}]\
                    """));
    }

    @Test
    void argumentsThatAreNotAJsonObjectAreWrappedInOne() {
        var call = new ToolCall("call_1", "weather", "{\"city\": Rome");
        var body = sent(ModelRequest.of(
                Message.user("Weather?"), Message.assistant("", null, List.of(call)), Message.tool(call, "bad", true)));

        assertThat(json(body.at("/messages/1/tool_calls/0/function/arguments").asText()))
                .isEqualTo(json("{\"invalid_arguments\": \"{\\\"city\\\": Rome\"}"));
    }

    @Test
    void toolsAreSentWithTheirSchema() {
        assertThat(sent(new ModelRequest(SampleRequests.HELLO.messages(), List.of(SampleRequests.WEATHER), null))
                        .get("tools"))
                .isEqualTo(json("""
                    [{"type": "function", "function": {"name": "weather", "description": "Tells the weather", "parameters":
                       {"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
                        "required": ["city"]}}}]\
                    """));
    }

    @Test
    void anOutputSchemaIsSentAsStrictOnlyIfStrictModeSupportsIt() {
        var closed = json("""
            {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"],
             "additionalProperties": false}\
            """);

        assertThat(sent(new ModelRequest(SampleRequests.HELLO.messages(), List.of(), new OutputSchema("place", closed)))
                        .get("response_format"))
                .isEqualTo(json("""
                    {"type": "json_schema", "json_schema": {"name": "place", "strict": true, "schema":
                      {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"],
                       "additionalProperties": false}}}\
                    """));
        assertThat(sent(new ModelRequest(
                                SampleRequests.HELLO.messages(),
                                List.of(),
                                new OutputSchema("place", SampleRequests.WEATHER_SCHEMA)))
                        .at("/response_format/json_schema/strict")
                        .booleanValue())
                .isFalse();
    }

    @Test
    void settingsAndHeadersAreSent() {
        var model = OpenAIChat.builder()
                .id("test-model")
                .baseUrl(provider.baseUrl() + "/")
                .apiKey(Api.KEY)
                .organization("org-1")
                .project("proj-1")
                .temperature(0.5)
                .maxOutputTokens(99)
                .reasoningEffort("low")
                .header("X-Gateway", "north")
                .build();

        model.respond(SampleRequests.HELLO, new RecordingModelCall());

        var request = provider.requests().getFirst();
        assertThat(request.path()).isEqualTo("/v1/chat/completions");
        assertThat(request.header("authorization")).isEqualTo("Bearer " + Api.KEY);
        assertThat(request.header("openai-organization")).isEqualTo("org-1");
        assertThat(request.header("openai-project")).isEqualTo("proj-1");
        assertThat(request.header("x-gateway")).isEqualTo("north");
        assertThat(request.header("content-type")).isEqualTo("application/json");
        assertThat(request.header("accept")).isEqualTo("text/event-stream");
        assertThat(request.header("content-length")).isNotNull();
        assertThat(request.header("upgrade")).as("no h2c").isNull();
        var body = request.body();
        assertThat(body.get("temperature").asDouble()).isEqualTo(0.5);
        // The name that all compatible servers know.
        assertThat(body.get("max_tokens").asInt()).isEqualTo(99);
        assertThat(body.get("reasoning_effort").asText()).isEqualTo("low");
    }

    private JsonNode sent(ModelRequest request) {
        provider.reset();
        Api.CHAT.at(provider).respond(request, new RecordingModelCall());
        return provider.requests().getFirst().body();
    }
}
