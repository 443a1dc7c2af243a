package dev.rein.openai;

import static dev.rein.openai.SampleRequests.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.InputFile;
import dev.rein.model.Message;
import dev.rein.model.ModelRequest;
import dev.rein.model.OutputSchema;
import dev.rein.testkit.FakeProvider;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests to the responses API. */
class ResponsesRequestTest {

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
    void aPlainRequestAsksForAStreamAndNoStorage() {
        assertThat(sent(SampleRequests.HELLO)).isEqualTo(json("""
            {"input": [{"type": "message", "role": "user", "content": "Hello"}], "model": "test-model", "store": false,
             "stream": true}\
            """));
    }

    @Test
    void filesAreSentByModelsThatTakeThem() {
        var model = OpenAIResponses.builder()
                .id("test-model")
                .baseUrl(provider.baseUrl())
                .server(Servers.OPENAI)
                .build();

        model.respond(
                ModelRequest.of(Message.user(
                        "", List.of(), List.of(InputFile.of("a.pdf", "application/pdf", new byte[] {1, 2, 3})))),
                new RecordingModelCall());

        assertThat(provider.requests().getFirst().body().at("/input/0/content")).isEqualTo(json("""
                    [{"type": "input_file", "filename": "a.pdf", "file_data": "data:application/pdf;base64,AQID"}]\
                    """));
    }

    @Test
    void everyKindOfMessageIsSent() {
        assertThat(sent(new ModelRequest(SampleRequests.conversation(), List.of(), null))
                        .get("input"))
                .isEqualTo(json("""
                    [{"type": "message", "role": "system", "content": "Be brief"},
                     {"type": "message", "role": "user", "content": [
                       {"type": "input_text", "text": "What is this?"},
                       {"type": "input_image", "detail": "auto", "image_url": "https://example.org/cat.png"},
                       {"type": "input_image", "detail": "auto", "image_url": "data:image/png;base64,cG5n"}]},
                     {"type": "message", "role": "assistant", "content": "A cat"},
                     {"type": "message", "role": "user", "content": "And the weather?"},
                     {"type": "function_call", "call_id": "call_1", "name": "weather",
                      "arguments": "{\\"city\\":\\"Rome\\"}"},
                     {"type": "function_call", "call_id": "call_2", "name": "weather", "arguments": "{}"},
                     {"type": "function_call_output", "call_id": "call_1", "output": "sunny"},
                     {"type": "function_call_output", "call_id": "call_2", "output": "no city was given"},
                     {"type": "message", "role": "assistant", "content": "Sunny in "},
                     {"type": "message", "role": "user", "content": "Go on"}]\
                    """));
    }

    @Test
    void toolsAndOutputSchemaAreSent() {
        var closed = json("""
            {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"],
             "additionalProperties": false}\
            """);
        var body = sent(new ModelRequest(
                SampleRequests.HELLO.messages(), List.of(SampleRequests.WEATHER), new OutputSchema("place", closed)));

        assertThat(body.get("tools")).isEqualTo(json("""
            [{"type": "function", "name": "weather", "description": "Tells the weather", "strict": false,
              "parameters": {"type": "object",
               "properties": {"city": {"type": "string"}, "days": {"type": "integer"}}, "required": ["city"]}}]\
            """));
        assertThat(body.get("text")).isEqualTo(json("""
            {"format": {"type": "json_schema", "name": "place", "strict": true, "schema":
              {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"],
               "additionalProperties": false}}}\
            """));
    }

    @Test
    void settingsAreSent() {
        OpenAIResponses.builder()
                .id("test-model")
                .baseUrl(provider.baseUrl())
                .apiKey(Api.KEY)
                .temperature(1)
                .maxOutputTokens(99)
                .reasoningEffort("high")
                .reasoningSummary("auto")
                .build()
                .respond(SampleRequests.HELLO, new RecordingModelCall());

        var request = provider.requests().getFirst();
        assertThat(request.path()).isEqualTo("/v1/responses");
        assertThat(request.header("authorization")).isEqualTo("Bearer " + Api.KEY);
        var body = request.body();
        assertThat(body.get("temperature").asDouble()).isEqualTo(1);
        assertThat(body.get("max_output_tokens").asInt()).isEqualTo(99);
        assertThat(body.get("reasoning")).isEqualTo(json("{\"effort\": \"high\", \"summary\": \"auto\"}"));
    }

    private JsonNode sent(ModelRequest request) {
        provider.reset();
        Api.RESPONSES.at(provider).respond(request, new RecordingModelCall());
        return provider.requests().getFirst().body();
    }
}
