package dev.rein.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.internal.JsonSchemaElementUtils;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import dev.rein.model.Image;
import dev.rein.model.Message;
import dev.rein.model.ModelException;
import dev.rein.model.ModelException.Kind;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelSettings;
import dev.rein.model.OutputSchema;
import dev.rein.model.ToolCall;
import dev.rein.model.ToolDefinition;
import dev.rein.model.Usage;
import dev.rein.testkit.RecordingModelCall;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a model of LangChain4j is given, and what becomes of what it returns. */
class MappingTest {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final ModelRequest HELLO = ModelRequest.of(Message.user("Hello"));

    private final List<ChatRequest> requests = new ArrayList<>();
    private final RecordingModelCall call = new RecordingModelCall();

    private LangChain4jModel model(Function<ChatRequest, ChatResponse> answer) {
        return LangChain4jModel.of(new ChatModel() {
            @Override
            public ChatResponse doChat(ChatRequest request) {
                requests.add(request);
                return answer.apply(request);
            }
        });
    }

    private static ChatResponse answer(String text) {
        return ChatResponse.builder().aiMessage(AiMessage.from(text)).build();
    }

    @Test
    void everyKindOfMessageIsPassedOn() {
        var first = new ToolCall("call_1", "look", "");
        model(_ -> answer("ok"))
                .respond(
                        ModelRequest.of(
                                Message.system("Be brief"),
                                Message.user(
                                        "What is this?",
                                        List.of(
                                                Image.of(new byte[] {1, 2, 3}, "image/png"),
                                                new Image("https://example.com/a.png"))),
                                Message.assistant("I look", "a thought", List.of(first)),
                                Message.tool(first, "", true),
                                Message.user("", List.of(Image.of(new byte[] {4}, "image/jpeg")))),
                        call);

        var messages = requests.getFirst().messages();
        assertThat(messages).hasSize(5);
        var user = (UserMessage) messages.get(1);
        assertThat(user.contents()).hasSize(3);
        assertThat(user.contents().toString()).contains("AQID", "image/png", "https://example.com/a.png");
        var assistant = (AiMessage) messages.get(2);
        assertThat(assistant.text()).isEqualTo("I look");
        assertThat(assistant.thinking()).isEqualTo("a thought");
        assertThat(assistant.toolExecutionRequests())
                .containsExactly(ToolExecutionRequest.builder()
                        .id("call_1")
                        .name("look")
                        .arguments("{}")
                        .build());
        var result = (ToolExecutionResultMessage) messages.get(3);
        assertThat(result.isError()).isTrue();
        assertThat(result.id()).isEqualTo("call_1");
        assertThat(((UserMessage) messages.get(4)).contents()).hasSize(1);
    }

    @Test
    void schemasKeepTheirKeywords() throws Exception {
        var schema = MAPPER.readTree("""
                {"type":"object","description":"all","properties":{
                  "name":{"type":"string","description":"a name"},
                  "age":{"type":"integer","minimum":0,"maximum":150},
                  "kind":{"type":"string","enum":["a","b"]},
                  "tags":{"type":"array","items":{"type":"string","pattern":"^x"}},
                  "place":{"type":"object","properties":{"lat":{"type":"number"}},"required":["lat"]},
                  "shape":{"anyOf":[{"type":"string"},{"type":"null"}]},
                  "self":{"$ref":"#/$defs/node"},
                  "on":{"type":"boolean"}},
                 "required":["name"],"additionalProperties":false,
                 "$defs":{"node":{"type":"object","properties":{"next":{"$ref":"#/$defs/node"}}}}}""");
        var tool = new ToolDefinition("t", "A tool", schema);
        model(_ -> answer("ok"))
                .respond(new ModelRequest(HELLO.messages(), List.of(tool), new OutputSchema("answer", schema)), call);

        var sent = requests.getFirst();
        var parameters = MAPPER.valueToTree(JsonSchemaElementUtils.toMap(
                sent.toolSpecifications().getFirst().parameters()));
        assertThat(parameters.get("properties")).isEqualTo(schema.get("properties"));
        assertThat(parameters.get("required")).isEqualTo(schema.get("required"));
        assertThat(parameters.at("/$defs/node/properties/next/$ref").asText()).isEqualTo("#/$defs/node");
        assertThat(sent.responseFormat().jsonSchema().name()).isEqualTo("answer");
    }

    @Test
    void settingsArePassedOnAndThoseWithoutAParameterAreRefused() {
        var model = model(_ -> answer("ok"));
        var tools = List.of(
                new ToolDefinition("a", "A", MAPPER.createObjectNode().put("type", "object")),
                new ToolDefinition("b", "B", MAPPER.createObjectNode().put("type", "object")));
        var settings = ModelSettings.builder()
                .temperature(0.5)
                .topP(0.25)
                .maxOutputTokens(9)
                .stop("END")
                .toolChoice(dev.rein.model.ToolChoice.of("b"))
                .build();

        model.respond(new ModelRequest(HELLO.messages(), tools, null, settings), call);

        var sent = requests.getFirst();
        assertThat(sent.temperature()).isEqualTo(0.5);
        assertThat(sent.topP()).isEqualTo(0.25);
        assertThat(sent.maxOutputTokens()).isEqualTo(9);
        assertThat(sent.stopSequences()).containsExactly("END");
        assertThat(sent.toolChoice()).isEqualTo(ToolChoice.REQUIRED);
        assertThat(sent.toolSpecifications())
                .singleElement()
                .satisfies(tool -> assertThat(tool.name()).isEqualTo("b"));
        for (var refused : List.of(
                ModelSettings.builder().seed(1).build(),
                ModelSettings.builder().reasoningEffort("low").build(),
                ModelSettings.builder().parallelToolCalls(false).build(),
                ModelSettings.builder()
                        .extra("top_k", MAPPER.getNodeFactory().numberNode(1))
                        .build())) {
            assertThatThrownBy(() -> model.respond(new ModelRequest(HELLO.messages(), List.of(), null, refused), call))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("parameters(..)");
        }
        assertThat(requests).hasSize(1);
    }

    @Test
    void whatAProviderWantsBackReturnsWithItsMessage() {
        var model = model(_ -> ChatResponse.builder()
                .aiMessage(AiMessage.builder()
                        .text("hi")
                        .thinking("hm")
                        .attributes(Map.of("signature", "s1", "object", new Object()))
                        .build())
                .tokenUsage(new TokenUsage(3, null))
                .finishReason(FinishReason.LENGTH)
                .build());

        var response = model.respond(HELLO, call);
        model.respond(
                ModelRequest.of(
                        Message.user("Hello"),
                        Message.assistant("hi").withProviderData(response.providerData()),
                        Message.user("more")),
                call);

        assertThat(response.reasoning()).isEqualTo("hm");
        assertThat(call.thoughts()).containsExactly("hm", "hm");
        assertThat(response.usage()).isEqualTo(Usage.of(3, 0));
        assertThat(response.finishReason()).isEqualTo(dev.rein.model.FinishReason.LENGTH);
        var sent = (AiMessage) requests.get(1).messages().get(1);
        assertThat(sent.attributes()).isEqualTo(Map.of("signature", "s1"));
    }

    @Test
    void callsWithoutIdsGetOnes() {
        var request =
                ToolExecutionRequest.builder().name("look").arguments(null).build();
        var response = model(_ -> ChatResponse.builder()
                        .aiMessage(AiMessage.from(request, request))
                        .finishReason(FinishReason.TOOL_EXECUTION)
                        .build())
                .respond(HELLO, call);

        assertThat(response.toolCalls()).hasSize(2);
        assertThat(response.toolCalls().get(0).id())
                .hasSizeBetween(1, 40)
                .isNotEqualTo(response.toolCalls().get(1).id());
        assertThat(response.toolCalls().getFirst().arguments()).isEqualTo("{}");
        assertThat(response.text()).isEmpty();
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new AuthenticationException("no key"), Kind.AUTHENTICATION),
                Arguments.of(new AuthenticationException(new HttpException(403, "not yours")), Kind.PERMISSION),
                Arguments.of(new RateLimitException(new HttpException(429, "slow down")), Kind.RATE_LIMIT),
                Arguments.of(new ModelNotFoundException("no model"), Kind.NOT_FOUND),
                Arguments.of(new InternalServerException("broken"), Kind.SERVER),
                Arguments.of(new TimeoutException("late"), Kind.CONNECTION),
                Arguments.of(new InvalidRequestException("bad"), Kind.BAD_REQUEST),
                Arguments.of(new ContentFilteredException("refused"), Kind.BAD_REQUEST),
                Arguments.of(new UnsupportedFeatureException("no images"), Kind.BAD_REQUEST),
                Arguments.of(new RuntimeException(new IOException("connection reset")), Kind.CONNECTION),
                Arguments.of(new RuntimeException("{\"error\":\"crashed\"}"), Kind.SERVER),
                Arguments.of(new HttpException(500, "crashed"), Kind.SERVER));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void exceptionsBecomeFailuresOfTheirKind(RuntimeException exception, Kind kind) {
        var failure = catchThrowableOfType(
                ModelException.class,
                () -> model(_ -> {
                            throw exception;
                        })
                        .respond(HELLO, call));

        assertThat(failure.kind()).isEqualTo(kind);
        var words = exception.getCause() == null
                ? exception.getMessage()
                : exception.getCause().getMessage();
        assertThat(failure).hasMessageContaining(words);
    }

    @Test
    void defectsAndMissingResponsesAreNotHidden() {
        assertThatThrownBy(() -> model(_ -> {
                            throw new NullPointerException("a defect");
                        })
                        .respond(HELLO, call))
                .isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> model(_ -> null).respond(HELLO, call))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("null");
    }
}
