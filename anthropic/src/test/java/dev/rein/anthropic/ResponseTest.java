package dev.rein.anthropic;

import static dev.rein.anthropic.TestModels.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rein.model.FinishReason;
import dev.rein.model.ModelException;
import dev.rein.model.ModelException.Kind;
import dev.rein.model.ModelResponse;
import dev.rein.model.ToolCall;
import dev.rein.model.Usage;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.RecordingModelCall;
import dev.rein.testkit.Script;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams that the fake provider's scripts do not produce. */
class ResponseTest {
    private static final String END =
            "{'type':'message_delta','delta':{'stop_reason':'end_turn'}} {'type':'message_stop'}";

    private final FakeProvider provider = FakeProvider.start();
    private final RecordingModelCall call = new RecordingModelCall();

    @AfterEach
    void close() {
        provider.close();
    }

    /** @param events JSON with single quotes, separated by spaces between braces */
    private ModelResponse response(String events) {
        var stream = new StringBuilder();
        for (var event : events.replace('\'', '"').split("(?<=})\\s+(?=\\{)")) {
            var type = json(event).path("type").asText();
            stream.append("event: ")
                    .append(type)
                    .append("\ndata: ")
                    .append(event)
                    .append("\n\n");
        }
        provider.enqueue(Script.wholeBody("text/event-stream", stream.toString()));
        return TestModels.at(provider).build().respond(TestModels.HELLO, call);
    }

    private static String block(int index, String content, String... deltas) {
        var events = new StringBuilder(
                "{'type':'content_block_start','index':" + index + ",'content_block':" + content + "} ");
        for (var delta : deltas) {
            events.append("{'type':'content_block_delta','index':" + index + ",'delta':" + delta + "} ");
        }
        return events + "{'type':'content_block_stop','index':" + index + "} ";
    }

    @Test
    void thinkingIsKeptWithItsSignatureAndItsPlace() {
        var response = response(block(
                        0,
                        "{'type':'thinking','thinking':'','signature':''}",
                        "{'type':'thinking_delta','thinking':'Let '}",
                        "{'type':'thinking_delta','thinking':'me'}",
                        "{'type':'signature_delta','signature':'ab'}",
                        "{'type':'signature_delta','signature':'cd'}")
                + block(1, "{'type':'text','text':''}", "{'type':'text_delta','text':'First'}")
                + block(2, "{'type':'redacted_thinking','data':'xyz'}")
                + block(
                        3,
                        "{'type':'thinking','thinking':''}",
                        "{'type':'thinking_delta','thinking':'More'}",
                        "{'type':'signature_delta','signature':'ef'}")
                + block(
                        4,
                        "{'type':'tool_use','id':'t1','name':'look','input':{}}",
                        "{'type':'input_json_delta','partial_json':''}")
                + END);

        assertThat(response.reasoning()).isEqualTo("Let me\n\nMore");
        assertThat(String.join("", call.thoughts())).isEqualTo("Let me\n\nMore");
        assertThat(response.text()).isEqualTo("First");
        assertThat(response.toolCalls()).containsExactly(new ToolCall("t1", "look", "{}"));
        var data = Objects.requireNonNull(response.providerData());
        assertThat(data.provider()).isEqualTo("Anthropic");
        assertThat(data.model()).isEqualTo(TestModels.ID);
        assertThat(data.data()).isEqualTo(json("""
                [{'type':'thinking','thinking':'Let me','signature':'abcd'},{'type':'text','length':5},
                 {'type':'redacted_thinking','data':'xyz'},{'type':'thinking','thinking':'More','signature':'ef'},
                 {'type':'tool_use'}]"""));
    }

    @Test
    void thinkingThatIsOmittedIsKeptByItsSignature() {
        var response =
                response(block(0, "{'type':'thinking','thinking':''}", "{'type':'signature_delta','signature':'s'}")
                        + block(1, "{'type':'text','text':'Hi'}")
                        + END);

        assertThat(response.reasoning()).isNull();
        assertThat(response.text()).isEqualTo("Hi");
        assertThat(Objects.requireNonNull(response.providerData()).data().get(0))
                .isEqualTo(json("{'type':'thinking','thinking':'','signature':'s'}"));
    }

    @Test
    void aResponseOfTextAndCallsHasNoData() {
        assertThat(response(block(0, "{'type':'text','text':'Hi'}") + END).providerData())
                .isNull();
    }

    @Test
    void blocksOfUnknownTypesAreKept() {
        var response = response(block(
                        0,
                        "{'type':'server_tool_use','id':'s','name':'web_search','input':{}}",
                        "{'type':'input_json_delta','partial_json':'{\\u0022q\\u0022:'}",
                        "{'type':'input_json_delta','partial_json':'1}'}")
                + block(1, "{'type':'text','text':'Found'}", "{'type':'citations_delta','citation':{'url':'x'}}")
                + END);

        assertThat(response.text()).isEqualTo("Found");
        assertThat(response.toolCalls()).isEmpty();
        assertThat(Objects.requireNonNull(response.providerData()).data())
                .isEqualTo(json("[{'type':'server_tool_use','id':'s','name':'web_search','input':{'q':1}},"
                        + "{'type':'text','length':5}]"));
    }

    @Test
    void argumentsMayArriveInTheFirstEvent() {
        var response = response(block(0, "{'type':'tool_use','id':'t1','name':'look','input':{'a':1}}") + END);

        assertThat(response.toolCalls()).containsExactly(new ToolCall("t1", "look", "{\"a\":1}"));
    }

    @Test
    void cachedTokensAreInput() {
        var response = response("{'type':'message_start','message':{'usage':{'input_tokens':10,"
                + "'cache_creation_input_tokens':200,'cache_read_input_tokens':3000,'output_tokens':1}}} "
                + block(0, "{'type':'text','text':'Hi'}")
                + "{'type':'message_delta','delta':{'stop_reason':'end_turn'},'usage':{'output_tokens':42,"
                + "'output_tokens_details':{'thinking_tokens':30}}} {'type':'message_stop'}");

        assertThat(call.usages()).containsExactly(new Usage(3210, 1, 0, 3000), new Usage(3210, 42, 30, 3000));
        assertThat(response.usage()).isEqualTo(new Usage(3210, 42, 30, 3000));
    }

    @Test
    void theUsageMayFollowTheStopReason() {
        var response = response(
                "{'type':'message_delta','delta':{'stop_reason':'end_turn'}} "
                        + "{'type':'message_delta','delta':{},'usage':{'input_tokens':5,'output_tokens':2}} {'type':'message_stop'}");

        assertThat(response.usage()).isEqualTo(Usage.of(5, 2));
        assertThat(response.rawFinishReason()).isEqualTo("end_turn");
    }

    @Test
    void aResponseIsCompleteOnceItsStopReasonIsReceived() {
        var response = response(block(0, "{'type':'text','text':'Hi'}")
                + "{'type':'message_delta','delta':{'stop_reason':'end_turn'}}");

        assertThat(response.text()).isEqualTo("Hi");
        assertThat(response.usage()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "end_turn, STOP",
        "stop_sequence, STOP",
        "tool_use, TOOL_CALLS",
        "max_tokens, LENGTH",
        "model_context_window_exceeded, LENGTH",
        "refusal, CONTENT_FILTER",
        "pause_turn, OTHER"
    })
    void stopReasonsAreRecognised(String raw, FinishReason reason) {
        var response = response(END.replace("end_turn", raw));

        assertThat(response.finishReason()).isEqualTo(reason);
        assertThat(response.rawFinishReason()).isEqualTo(raw);
    }

    @ParameterizedTest
    @CsvSource({
        "overloaded_error, SERVER",
        "api_error, SERVER",
        "timeout_error, SERVER",
        "rate_limit_error, RATE_LIMIT",
        "invalid_request_error, BAD_REQUEST",
        "request_too_large, BAD_REQUEST",
        "authentication_error, AUTHENTICATION",
        "permission_error, PERMISSION",
        "billing_error, PERMISSION",
        "not_found_error, NOT_FOUND"
    })
    void errorEventsHaveTheirKinds(String type, Kind kind) {
        var failure = catchThrowableOfType(
                ModelException.class,
                () -> response(block(0, "{'type':'text','text':'Hi'}") + "{'type':'error','error':{'type':'" + type
                        + "','message':'why'},'request_id':'r'}"));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure).hasMessageContaining("why");
        assertThat(call.text()).isEqualTo("Hi");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "true", "7", "'x'", "{}", "[]", "[[1]]", "{'type':{'text':'no'}}"})
    void mistypedFieldsAreIgnored(String value) {
        var response = response(("{'type':%s,'delta':'no'} "
                        + "{'type':'unheard_of','data':%s} "
                        + "{'type':'message_start','message':%s} "
                        + "{'type':'content_block_start','index':9,'content_block':%s} "
                        + "{'type':'content_block_delta','index':9,'delta':%s} "
                        + "{'type':'content_block_delta','index':77,'delta':{'type':'text_delta','text':'no'}} "
                        + "{'type':'content_block_start','index':0,'content_block':{'type':'text','text':%s}} "
                        + "{'type':'content_block_delta','index':0,'delta':{'type':'text_delta','text':'hi'}} "
                        + "{'type':'content_block_delta','index':0,'delta':{'type':'thinking_delta','thinking':'no'}} "
                        + "{'type':'content_block_stop','index':%s} "
                        + "{'type':'message_delta','delta':%s,'usage':%s} "
                        + END)
                .replace("'text':%s", value.startsWith("'") ? "'text':''" : "'text':%s")
                .replace("%s", value));

        assertThat(response.text()).isEqualTo("hi");
        assertThat(response.toolCalls()).isEmpty();
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
    }
}
