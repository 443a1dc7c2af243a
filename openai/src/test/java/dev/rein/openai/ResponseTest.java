package dev.rein.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.model.ModelResponse;
import dev.rein.model.ToolCall;
import dev.rein.model.Usage;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.Script;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses of both APIs. */
class ResponseTest {

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

    @ParameterizedTest
    @EnumSource
    void textIsDeliveredInChunksAndAsAWhole(Api api) {
        provider.enqueue(Script.tokens("Hé", "llo, \n", "\"wörld\" 🐉"));

        var response = api.at(provider).respond(SampleRequests.HELLO, call);

        assertThat(call.texts).containsExactly("Hé", "llo, \n", "\"wörld\" 🐉");
        assertThat(response.text()).isEqualTo("Héllo, \n\"wörld\" 🐉");
        assertThat(response.toolCalls()).isEmpty();
        assertThat(response.reasoning()).isNull();
        assertThat(response.rawFinishReason()).isEqualTo(api == Api.CHAT ? "stop" : "completed");
        assertThat(call.cancellation.registrations()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void usageIsReported(Api api) {
        var counted = new Usage(120, 30, 12, 64);
        provider.enqueue(Script.text("Hello").usage(counted));

        var response = api.at(provider).respond(SampleRequests.HELLO, call);

        assertThat(response.usage()).isEqualTo(counted);
        assertThat(call.usages).containsExactly(counted);
    }

    @ParameterizedTest
    @EnumSource
    void aResponseWithoutUsageReportsNone(Api api) {
        provider.enqueue(Script.text("Hello").withoutUsage());

        assertThat(api.at(provider).respond(SampleRequests.HELLO, call).usage()).isNull();
        assertThat(call.usages).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void reasoningIsSeparateFromTheText(Api api) {
        provider.enqueue(Script.empty().thenReasoning("Let me think").thenText("42"));

        var response = api.at(provider).respond(SampleRequests.HELLO, call);

        assertThat(String.join("", call.thoughts)).isEqualTo("Let me think");
        assertThat(response.reasoning()).isEqualTo("Let me think");
        assertThat(response.text()).isEqualTo("42");
    }

    @ParameterizedTest
    @EnumSource
    void toolCallsAreAssembledFromTheirFragments(Api api) {
        provider.enqueue(Script.text("Looking it up")
                .thenToolCall("call_a", "weather", "{\"city\":\"Rome\",\"days\":3}")
                .thenToolCall("call_b", "clock", "{}"));

        var response = api.at(provider).respond(SampleRequests.HELLO, call);

        assertThat(response.text()).isEqualTo("Looking it up");
        assertThat(response.toolCalls())
                .containsExactly(
                        new ToolCall("call_a", "weather", "{\"city\":\"Rome\",\"days\":3}"),
                        new ToolCall("call_b", "clock", "{}"));
        assertThat(call.progress)
                .hasValue("weather".length() + "{\"city\":\"Rome\",\"days\":3}".length() + "clock".length() + 2);
    }

    @ParameterizedTest
    @EnumSource
    void aResponseTruncatedByTheProviderHasItsReason(Api api) {
        provider.enqueue(Script.text("Once upon").finishReason("length"));

        var response = api.at(provider).respond(SampleRequests.HELLO, call);

        assertThat(response.text()).isEqualTo("Once upon");
        assertThat(response.rawFinishReason()).isEqualTo(api == Api.CHAT ? "length" : "max_output_tokens");
    }

    @ParameterizedTest
    @EnumSource
    void anEventOfOneMegabyteIsRead(Api api) {
        provider.enqueue(Script.empty().thenHugeToken(1 << 20).thenText(" end"));

        assertThat(api.at(provider).respond(SampleRequests.HELLO, call).text()).hasSize((1 << 20) + 4);
    }

    @Test
    void reasoningIsReadFromEitherOfItsTwoFields() throws Exception {
        var response = chat("""
            data: {"choices":[{"index":0,"delta":{"reasoning":"hm"}}]}

            data: {"choices":[{"index":0,"delta":{"reasoning_content":" so","reasoning":" so"}}]}

            data: {"choices":[{"index":0,"delta":{"content":"42"},"finish_reason":"stop"}]}

            data: [DONE]

            """);

        assertThat(response.reasoning()).isEqualTo("hm so");
        assertThat(response.text()).isEqualTo("42");
    }

    @Test
    void toolCallsWithTheSameIndexAreDistinguishedByTheirIds() throws Exception {
        var response = chat("""
            data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}]}}]}

            data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"b","function":{"name":"g","arguments":""}}]}}]}

            data: {"choices":[{"delta":{"tool_calls":[{"function":{"arguments":"{\\"x\\":1}"}}]},"finish_reason":"tool_calls"}]}

            """);

        assertThat(response.toolCalls()).hasSize(2);
        assertThat(response.toolCalls().get(0)).isEqualTo(new ToolCall("a", "f", "{}"));
        assertThat(response.toolCalls().get(1).name()).isEqualTo("g");
    }

    @Test
    void aToolCallWithoutIdGetsOne() throws Exception {
        var response = chat("""
            data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"name":"f"}},{"index":1,"function":{"name":"f"}}]},"finish_reason":"tool_calls"}]}

            data: [DONE]

            """);

        assertThat(response.toolCalls()).extracting(ToolCall::arguments).containsExactly("{}", "{}");
        assertThat(response.toolCalls())
                .extracting(ToolCall::id)
                .doesNotHaveDuplicates()
                .doesNotContain("");
    }

    @Test
    void aRefusalIsDeliveredAsText() throws Exception {
        var response = chat("""
            data: {"choices":[{"index":0,"delta":{"refusal":"I can't help with that"}}]}

            data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

            """);

        assertThat(response.text()).isEqualTo("I can't help with that");
    }

    @Test
    void commentsCarriageReturnsAndUnknownFieldsAreIgnored() throws Exception {
        var response = chat(": keep-alive\r\n\r\n"
                + "event: chunk\r\n"
                + "id: 1\r\n"
                + "retry: 10\r\n"
                + "data:{\"choices\":[{\"delta\":\r\n"
                + "data: {\"content\":\"hi\"},\"finish_reason\":\"stop\"}],\"surprise\":[1]}\r\n\r\n"
                + "data: [DONE]\r\n\r\n");

        assertThat(response.text()).isEqualTo("hi");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "true", "7", "\"x\"", "{}", "[]", "[[1]]", "{\"content\":{\"delta\":\"no\"}}"})
    void mistypedFieldsOfAChatCompletionAreIgnored(String value) throws Exception {
        var events = new StringBuilder();
        for (var event : List.of(
                "%s",
                "{'choices':%s,'usage':%s}",
                "{'choices':[%s]}",
                "{'choices':[{'delta':%s}]}",
                "{'choices':[{'delta':{'tool_calls':%s}}]}",
                "{'logprobs':{'choices':[{'delta':{'content':'no'}}],'error':%s},'choices':[{'delta':{'x':%s,'content':'hi'}}]}",
                "{'usage':{'prompt_tokens':'12','completion_tokens':3.0,'completion_tokens_details':%s}}",
                "{'choices':[{'delta':{},'finish_reason':'stop'}],'error':null}")) {
            events.append("data: ")
                    .append(event.replace('\'', '"').replace("%s", value))
                    .append("\n\n");
        }

        var response = answer(Api.CHAT, events + "data: [DONE]\n\n");

        assertThat(response.text()).isEqualTo("hi");
        assertThat(response.rawFinishReason()).isEqualTo("stop");
        assertThat(response.usage()).isEqualTo(new Usage(12, 3, 0, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "true", "7", "{}", "[]", "[[1]]", "{\"type\":{\"delta\":\"no\"}}"})
    void mistypedFieldsOfAResponseAreIgnored(String value) throws Exception {
        var events = new StringBuilder();
        for (var event : List.of(
                "%s",
                "{'type':%s,'delta':'no'}",
                "{'type':'response.created','response':%s}",
                "{'type':'response.output_text.delta','delta':{'text':{'x':%s}}}",
                "{'type':'response.output_text.delta','part':{'delta':'no','error':%s},'delta':'hi'}",
                "{'type':'response.output_item.added','item':%s}",
                "{'type':'response.output_item.added','item':{'type':%s,'name':%s}}",
                "{'type':'response.output_item.done','output_index':%s,'item':{'type':%s}}",
                "{'type':'response.incomplete','response':{'incomplete_details':{'reason':'enough'},'error':%s,"
                        + "'usage':{'input_tokens':'12','output_tokens':3.0,'output_tokens_details':%s}}}")) {
            events.append("data: ")
                    .append(event.replace('\'', '"').replace("%s", value))
                    .append("\n\n");
        }

        var response = answer(Api.RESPONSES, events.toString());

        assertThat(response.text()).isEqualTo("hi");
        assertThat(response.toolCalls()).isEmpty();
        assertThat(response.rawFinishReason()).isEqualTo("enough");
        assertThat(response.usage()).isEqualTo(new Usage(12, 3, 0, 0));
    }

    @Test
    void aResponseIsCompleteOnceItsFinishReasonIsReceived() throws Exception {
        try (var server = RawServer.answeringAndClosing("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
                + "data: {\"choices\":[{\"delta\":{\"content\":\"hi\"},\"finish_reason\":\"stop\"}]}\n\n")) {
            assertThat(Api.CHAT
                            .at(server.baseUrl())
                            .respond(SampleRequests.HELLO, call)
                            .text())
                    .isEqualTo("hi");
        }
    }

    private ModelResponse chat(String events) throws Exception {
        return answer(Api.CHAT, events);
    }

    private ModelResponse answer(Api api, String events) throws Exception {
        try (var server = RawServer.answeringAndClosing(
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" + events)) {
            return api.at(server.baseUrl()).respond(SampleRequests.HELLO, call);
        }
    }
}
