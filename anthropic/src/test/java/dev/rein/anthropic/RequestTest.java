package dev.rein.anthropic;

import static dev.rein.anthropic.TestModels.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.Image;
import dev.rein.model.InputFile;
import dev.rein.model.Message;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelSettings;
import dev.rein.model.OutputSchema;
import dev.rein.model.ProviderData;
import dev.rein.model.ToolCall;
import dev.rein.model.ToolChoice;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.ProviderFormat;
import dev.rein.testkit.RecordingModelCall;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bodies of requests. */
class RequestTest {
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

    private JsonNode sent(AnthropicBuilder builder, ModelRequest request) {
        builder.build().respond(request, new RecordingModelCall());
        return provider.requests().getLast().body();
    }

    private JsonNode sent(ModelRequest request) {
        return sent(TestModels.at(provider), request);
    }

    private static ModelRequest withTools(Message... messages) {
        return new ModelRequest(List.of(messages), List.of(TestModels.WEATHER), null);
    }

    @Test
    void aSimpleRequestHasOnlyWhatIsNeeded() {
        assertThat(sent(TestModels.HELLO)).isEqualTo(json("""
                        {'model':'claude-test','max_tokens':16000,'stream':true,
                         'messages':[{'role':'user','content':[{'type':'text','text':'Hello'}]}]}"""));
    }

    @Test
    void documentsAreSent() {
        var body = sent(ModelRequest.of(Message.user(
                "What is this?",
                List.of(),
                List.of(
                        InputFile.of("a.pdf", "application/pdf", new byte[] {1, 2, 3}),
                        InputFile.of("b.csv", "text/csv", "a;b".getBytes(StandardCharsets.UTF_8))))));

        assertThat(body.at("/messages/0/content")).isEqualTo(json("""
                        [{'type':'document','title':'a.pdf',
                          'source':{'type':'base64','media_type':'application/pdf','data':'AQID'}},
                         {'type':'document','title':'b.csv',
                          'source':{'type':'text','media_type':'text/plain','data':'a;b'}},
                         {'type':'text','text':'What is this?'}]"""));
    }

    @Test
    void everyKindOfMessageBecomesItsBlocks() {
        var first = new ToolCall("call_1", "weather", "{\"city\":\"Rome\"}");
        var second = new ToolCall("call_2", "weather", "");

        var body = sent(withTools(
                Message.system("Be brief"),
                Message.user(
                        "What is this?",
                        List.of(new Image("https://example.org/cat.png"), new Image("data:image/svg+xml,%3Csvg/%3E"))),
                Message.assistant("I look", "secret thoughts", List.of(first, second)),
                Message.tool(first, "sunny", false),
                Message.tool(second, "no city", true),
                Message.user("And?")));

        assertThat(body.path("system")).isEqualTo(json("[{'type':'text','text':'Be brief'}]"));
        assertThat(body.path("messages")).isEqualTo(json("""
                        [{'role':'user','content':[
                           {'type':'image','source':{'type':'url','url':'https://example.org/cat.png'}},
                           {'type':'image','source':{'type':'base64','media_type':'image/svg+xml','data':'PHN2Zy8+'}},
                           {'type':'text','text':'What is this?'}]},
                         {'role':'assistant','content':[
                           {'type':'text','text':'I look'},
                           {'type':'tool_use','id':'call_1','name':'weather','input':{'city':'Rome'}},
                           {'type':'tool_use','id':'call_2','name':'weather','input':{}}]},
                         {'role':'user','content':[
                           {'type':'tool_result','tool_use_id':'call_1','content':'sunny'},
                           {'type':'tool_result','tool_use_id':'call_2','content':'no city','is_error':true},
                           {'type':'text','text':'And?'}]}]"""));
    }

    @Test
    void theConversationBeginsAndEndsWithTheUser() {
        var messages = sent(ModelRequest.of(Message.assistant("Hi"), Message.assistant("there ")))
                .path("messages");

        assertThat(messages.findValuesAsText("role")).containsExactly("user", "assistant", "user");
        assertThat(messages.get(1).path("content")).hasSize(2);
    }

    @Test
    void theEndsOfToolsSystemPromptAndConversationAreCachePoints() {
        var body = sent(
                TestModels.at(provider).promptCaching(true),
                withTools(Message.system("A"), Message.system("B"), Message.user("Hello"), Message.user("there")));

        var mark = json("{'type':'ephemeral'}");
        assertThat(body.at("/tools/0/cache_control")).isEqualTo(mark);
        assertThat(body.at("/system/0").has("cache_control")).isFalse();
        assertThat(body.at("/system/1/cache_control")).isEqualTo(mark);
        assertThat(body.at("/messages/0/content/0").has("cache_control")).isFalse();
        assertThat(body.at("/messages/0/content/1/cache_control")).isEqualTo(mark);
        assertThat(TestModels.WEATHER.parameters().has("cache_control")).isFalse();
    }

    @Test
    void withABudgetTheModelThinksAndHasRoomForTheAnswer() {
        var body = sent(TestModels.at(provider).thinking(2048), TestModels.HELLO);

        assertThat(body.path("thinking")).isEqualTo(json("{'type':'enabled','budget_tokens':2048}"));
        assertThat(body.path("max_tokens").asInt()).isEqualTo(18048);
    }

    @Test
    void adaptiveThinkingIsGuidedByTheEffort() {
        var body = sent(TestModels.at(provider).adaptiveThinking().reasoningEffort("medium"), TestModels.HELLO);

        assertThat(body.path("thinking")).isEqualTo(json("{'type':'adaptive'}"));
        assertThat(body.path("output_config")).isEqualTo(json("{'effort':'medium'}"));
        assertThat(body.path("max_tokens").asInt()).isEqualTo(32000);
    }

    @Test
    void callsOfAnotherModelAreContinuedWithoutThinkingBecauseTheirThinkingIsMissing() {
        var call = new ToolCall("call_1", "weather", "{\"city\":\"Rome\"}");
        var signed = new ProviderData(
                "Anthropic",
                TestModels.ID,
                json("[{'type':'thinking','thinking':'Hm','signature':'s'},{'type':'tool_use'}]"));
        var asked = Message.assistant("", null, List.of(call));
        var result = Message.tool(call, "sunny", false);
        var thinking = TestModels.at(provider).thinking(2048);

        assertThat(sent(thinking, withTools(Message.user("?"), asked, result)).has("thinking"))
                .isFalse();
        assertThat(sent(thinking, withTools(Message.user("?"), asked.withProviderData(signed), result))
                        .has("thinking"))
                .isTrue();
        assertThat(sent(
                                thinking,
                                withTools(
                                        Message.user("?"), asked, result, Message.assistant("Fine"), Message.user("?")))
                        .has("thinking"))
                .isTrue();
    }

    @Test
    void theBlocksOfAResponseGoBackInTheirOrder() {
        var call = new ToolCall("call_1", "weather", "{\"city\":\"Rome\"}");
        var order = json("""
                [{'type':'thinking','thinking':'A','signature':'1'},{'type':'text','length':5},
                 {'type':'redacted_thinking','data':'xyz'},{'type':'text','length':6},
                 {'type':'server_tool_use','id':'srv','name':'web_search','input':{'q':1}},{'type':'tool_use'}]""");
        var answer = Message.assistant("First second", "A", List.of(call))
                .withContent("FirstSecond")
                .withProviderData(new ProviderData("Anthropic", TestModels.ID, order));

        var content = sentAnswer(answer, call);

        assertThat(content).isEqualTo(json("""
                [{'type':'thinking','thinking':'A','signature':'1'},{'type':'text','text':'First'},
                 {'type':'redacted_thinking','data':'xyz'},{'type':'text','text':'Second'},
                 {'type':'server_tool_use','id':'srv','name':'web_search','input':{'q':1}},
                 {'type':'tool_use','id':'call_1','name':'weather','input':{'city':'Rome'}}]"""));
    }

    @Test
    void anOrderThatDoesNotFitKeepsTheThinking() {
        var call = new ToolCall("call_1", "weather", "{\"city\":\"Rome\"}");
        var order = json("[{'type':'text','length':100},{'type':'thinking','thinking':'A','signature':'1'},"
                + "{'type':'thinking','thinking':'unsigned'}]");
        var answer = Message.assistant("Hi", "A", List.of(call))
                .withProviderData(new ProviderData("Anthropic", TestModels.ID, order));

        assertThat(sentAnswer(answer, call)).isEqualTo(json("""
                [{'type':'thinking','thinking':'A','signature':'1'},{'type':'text','text':'Hi'},
                 {'type':'tool_use','id':'call_1','name':'weather','input':{'city':'Rome'}}]"""));
    }

    private JsonNode sentAnswer(Message answer, ToolCall call) {
        return sent(withTools(Message.user("?"), answer, Message.tool(call, "sunny", false)))
                .at("/messages/1/content");
    }

    @Test
    void aSchemaIsBroughtIntoTheFormThatTheProviderAccepts() {
        var schema = json("""
                {'$schema':'x','type':'object','required':['age'],'properties':{
                  'age':{'type':'integer','minimum':0,'description':'Years'},
                  'tags':{'type':'array','minItems':2,'items':{'type':'object','properties':{'a':{'type':'string','format':'odd'}}}},
                  'when':{'type':'string','format':'date'},
                  'other':{'oneOf':[{'$ref':'#/$defs/O'},{'type':'null'}]}},
                 '$defs':{'O':{'type':'object','additionalProperties':true}}}""");

        var body = sent(new ModelRequest(TestModels.HELLO.messages(), List.of(), new OutputSchema("person", schema)));

        assertThat(body.path("output_config")).isEqualTo(json("""
                {'format':{'type':'json_schema','schema':
                 {'type':'object','required':['age'],'additionalProperties':false,'properties':{
                  'age':{'type':'integer','description':'Years\\n{minimum: 0}'},
                  'tags':{'type':'array','description':'{minItems: 2}','items':{'type':'object','additionalProperties':false,
                    'properties':{'a':{'type':'string','description':'{format: \\u0022odd\\u0022}'}}}},
                  'when':{'type':'string','format':'date'},
                  'other':{'anyOf':[{'$ref':'#/$defs/O'},{'type':'null'}]}},
                 '$defs':{'O':{'type':'object','additionalProperties':false}}}}}"""));
    }

    @ParameterizedTest
    @CsvSource({
        "claude-3-haiku-20240307, 4096, false",
        "claude-3-5-haiku-latest, 8192, false",
        "claude-3-7-sonnet-latest, 16000, false",
        "claude-sonnet-4-0, 16000, false",
        "claude-opus-4-20250514, 16000, false",
        "claude-opus-4-1, 16000, true",
        "claude-sonnet-4-5, 16000, true"
    })
    void olderModelsGetLowerLimitsAndSchemasAsInstructions(String id, int maxTokens, boolean structured) {
        var body = sent(
                TestModels.at(provider).id(id),
                new ModelRequest(
                        TestModels.HELLO.messages(),
                        List.of(),
                        new OutputSchema("weather", TestModels.WEATHER.parameters())));

        assertThat(body.path("max_tokens").asInt()).isEqualTo(maxTokens);
        assertThat(body.has("output_config")).isEqualTo(structured);
        assertThat(body.at("/system/0/text").asText().contains("JSON schema")).isNotEqualTo(structured);
    }

    @Test
    void settingsOfTheRequestComeBeforeThoseOfTheModel() {
        var builder = TestModels.at(provider)
                .temperature(0.5)
                .maxOutputTokens(100)
                .settings(ModelSettings.builder()
                        .topP(0.9)
                        .extra("metadata", json("{'user_id':'u'}"))
                        .build());
        var settings = ModelSettings.builder()
                .maxOutputTokens(50)
                .toolChoice(ToolChoice.of("weather"))
                .parallelToolCalls(false)
                .extra("temperature", json("0.25"))
                .build();

        var body = sent(
                builder, new ModelRequest(TestModels.HELLO.messages(), List.of(TestModels.WEATHER), null, settings));

        assertThat(body.path("max_tokens").asInt()).isEqualTo(50);
        assertThat(body.path("temperature").asDouble()).isEqualTo(0.25);
        assertThat(body.path("top_p").asDouble()).isEqualTo(0.9);
        assertThat(body.at("/metadata/user_id").asText()).isEqualTo("u");
        assertThat(body.path("tool_choice"))
                .isEqualTo(json("{'type':'tool','name':'weather','disable_parallel_tool_use':true}"));
    }

    @Test
    void aToolChoiceWithoutToolsIsNotSent() {
        var settings = ModelSettings.builder().toolChoice(ToolChoice.REQUIRED).build();

        assertThat(sent(new ModelRequest(TestModels.HELLO.messages(), List.of(), null, settings))
                        .has("tool_choice"))
                .isFalse();
    }
}
