package dev.rein.openai;

import static dev.rein.openai.SampleRequests.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.Message;
import dev.rein.model.ModelException;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelSettings;
import dev.rein.model.OutputSchema;
import dev.rein.model.ProviderData;
import dev.rein.model.ToolCall;
import dev.rein.model.ToolChoice;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.RawServer;
import dev.rein.testkit.Script;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests follow the settings of the server, of the builder and of the request. */
class ServerRequestTest {

    private static final OutputSchema PLACE = new OutputSchema(
            "place",
            json("{\"type\": \"object\", \"properties\": {\"city\": {\"type\": \"string\"}}, \"required\": [\"city\"],"
                    + " \"additionalProperties\": false}"));
    private static final ModelRequest PLACE_WITH_TOOLS =
            new ModelRequest(SampleRequests.HELLO.messages(), List.of(SampleRequests.WEATHER), PLACE);

    private final RecordingModelCall call = new RecordingModelCall();
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
    void theServerNamesTheFieldsAndRefusesStreamOptions() {
        var openai = sent(
                builder -> builder.server(Servers.OPENAI).maxOutputTokens(9).seed(3));
        var mistral = sent(
                builder -> builder.server(Servers.MISTRAL).maxOutputTokens(9).seed(3));

        assertThat(openai.path("max_completion_tokens").asInt()).isEqualTo(9);
        assertThat(openai.has("max_tokens")).isFalse();
        assertThat(openai.path("seed").asInt()).isEqualTo(3);
        assertThat(openai.has("stream_options")).isTrue();
        assertThat(mistral.path("max_tokens").asInt()).isEqualTo(9);
        assertThat(mistral.path("random_seed").asInt()).isEqualTo(3);
        assertThat(mistral.has("seed")).isFalse();
        assertThat(mistral.has("stream_options")).isFalse();
    }

    @Test
    void idsOfToolCallsHaveTheFormOfTheServer() {
        var call = new ToolCall("chatcmpl-tool-0123456789abcdef0123456789abcdef", "weather", "{}");
        var request = ModelRequest.of(
                Message.user("Weather?"),
                Message.assistant("", null, List.of(call)),
                Message.tool(call, "sunny", false));

        assertThat(sent(builder -> builder.server(Servers.VLLM), request)
                        .at("/messages/1/tool_calls/0/id")
                        .asText())
                .isEqualTo(call.id());
        var mistral = sent(builder -> builder.server(Servers.MISTRAL), request);
        assertThat(mistral.at("/messages/1/tool_calls/0/id").asText())
                .matches("[A-Za-z0-9]{9}")
                .isEqualTo(mistral.at("/messages/2/tool_call_id").asText());
    }

    @Test
    void aServerThatTakesNoFormatWithToolsIsAskedByTheSystemMessage() {
        var body = sent(builder -> builder.server(Servers.GROQ), PLACE_WITH_TOOLS);

        assertThat(body.has("response_format")).isFalse();
        assertThat(body.at("/messages/0/role").asText()).isEqualTo("system");
        assertThat(body.at("/messages/0/content").asText()).contains(PLACE.instruction());
        assertThat(body.path("tools")).hasSize(1);

        var without = sent(
                builder -> builder.server(Servers.GROQ),
                new ModelRequest(SampleRequests.HELLO.messages(), List.of(), PLACE));
        assertThat(without.at("/response_format/type").asText()).isEqualTo("json_schema");
        assertThat(without.path("messages")).hasSize(1);
    }

    @Test
    void aServerThatKnowsOnlyObjectsGetsTheSchemaInTheSystemMessage() {
        var body = sent(
                builder -> builder.server(Servers.DEEPSEEK),
                new ModelRequest(List.of(Message.system("Be brief"), Message.user("Where?")), List.of(), PLACE));

        assertThat(body.path("response_format")).isEqualTo(json("{\"type\": \"json_object\"}"));
        assertThat(body.at("/messages/0/content").asText())
                .startsWith("Be brief\n\n")
                .contains("JSON")
                .contains("\"city\"");
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerByToolIsTheTextOfTheResponse(Api api) {
        provider.enqueue(
                Script.text("I think ").thenToolCall("call_1", "weather", "{\"city\":\"Rome\"}"),
                Script.text("Done: ").thenToolCall("call_2", "final_answer", "{\"city\":\"Rome\"}"));
        var model = model(api, builder -> {
            builder.server(Servers.COMPATIBLE.toBuilder()
                    .structuredOutput(StructuredOutput.TOOL)
                    .build());
        });

        var first = model.respond(PLACE_WITH_TOOLS, call);
        var second = model.respond(PLACE_WITH_TOOLS, call);

        assertThat(first.toolCalls()).extracting(ToolCall::name).containsExactly("weather");
        assertThat(second.toolCalls()).isEmpty();
        assertThat(second.text()).isEqualTo("{\"city\":\"Rome\"}");
        assertThat(second.finishReason()).isEqualTo(dev.rein.model.FinishReason.STOP);
        assertThat(call.text()).isEqualTo(first.text() + second.text());
        var body = provider.requests().getFirst().body();
        assertThat(body.path("tool_choice").asText()).isEqualTo("required");
        assertThat(body.path("tools").findValuesAsText("name")).containsExactly("weather", "final_answer");
        assertThat(body.has("response_format") || body.has("text")).isFalse();
    }

    @Test
    void extraObjectsAreMergedAndMembersRemovedByTheirPath() throws Exception {
        var body = sent(
                builder -> builder.server(Servers.COMPATIBLE)
                        .extra("stream_options", Map.of("include_obfuscation", false))
                        .extra("options", Map.of("a", 1))
                        .extra("options", Map.of("b", 2))
                        .without("stream_options.include_usage"),
                SampleRequests.HELLO);

        assertThat(body.path("stream_options")).isEqualTo(json("{\"include_obfuscation\": false}"));
        assertThat(body.path("options")).isEqualTo(json("{\"a\": 1, \"b\": 2}"));
    }

    @ParameterizedTest
    @EnumSource
    void settingsOfTheRequestComeBeforeThoseOfTheBuilder(Api api) {
        var model = model(api, builder -> {
            builder.temperature(0.5).topP(0.9).toolChoice(ToolChoice.AUTO).parallelToolCalls(false);
            builder.extra("top_k", 5)
                    .extra("list", List.of("a"))
                    .extra("user", "me")
                    .extra("nothing", null);
            builder.without("stream_options", "store", "user");
        });
        var settings = ModelSettings.builder()
                .temperature(0.1)
                .toolChoice(ToolChoice.of("weather"))
                .extra("top_k", json("7"))
                .build();

        model.respond(
                new ModelRequest(SampleRequests.HELLO.messages(), List.of(SampleRequests.WEATHER), null, settings),
                call);

        var body = provider.requests().getFirst().body();
        assertThat(body.path("temperature").asDouble()).isEqualTo(0.1);
        assertThat(body.path("top_p").asDouble()).isEqualTo(0.9);
        assertThat(body.path("tool_choice").findValuesAsText("name")).containsExactly("weather");
        assertThat(body.path("parallel_tool_calls").isBoolean()).isTrue();
        assertThat(body.path("top_k").asInt()).isEqualTo(7);
        assertThat(body.path("list")).isEqualTo(json("[\"a\"]"));
        assertThat(body.path("nothing").isNull()).isTrue();
        assertThat(body.has("stream_options") || body.has("store") || body.has("user"))
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void toolSettingsAreNotSentWithoutTools(Api api) {
        model(api, builder -> builder.toolChoice(ToolChoice.REQUIRED).parallelToolCalls(true))
                .respond(SampleRequests.HELLO, call);

        var body = provider.requests().getFirst().body();
        assertThat(body.has("tool_choice") || body.has("parallel_tool_calls")).isFalse();
    }

    @Test
    void theResponsesApiSaysThatItHasNoStopSequences() {
        var model = model(Api.RESPONSES, builder -> builder.stop("END"));

        var failure = catchThrowableOfType(ModelException.class, () -> model.respond(SampleRequests.HELLO, call));

        assertThat(failure.kind()).isEqualTo(ModelException.Kind.BAD_REQUEST);
        assertThat(failure).hasMessageContaining("END").hasMessageContaining("OpenAIChat");
    }

    @Test
    void queryOfTheUrlAndOfTheBuilderAreSent() {
        try (var server = RawServer.answeringAndClosing("HTTP/1.1 500 No\r\n\r\n")) {
            catchThrowableOfType(
                    ModelException.class,
                    () -> OpenAIChat.builder()
                            .id("m")
                            .baseUrl(server.url("/v1?api-version=2025-01-01"))
                            .query("tenant", "a b")
                            .build()
                            .respond(SampleRequests.HELLO, call));

            assertThat(server.requests().getFirst())
                    .startsWith("POST /v1/chat/completions?api-version=2025-01-01&tenant=a%20b HTTP/1.1\r\n");
        }
    }

    @Test
    void azureGetsItsKeyHeaderItsDeploymentAndItsVersion() {
        assertThat(azure("", builder -> builder))
                .startsWith("POST /openai/deployments/test-model/chat/completions?api-version=2024-10-21 ")
                .containsIgnoringCase("\r\napi-key: " + Api.KEY + "\r\n")
                .doesNotContainIgnoringCase("authorization:");
        assertThat(azure("/?api-version=2025-01-01", builder -> builder))
                .startsWith("POST /openai/deployments/test-model/chat/completions?api-version=2025-01-01 ");
        assertThat(azure("/openai/deployments/own", builder -> builder))
                .startsWith("POST /openai/deployments/own/chat/completions?api-version=2024-10-21 ");
        assertThat(azure("/openai/v1/", builder -> builder)).startsWith("POST /openai/v1/chat/completions HTTP");
        assertThat(azure("", builder -> builder.apiKey("eyJ0b2tlbiI6MX0.e30.c2ln")))
                .containsIgnoringCase("\r\nauthorization: Bearer eyJ0b2tlbiI6MX0.e30.c2ln\r\n")
                .doesNotContainIgnoringCase("api-key:");
    }

    private String azure(String path, UnaryOperator<OpenAIChat.Builder> settings) {
        try (var server = RawServer.answeringAndClosing("HTTP/1.1 500 No\r\n\r\n")) {
            var builder = OpenAIChat.builder().id("test-model").apiKey(Api.KEY).baseUrl(server.url(path));
            var model = settings.apply(builder.server(Servers.AZURE)).build();
            catchThrowableOfType(ModelException.class, () -> model.respond(SampleRequests.HELLO, call));
            return server.requests().getFirst();
        }
    }

    @Test
    void reasoningGoesBackToServersThatWantItWithMessagesThatCallTools() {
        var deepseek =
                sent(builder -> builder.server(Servers.DEEPSEEK), thoughtAbout("{\"reasoning_content\": \"hm\"}"));
        var openai = sent(builder -> builder.server(Servers.OPENAI), thoughtAbout("{\"reasoning_content\": \"hm\"}"));

        assertThat(deepseek.at("/messages/1/reasoning_content").asText()).isEqualTo("hm");
        assertThat(deepseek.at("/messages/3").has("reasoning_content"))
                .as("no calls")
                .isFalse();
        assertThat(openai.at("/messages/1").has("reasoning_content")).isFalse();
    }

    @Test
    void signaturesGoBackWithMessagesAndCalls() {
        var signed = "{\"extra_content\": {\"google\": {\"thought_signature\": \"c2ln\"}}}";
        var body = sent(builder -> builder.server(Servers.GEMINI), thoughtAbout(signed));

        var signature = "/extra_content/google/thought_signature";
        assertThat(body.at("/messages/1/tool_calls/0" + signature).asText()).isEqualTo("c2ln");
        assertThat(body.at("/messages/1" + signature).asText()).isEqualTo("c2ln");
        assertThat(body.at("/messages/3" + signature).asText()).isEqualTo("c2ln");
    }

    @Test
    void reasoningItemsOfTheResponsesApiComeBackBeforeWhatTheyBelongTo() {
        var item = "{\"type\": \"reasoning\", \"id\": \"rs_1\", \"summary\": [], \"encrypted_content\": \"c2ln\"}";
        var request = thoughtAbout("{\"reasoning_items\": [" + item + "]}");

        model(Api.RESPONSES, builder -> builder.reasoningEffort("low")).respond(request, call);

        var body = provider.requests().getFirst().body();
        assertThat(body.path("include")).isEqualTo(json("[\"reasoning.encrypted_content\"]"));
        assertThat(body.path("store").booleanValue()).isFalse();
        assertThat(body.path("input").findValuesAsText("type"))
                .containsExactly(
                        "message",
                        "reasoning",
                        "reasoning",
                        "function_call",
                        "function_call_output",
                        "reasoning",
                        "message",
                        "message");
        assertThat(body.at("/input/1")).isEqualTo(json(item));
    }

    @Test
    void onlyReasoningModelsAreAskedForEncryptedReasoning() {
        for (var id : new String[] {"o3", "o4-mini", "gpt-5.1", "gpt-5-mini", "codex-mini-latest"}) {
            assertThat(include(OpenAIResponses.builder().id(id))).as(id).hasSize(1);
        }
        for (var id : new String[] {"gpt-4o", "gpt-4.1", "gpt-5-chat-latest", "olmo"}) {
            assertThat(include(OpenAIResponses.builder().id(id))).as(id).isEmpty();
        }
        assertThat(include(OpenAIResponses.builder().id("o3").returnReasoning(false)))
                .isEmpty();
        assertThat(include(OpenAIResponses.builder().id("o3").background(true))).isEmpty();
    }

    private JsonNode include(OpenAIResponses.Builder builder) {
        provider.reset();
        builder.baseUrl(provider.baseUrl()).build().respond(SampleRequests.HELLO, call);
        return provider.requests().getFirst().body().path("include");
    }

    /** A conversation whose assistant's messages and call have data of the model. */
    private static ModelRequest thoughtAbout(String data) {
        var members = new ProviderData("OpenAI", "test-model", json(data));
        var calls = List.of(new ToolCall("call_1", "weather", "{}", members));
        return new ModelRequest(
                List.of(
                        Message.user("Weather?"),
                        Message.assistant("", "hm", calls).withProviderData(members),
                        Message.tool(calls.getFirst(), "sunny", false),
                        Message.assistant("Sunny", "hm", List.of()).withProviderData(members),
                        Message.user("Thanks")),
                List.of(SampleRequests.WEATHER),
                null);
    }

    private JsonNode sent(UnaryOperator<OpenAIBuilder<?>> settings) {
        return sent(settings, SampleRequests.HELLO);
    }

    private JsonNode sent(UnaryOperator<OpenAIBuilder<?>> settings, ModelRequest request) {
        provider.reset();
        model(Api.CHAT, settings::apply).respond(request, call);
        return provider.requests().getFirst().body();
    }

    private dev.rein.model.Model model(Api api, java.util.function.Consumer<OpenAIBuilder<?>> settings) {
        return api.model(builder -> {
            builder.id("test-model").baseUrl(provider.baseUrl()).apiKey(Api.KEY);
            settings.accept(builder);
        });
    }
}
