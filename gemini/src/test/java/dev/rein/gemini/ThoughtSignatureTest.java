package dev.rein.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rein.agent.Agent;
import dev.rein.model.Message;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.model.ToolCall;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.ProviderFormat;
import dev.rein.testkit.RecordingModelCall;
import dev.rein.testkit.Script;
import dev.rein.tool.ToolSpec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The signatures of thoughts return in the parts they came with, and calls of other models get a stand-in. */
class ThoughtSignatureTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Message HELLO = Message.user("Hello");

    private final FakeProvider provider = FakeProvider.start();

    @AfterEach
    void close() {
        for (var request : provider.requests()) {
            assertThat(ProviderFormat.gemini().violations(request))
                    .as(request.bodyText())
                    .isEmpty();
        }
        provider.close();
    }

    @Test
    void signedPartsReturnAsTheyCame() throws Exception {
        var parts = """
                [{"text": "Let", "thought": true}, {"text": "Look"}, {"text": "ing"}, {"text": "!", "thoughtSignature": "AA=="},
                 {"executableCode": {"language": "PYTHON", "code": "1+1"}, "thoughtSignature": "BB=="}, {"text": "Two"},
                 {"text": "", "thoughtSignature": "CC=="},
                 {"functionCall": {"id": "c1", "name": "weather", "args": {}}, "thoughtSignature": "DD=="},
                 {"functionCall": {"id": "c2", "name": "weather", "args": {}}}]
                """;
        var response = respond("gemini-3-pro-preview", parts);

        assertThat(response.text()).isEqualTo("Looking!Two");
        assertThat(returned("gemini-3-pro-preview", response)).isEqualTo(JSON.readTree("""
                [{"text": "Looking"}, {"text": "!", "thoughtSignature": "AA=="},
                 {"executableCode": {"language": "PYTHON", "code": "1+1"}, "thoughtSignature": "BB=="}, {"text": "Two"},
                 {"text": "", "thoughtSignature": "CC=="},
                 {"functionCall": {"id": "c1", "name": "weather", "args": {}}, "thoughtSignature": "DD=="},
                 {"functionCall": {"id": "c2", "name": "weather", "args": {}}}]
                """));
    }

    @Test
    void aResponseWithoutSignaturesKeepsNothing() {
        var response = respond("gemini-2.5-flash", "[{\"text\": \"Hi\"}]");

        assertThat(response.providerData()).isNull();
    }

    @Test
    void anotherModelGetsTheTextAndAStandInForTheSignatureOfTheCall() throws Exception {
        var response = respond("gemini-3-flash-preview", """
                [{"text": "Looking", "thoughtSignature": "AA=="},
                 {"functionCall": {"id": "c1", "name": "weather", "args": {}}, "thoughtSignature": "DD=="},
                 {"functionCall": {"id": "c2", "name": "weather", "args": {}}}]
                """);

        assertThat(returned("gemini-3-pro-preview", response)).isEqualTo(JSON.readTree("""
                [{"text": "Looking"},
                 {"functionCall": {"id": "c1", "name": "weather", "args": {}},
                  "thoughtSignature": "skip_thought_signature_validator"},
                 {"functionCall": {"id": "c2", "name": "weather", "args": {}}}]
                """));
        assertThat(returned("gemini-2.5-flash", response).findValue("thoughtSignature"))
                .isNull();
    }

    @Test
    void aTextThatWasChangedReturnsWithoutItsSignature() throws Exception {
        var response = respond("gemini-3-pro-preview", "[{\"text\": \"Looking\", \"thoughtSignature\": \"AA==\"}]");
        var changed = Message.assistant("Look").withProviderData(response.providerData());

        var parts = sent("gemini-3-pro-preview", HELLO, changed, HELLO).at("/contents/1/parts");

        assertThat(parts).isEqualTo(JSON.readTree("[{\"text\": \"Look\"}]"));
    }

    @Test
    void anAgentWithToolsReturnsAllSignaturesOfItsTurn() throws Exception {
        var schema = JSON.readTree("{\"type\": \"object\", \"properties\": {}}");
        var weather = ToolSpec.of("weather", "Tells the weather", schema, (arguments, context) -> "sunny");
        provider.enqueue(
                Script.text("Looking").thenOpaque("AA==").thenToolCall("weather", "{}"),
                Script.empty().thenOpaque("BB==").thenToolCall("weather", "{}").thenToolCall("weather", "{}"),
                Script.text("Sunny").thenOpaque("CC=="));
        var agent = Agent.builder()
                .model(model("gemini-3-pro-preview"))
                .tools(weather)
                .build();

        var output = agent.run("Weather?").orThrow();

        assertThat(output.text()).isEqualTo("Sunny");
        assertThat(provider.requestCount()).isEqualTo(3);
        assertThat(provider.requests().getLast().body().findValuesAsText("thoughtSignature"))
                .containsExactly("AA==", "BB==");
    }

    private ModelResponse respond(String id, String parts) {
        var event = "{\"candidates\": [{\"content\": {\"role\": \"model\", \"parts\": " + parts
                + "}, \"finishReason\": \"STOP\"}]}";
        provider.enqueue(Script.empty()
                .thenRaw("data: " + event.replace("\n", "") + "\n\n")
                .thenEndOfBody());
        return model(id).respond(ModelRequest.of(HELLO), new RecordingModelCall());
    }

    /** The parts of the response in the next request. */
    private JsonNode returned(String id, ModelResponse response) {
        var answer = Message.assistant(response.text(), response.reasoning(), response.toolCalls())
                .withProviderData(response.providerData());
        var messages = new ArrayList<>(List.of(HELLO, answer));
        for (ToolCall call : response.toolCalls()) {
            messages.add(Message.tool(call, "sunny", false));
        }
        return sent(id, messages.toArray(Message[]::new)).at("/contents/1/parts");
    }

    private JsonNode sent(String id, Message... messages) {
        model(id).respond(ModelRequest.of(messages), new RecordingModelCall());
        return provider.requests().getLast().body();
    }

    private Gemini model(String id) {
        return Gemini.builder()
                .id(id)
                .apiKey("key-of-mine")
                .baseUrl(provider.url())
                .build();
    }
}
