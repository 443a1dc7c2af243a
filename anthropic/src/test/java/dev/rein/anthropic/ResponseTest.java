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
                        + "{'type':'content_block_delta','index':77,'delta':{'type':'unheard_of','text':'no'}} "
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

    private static String start(String place, String content) {
        return "{'type':'content_block_start'" + place + ",'content_block':" + content + "} ";
    }

    private static String delta(String place, String delta) {
        return "{'type':'content_block_delta'" + place + ",'delta':" + delta + "} ";
    }

    private static String tool(String name) {
        return "{'type':'tool_use','id':'" + name + "1','name':'" + name + "','input':{}}";
    }

    private static String input(String text) {
        return "{'type':'input_json_delta','partial_json':'" + text + "'}";
    }

    @Test
    void interleavedBlocksAreToldApartByTheirIndex() {
        var response = response(start(",'index':0", "{'type':'text','text':''}")
                + start(",'index':1", tool("weather"))
                + start(",'index':2", tool("clock"))
                + start(",'index':3", "{'type':'text','text':'And '}")
                + delta(",'index':3", "{'type':'text_delta','text':'you'}")
                + delta(",'index':1", input("{"))
                + delta(",'index':2", input("["))
                + delta(",'index':0", "{'type':'text_delta','text':'Hel'}")
                + delta(",'index':1", input("}"))
                + delta(",'index':0", "{'type':'text_delta','text':'lo. '}")
                + delta(",'index':2", input("]"))
                + END);

        assertThat(response.text()).isEqualTo("Hello. And you");
        assertThat(call.text()).isEqualTo("Hello. And you");
        assertThat(response.toolCalls()).extracting(ToolCall::arguments).containsExactly("{}", "[]");
    }

    @Test
    void blocksWithoutIndexesOrWithOneIndexStayApart() {
        for (var place : new String[] {"", ",'index':0", ",'index':'0'", ",'index':null"}) {
            var response = response(start(place, "{'type':'text','text':''}")
                    + delta(place, "{'type':'text_delta','text':'Hello'}")
                    + "{'type':'content_block_stop'" + place + "} "
                    + start(place, tool("weather"))
                    + delta(place, input("1"))
                    + "{'type':'content_block_stop'" + place + "} "
                    + start(place, tool("clock"))
                    + delta(place, input("2"))
                    + "{'type':'content_block_stop'" + place + "} "
                    + END);

            assertThat(response.text()).isEqualTo("Hello");
            assertThat(response.toolCalls())
                    .extracting(each -> each.name() + each.arguments())
                    .containsExactly("weather1", "clock2");
        }
    }

    @Test
    void aBlockWhoseBeginningOrEndIsMissingIsRead() {
        var response = response(delta(",'index':0", "{'type':'thinking_delta','thinking':'Hm'}")
                + delta(",'index':0", "{'type':'signature_delta','signature':'s'}")
                + delta(",'index':1", "{'type':'text_delta','text':'Hel'}")
                + delta(",'index':1", "{'text':'lo'}")
                + delta(",'index':2", input("7"))
                + END);

        assertThat(response.text()).isEqualTo("Hello");
        assertThat(call.text()).isEqualTo("Hello");
        assertThat(response.reasoning()).isEqualTo("Hm");
        assertThat(Objects.requireNonNull(response.providerData()).data().toString())
                .contains("\"signature\":\"s\"");
        // A call without a name is an error that the model can read.
        assertThat(response.toolCalls()).extracting(ToolCall::arguments).containsExactly("7");
    }

    @Test
    void textBehindTheEndOfItsBlockIsKeptInItsOrder() {
        var response = response(block(0, "{'type':'text','text':'A'}")
                + block(1, "{'type':'text','text':'B'}")
                + delta(",'index':0", "{'type':'text_delta','text':'C'}")
                + END);

        assertThat(response.text()).isEqualTo("ABC");
        assertThat(call.text()).isEqualTo("ABC");
    }

    @Test
    void aBlockThatIsBegunTwiceIsOne() {
        var response = response(start(",'index':0", tool("clock"))
                + delta(",'index':0", input("1"))
                + start(",'index':0", tool("clock"))
                + delta(",'index':0", input("1"))
                + END);

        assertThat(response.toolCalls()).extracting(ToolCall::arguments).containsExactly("1");
    }

    @Test
    void aCallThatIsSentTwiceIsOneAndCallsWithOneIdAreTwo() {
        var call = "{'type':'tool_use','id':'t','name':'look','input':{'x':1}}";
        var response = response(block(0, call) + block(1, call) + block(2, call.replace("1}", "2}")) + END);

        assertThat(response.toolCalls()).extracting(ToolCall::arguments).containsExactly("{\"x\":1}", "{\"x\":2}");
        assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'input':{'x':1} | {\"x\":1}",
                "'args':{'x':1} | {\"x\":1}",
                "'input':{},'arguments':{'x':1} | {\"x\":1}",
                "'arguments':{'x':1} | {\"x\":1}",
                "'input':'[1]' | [1]",
                "'input':[1] | [1]",
                "'input':null | {}",
                "'input':'' | {}",
            })
    void argumentsAreReadFromEachPlace(String members, String expected) {
        var response = response(block(0, "{'type':'tool_use','id':'t','name':'look'," + members + "}") + END);

        assertThat(response.toolCalls()).extracting(ToolCall::arguments).containsExactly(expected);
    }

    @Test
    void aResponseThatIsNotStreamedIsReadAndOneBehindItsEventsDoesNotDoubleThem() {
        var whole =
                "{'type':'message','content':[{'type':'text','text':'Hello'},{'type':'tool_use','id':'t','name':'look','input':{'x':1}}],"
                        + "'stop_reason':'tool_use','usage':{'input_tokens':3,'output_tokens':4}} ";
        for (var events : new String[] {
            whole,
            block(0, "{'type':'text','text':'Hello'}")
                    + block(1, "{'type':'tool_use','id':'t','name':'look','input':{'x':1}}")
                    + whole
        }) {
            var response = response(events);

            assertThat(response.text()).isEqualTo("Hello");
            assertThat(response.toolCalls()).extracting(ToolCall::arguments).containsExactly("{\"x\":1}");
            assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
            assertThat(response.usage()).isEqualTo(Usage.of(3, 4));
        }
    }

    @Test
    void theNumberOfCallsIsLimited() {
        var events = new StringBuilder();
        for (var i = 0; i <= 1000; i++) {
            events.append(start("", tool("clock")));
        }

        assertThat(catchThrowableOfType(ModelException.class, () -> response(events + END)))
                .hasMessageContaining("1000 tool calls");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: {\"type\":\"error\"}",
                "data: {\"error\":{}}",
                "data: {\"detail\":\"too bad\"}",
                "data: {\"message\":\"too bad\",\"code\":500}",
                "event: error\ndata: {}",
                "data: [DONE]",
                "<html>502 Bad Gateway</html>",
                "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\ndata: {}",
            })
    void whatIsNoAnswerIsAnError(String event) {
        var isStop = event.contains("message_stop");
        provider.enqueue(Script.wholeBody(
                "text/event-stream",
                (isStop
                                ? ""
                                : "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hel\"}}\n\n")
                        + event + "\n\ndata: [DONE]\n\n"));

        assertThat(catchThrowableOfType(
                        ModelException.class,
                        () -> TestModels.at(provider).build().respond(TestModels.HELLO, call)))
                .isNotNull();
    }
}
