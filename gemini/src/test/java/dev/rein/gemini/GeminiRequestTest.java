package dev.rein.gemini;

import static org.assertj.core.api.Assertions.assertThat;
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
import dev.rein.testkit.ProviderFormat;
import dev.rein.testkit.RecordingModelCall;
import dev.rein.testkit.Script;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The bodies of requests. */
class GeminiRequestTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<Message> HELLO = List.of(Message.user("Hello"));

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
    void filesAreSentInTheRequest() throws Exception {
        var body = sent(
                model("gemini-2.5-flash"),
                ModelRequest.of(Message.user(
                        "What is this?",
                        List.of(),
                        List.of(
                                InputFile.of("a.pdf", "application/pdf", new byte[] {1, 2, 3}),
                                InputFile.of("talk", "audio/ogg", new byte[] {4, 5, 6}),
                                InputFile.of("film", "video/mp4", new byte[] {7, 8, 9})))));

        assertThat(body.at("/contents/0/parts")).isEqualTo(JSON.readTree("""
                [{"inlineData": {"mimeType": "application/pdf", "data": "AQID"}},
                 {"inlineData": {"mimeType": "audio/ogg", "data": "BAUG"}},
                 {"inlineData": {"mimeType": "video/mp4", "data": "BwgJ"}},
                 {"text": "What is this?"}]
                """));
    }

    @Test
    void aPlainRequestContainsNothingThatWasNotSet() throws Exception {
        assertThat(sent(model("gemini-2.5-flash"), new ModelRequest(HELLO, List.of(), null)))
                .isEqualTo(JSON.readTree("""
                {"contents": [{"role": "user", "parts": [{"text": "Hello"}]}]}
                """));
        var request = provider.requests().getFirst();
        assertThat(request.path()).isEqualTo("/v1beta/models/gemini-2.5-flash:streamGenerateContent");
        assertThat(request.query()).isEqualTo("alt=sse");
        assertThat(request.header("x-goog-api-key")).isEqualTo("key-of-mine");
    }

    @Test
    void theConversationBecomesContentsInTurn() throws Exception {
        var first = new ToolCall("call_1", "weather", "{\"city\":\"Rome\"}");
        var second = new ToolCall("call_2", "weather", "");
        var request = ModelRequest.of(
                Message.system("Be brief"),
                Message.system("Be kind"),
                Message.user("What is this?", List.of(Image.of(new byte[] {1, 2, 3}, "image/png"))),
                Message.user(
                        "And this?",
                        List.of(new Image("https://example.org/cat.JPG?size=1"), new Image("https://example.org/x"))),
                Message.assistant("A cat", "thinking", List.of(first, second)),
                Message.tool(second, "no city", true),
                Message.tool(first, "sunny", false),
                Message.assistant("Sun"),
                Message.assistant("ny"),
                Message.user("Thanks"));

        var body = sent(model("gemini-2.5-flash"), request);

        assertThat(body.path("systemInstruction")).isEqualTo(JSON.readTree("""
                {"parts": [{"text": "Be brief"}, {"text": "Be kind"}]}
                """));
        assertThat(body.path("contents")).isEqualTo(JSON.readTree("""
                [
                  {"role": "user", "parts": [
                    {"inlineData": {"mimeType": "image/png", "data": "AQID"}}, {"text": "What is this?"},
                    {"fileData": {"mimeType": "image/jpeg", "fileUri": "https://example.org/cat.JPG?size=1"}},
                    {"fileData": {"fileUri": "https://example.org/x"}}, {"text": "And this?"}]},
                  {"role": "model", "parts": [{"text": "A cat"},
                    {"functionCall": {"id": "call_1", "name": "weather", "args": {"city": "Rome"}}},
                    {"functionCall": {"id": "call_2", "name": "weather", "args": {}}}]},
                  {"role": "user", "parts": [
                    {"functionResponse": {"id": "call_1", "name": "weather", "response": {"output": "sunny"}}},
                    {"functionResponse": {"id": "call_2", "name": "weather", "response": {"error": "no city"}}}]},
                  {"role": "model", "parts": [{"text": "Sun"}, {"text": "ny"}]},
                  {"role": "user", "parts": [{"text": "Thanks"}]}
                ]
                """));
    }

    @Test
    void aConversationBeginsWithTheUserIfItBeginsWithCallsOrIsEmpty() {
        var call = new ToolCall("call_1", "weather", "{}");

        var calls = sent(
                model("gemini-2.5-flash"),
                ModelRequest.of(Message.assistant("", null, List.of(call)), Message.tool(call, "sunny", false)));
        var nothing = sent(model("gemini-2.5-flash"), ModelRequest.of(Message.system("Be brief")));

        assertThat(calls.at("/contents/0/role").asText()).isEqualTo("user");
        assertThat(nothing.at("/contents/0/parts/0/text").asText()).isEqualTo("(No input.)");
    }

    @Test
    void settingsBecomeTheConfigurationAndThoseOfTheRequestComeFirst() throws Exception {
        var model = model("gemini-2.5-flash")
                .temperature(0.1)
                .topP(0.5)
                .topK(20)
                .seed(7)
                .maxOutputTokens(100)
                .thinkingBudget(512)
                .includeThoughts(true);
        var settings = ModelSettings.builder()
                .temperature(0.9)
                .stop("END")
                .extra("generationConfig", JSON.readTree("{\"topK\": 5, \"thinkingConfig\": {\"thinkingBudget\": 99}}"))
                .extra("cachedContent", JSON.readTree("\"cachedContents/1\""))
                .build();

        var body = sent(model, new ModelRequest(HELLO, List.of(), null, settings));

        assertThat(body.path("generationConfig")).isEqualTo(JSON.readTree("""
                {"temperature": 0.9, "topP": 0.5, "topK": 5, "seed": 7, "maxOutputTokens": 100,
                 "stopSequences": ["END"], "thinkingConfig": {"thinkingBudget": 99, "includeThoughts": true}}
                """));
        assertThat(body.path("cachedContent").asText()).isEqualTo("cachedContents/1");
    }

    @Test
    void extraMembersHaveEitherOfTheApisNames() throws Exception {
        var model = model("gemini-2.5-flash")
                .temperature(0.1)
                .thinkingBudget(512)
                .extra(
                        "generation_config",
                        JSON.readTree("{\"top_k\": 5, \"thinking_config\": {\"include_thoughts\": true}}"))
                .extra("safety_settings", JSON.readTree("[{\"threshold_x\": 1}]"))
                .extra("labels", JSON.readTree("{\"my_label\": \"x\"}"));

        var body = sent(model, new ModelRequest(HELLO, List.of(), null));

        assertThat(body.path("generationConfig"))
                .isEqualTo(
                        JSON.readTree(
                                "{\"temperature\": 0.1, \"topK\": 5, \"thinkingConfig\": {\"thinkingBudget\": 512, \"includeThoughts\": true}}"));
        assertThat(body.has("generation_config")).isFalse();
        assertThat(body.path("safetySettings")).isEqualTo(JSON.readTree("[{\"threshold_x\": 1}]"));
        assertThat(body.path("labels")).isEqualTo(JSON.readTree("{\"my_label\": \"x\"}"));
    }

    @Test
    void theEffortIsALevelForNewModelsAndABudgetForOldOnes() throws Exception {
        var request = new ModelRequest(HELLO, List.of(), null);

        assertThat(thinking(model("gemini-3-pro-preview").reasoningEffort("high"), request))
                .isEqualTo(JSON.readTree("{\"thinkingLevel\": \"high\"}"));
        assertThat(thinking(model("gemini-2.5-pro").thinkingBudget(1).reasoningEffort("medium"), request))
                .isEqualTo(JSON.readTree("{\"thinkingBudget\": 8192}"));
        assertThat(thinking(model("gemini-2.5-flash").reasoningEffort("none"), request))
                .isEqualTo(JSON.readTree("{\"thinkingBudget\": 0}"));
        assertThat(refusal(model("gemini-2.5-pro").reasoningEffort("huge"), request))
                .contains("\"huge\"", "gemini-2.5-pro", "thinkingBudget");
    }

    @Test
    void toolsAreDeclaredWithTheirSchemasAndTheChoice() throws Exception {
        var schema = JSON.readTree("{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}");
        var weather = new ToolDefinition("weather", "Tells the weather", schema);
        var render = new ToolDefinition("3d_render", "Renders", schema);
        var settings =
                ModelSettings.builder().toolChoice(ToolChoice.of("3d_render")).build();
        provider.enqueue(Script.toolCall("_3d_render", "{}"));

        var response = model("gemini-2.5-flash")
                .build()
                .respond(new ModelRequest(HELLO, List.of(weather, render), null, settings), new RecordingModelCall());

        var body = provider.requests().getLast().body();
        assertThat(body.path("tools")).isEqualTo(JSON.readTree("""
                [{"functionDeclarations": [
                  {"name": "weather", "description": "Tells the weather", "parametersJsonSchema":
                    {"type": "object", "properties": {"city": {"type": "string"}}}},
                  {"name": "_3d_render", "description": "Renders", "parametersJsonSchema":
                    {"type": "object", "properties": {"city": {"type": "string"}}}}]}]
                """));
        assertThat(body.path("toolConfig")).isEqualTo(JSON.readTree("""
                {"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["_3d_render"]}}
                """));
        assertThat(response.toolCalls()).extracting(ToolCall::name).containsExactly("3d_render");
    }

    @Test
    void twoToolsNeverGetTheSameName() {
        var schema = JSON.createObjectNode().put("type", "object");
        var tools = List.of(new ToolDefinition("1", "", schema), new ToolDefinition("_1", "", schema));

        var body = sent(model("gemini-2.5-flash"), new ModelRequest(HELLO, tools, null));

        assertThat(body.findValuesAsText("name")).containsExactly("__1", "_1");
    }

    @Test
    void aSchemaIsEnforcedByTheServerAndForOldModelsBesideToolsAskedFor() throws Exception {
        var schema = JSON.readTree("{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}");
        var tools = List.of(new ToolDefinition("weather", "", schema));
        var answer = new OutputSchema("city", schema);

        var alone = sent(model("gemini-2.5-flash"), new ModelRequest(HELLO, List.of(), answer));
        var oldBeside = sent(model("gemini-2.5-flash"), new ModelRequest(HELLO, tools, answer));
        var newBeside = sent(model("gemini-3-pro-preview"), new ModelRequest(HELLO, tools, answer));

        assertThat(alone.path("generationConfig").path("responseMimeType").asText())
                .isEqualTo("application/json");
        assertThat(alone.path("generationConfig").path("responseJsonSchema")).isEqualTo(schema);
        assertThat(oldBeside.has("generationConfig")).isFalse();
        assertThat(oldBeside.at("/systemInstruction/parts/0/text").asText()).contains(schema.toString());
        assertThat(newBeside.path("generationConfig").path("responseJsonSchema"))
                .isEqualTo(schema);
    }

    @Test
    void oneCallAtATimeCannotBeRequired() {
        var settings = ModelSettings.builder().parallelToolCalls(false).build();

        assertThat(refusal(model("gemini-2.5-flash"), new ModelRequest(HELLO, List.of(), null, settings)))
                .contains("gemini-2.5-flash", "leave parallelToolCalls(false) out");
        assertThat(provider.requestCount()).isZero();
    }

    private static String refusal(Gemini.Builder model, ModelRequest request) {
        var refusal = catchThrowableOfType(
                ModelException.class, () -> model.build().respond(request, new RecordingModelCall()));
        assertThat(refusal.kind()).isEqualTo(ModelException.Kind.BAD_REQUEST);
        return refusal.getMessage();
    }

    private Gemini.Builder model(String id) {
        return Gemini.builder().id(id).apiKey("key-of-mine").baseUrl(provider.url());
    }

    private JsonNode thinking(Gemini.Builder model, ModelRequest request) {
        return sent(model, request).at("/generationConfig/thinkingConfig");
    }

    private JsonNode sent(Gemini.Builder model, ModelRequest request) {
        model.build().respond(request, new RecordingModelCall());
        return provider.requests().getLast().body();
    }
}
