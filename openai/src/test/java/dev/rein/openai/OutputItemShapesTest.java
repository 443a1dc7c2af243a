package dev.rein.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.model.FinishReason;
import dev.rein.testkit.Script;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms in which servers send the output of the responses API. */
class OutputItemShapesTest extends ServerResponses {

    private static final String COMPLETED = "{'type':'response.completed','response':{'id':'r','status':'completed'}}";

    private static Script completed(String... events) {
        return events(Stream.concat(Stream.of(events), Stream.of(COMPLETED)).toArray(String[]::new));
    }

    private static Script output(String items) {
        return events(
                "{'type':'response.completed','response':{'id':'r','status':'completed','output':" + items + "}}");
    }

    private static String item(String event, String fields) {
        return "{'type':'response.output_item." + event + "','item':{'type':'function_call'," + fields + "}}";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'city':'Rome'} | {\"city\":\"Rome\"}",
                "'{`city`:`Rome`}' | {\"city\":\"Rome\"}",
                "[1] | [1]",
                "7 | 7",
                "null | {}",
                "'' | {}"
            })
    void argumentsOfEachTypeAreReadFromEachEvent(String sent, String expected) {
        var added = item("added", "'id':'i','call_id':'a','name':'weather','arguments':" + sent);
        var begun = item("added", "'id':'i','call_id':'a','name':'weather','arguments':''");
        var done = "{'type':'response.function_call_arguments.done','item_id':'i','arguments':" + sent + "}";
        var delta = "{'type':'response.function_call_arguments.delta','item_id':'i','delta':" + sent + "}";
        var finished = item("done", "'id':'i','call_id':'a','name':'weather','arguments':" + sent);
        var whole = "[{'type':'function_call','id':'i','call_id':'a','name':'weather','arguments':" + sent + "}]";

        for (var script : new Script[] {
            completed(added),
            completed(begun, delta),
            completed(begun, done),
            completed(done, finished),
            completed(finished),
            completed(begun, delta, done, finished),
            output(whole)
        }) {
            var response = responses(script);
            assertThat(called(response)).containsExactly("weather" + expected);
            assertThat(ids(response)).containsExactly("a");
            assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
        }
    }

    @Test
    void callsWithoutIndexesAreDistinguishedByTheirIds() {
        assertThat(called(responses(completed(
                        item("added", "'id':'i','call_id':'a','name':'weather'"),
                        item("added", "'id':'j','call_id':'b','name':'delete'"),
                        "{'type':'response.function_call_arguments.done','item_id':'j','arguments':'{`y`:2}'}",
                        "{'type':'response.function_call_arguments.done','item_id':'i','arguments':'{`x`:1}'}"))))
                .containsExactly("weather{\"x\":1}", "delete{\"y\":2}");
        assertThat(called(responses(completed(
                        "{'type':'response.function_call_arguments.done','item_id':'i','arguments':'{`x`:1}'}",
                        "{'type':'response.function_call_arguments.done','item_id':'j','arguments':'{`y`:2}'}",
                        item("done", "'id':'i','call_id':'a','name':'weather','arguments':'{`x`:1}'"),
                        item("done", "'id':'j','call_id':'b','name':'delete','arguments':'{`y`:2}'")))))
                .containsExactly("weather{\"x\":1}", "delete{\"y\":2}");
        assertThat(called(responses(completed(
                        item("done", "'call_id':'a','name':'weather','arguments':'{`x`:1}'"),
                        item("done", "'call_id':'b','name':'delete','arguments':'{`y`:2}'")))))
                .containsExactly("weather{\"x\":1}", "delete{\"y\":2}");
        // The id of the call in place of that of the item.
        assertThat(called(responses(completed(
                        item("added", "'id':'i','call_id':'a','name':'weather'"),
                        item("added", "'id':'j','call_id':'b','name':'delete'"),
                        "{'type':'response.function_call_arguments.delta','item_id':'b','delta':'{`y`:2}'}",
                        "{'type':'response.function_call_arguments.delta','call_id':'a','delta':'{`x`:1}'}"))))
                .containsExactly("weather{\"x\":1}", "delete{\"y\":2}");
    }

    @Test
    void callsWithoutIdsAreTakenInTheirOrder() {
        assertThat(called(responses(completed(
                        item("added", "'name':'weather'"),
                        "{'type':'response.function_call_arguments.delta','delta':'{`x`:'}",
                        "{'type':'response.function_call_arguments.delta','delta':'1}'}",
                        "{'type':'response.function_call_arguments.done','arguments':'{`x`:1}'}",
                        item("added", "'name':'delete'"),
                        "{'type':'response.function_call_arguments.done','arguments':'{`y`:2}'}"))))
                .containsExactly("weather{\"x\":1}", "delete{\"y\":2}");
        assertThat(called(responses(completed(
                        item("added", "'call_id':'a','name':'weather'"),
                        item("added", "'call_id':'b','name':'delete'"),
                        "{'type':'response.function_call_arguments.done','arguments':'{`x`:1}'}",
                        "{'type':'response.function_call_arguments.done','arguments':'{`y`:2}'}"))))
                .containsExactly("weather{\"x\":1}", "delete{\"y\":2}");
        assertThat(called(responses(completed(
                        "{'type':'response.function_call_arguments.done','name':'weather','arguments':'{`x`:1}'}",
                        "{'type':'response.function_call_arguments.done','name':'delete','arguments':'{`y`:2}'}"))))
                .containsExactly("weather{\"x\":1}", "delete{\"y\":2}");
    }

    @Test
    void idsThatDifferBetweenEventsAreOfOneCall() {
        // The fragments have another item id than the item.
        assertThat(called(responses(completed(
                        item("added", "'id':'i','call_id':'a','name':'weather'"),
                        "{'type':'response.function_call_arguments.delta','item_id':'x','delta':'{`x`:'}",
                        "{'type':'response.function_call_arguments.delta','item_id':'x','delta':'1}'}",
                        item("done", "'id':'i','call_id':'a','name':'weather'")))))
                .containsExactly("weather{\"x\":1}");
        // The complete response has other ids than the stream.
        var response = responses(events(
                item("done", "'id':'i','call_id':'a','name':'weather','arguments':'{`x`:1}'"),
                item("done", "'id':'j','call_id':'b','name':'weather','arguments':'{`x`:2}'"),
                "{'type':'response.completed','response':{'output':["
                        + "{'type':'function_call','id':'k','call_id':'c','name':'weather','arguments':'{`x`:1}'},"
                        + "{'type':'function_call','id':'l','call_id':'d','name':'weather','arguments':'{`x`:2}'}]}}"));
        assertThat(called(response)).containsExactly("weather{\"x\":1}", "weather{\"x\":2}");
        assertThat(ids(response)).containsExactly("a", "b");
    }

    @Test
    void anIndexThatOccursTwiceIsThatOfTwoCalls() {
        assertThat(called(responses(completed(
                        "{'type':'response.output_item.done','output_index':0,'item':{'type':'function_call','call_id':'a',"
                                + "'name':'weather','arguments':'{`x`:1}'}}",
                        "{'type':'response.output_item.done','output_index':0,'item':{'type':'function_call','call_id':'b',"
                                + "'name':'delete','arguments':'{`y`:2}'}}"))))
                .containsExactly("weather{\"x\":1}", "delete{\"y\":2}");
    }

    @Test
    void anEmptyEndDoesNotTakeTheArgumentsAway() {
        assertThat(called(responses(completed(
                        item("added", "'id':'i','call_id':'a','name':'weather','arguments':''"),
                        "{'type':'response.function_call_arguments.delta','item_id':'i','delta':'{`x`:1}'}",
                        "{'type':'response.function_call_arguments.done','item_id':'i','arguments':''}",
                        item("done", "'id':'i','call_id':'a','name':'weather','arguments':'{}'")))))
                .containsExactly("weather{\"x\":1}");
    }

    @Test
    void callsOfWhichOnlyTheResponseTellsAreAdded() {
        assertThat(
                        called(
                                responses(
                                        events(
                                                item(
                                                        "done",
                                                        "'id':'i','call_id':'a','name':'weather','arguments':'{`x`:1}'"),
                                                "{'type':'response.completed','response':{'output':["
                                                        + "{'type':'function_call','id':'i','call_id':'a','name':'weather','arguments':'{`x`:1}'},"
                                                        + "{'type':'function_call','id':'j','call_id':'b','name':'delete','arguments':'{`y`:2}'}]}}"))))
                .containsExactly("weather{\"x\":1}", "delete{\"y\":2}");
    }

    @Test
    void textIsReadFromWhicheverEventHasIt() {
        var message =
                "{'type':'message','content':[{'type':'output_text','text':'Hello '},{'type':'refusal','refusal':'world'}]}";
        for (var script : new Script[] {
            completed("{'type':'response.output_text.delta','delta':'Hello world'}"),
            completed("{'type':'response.output_text.done','text':'Hello world'}"),
            completed(
                    "{'type':'response.output_text.delta','delta':'Hello '}",
                    "{'type':'response.output_text.done','text':'Hello world'}",
                    "{'type':'response.content_part.done','part':{'type':'output_text','text':'Hello world'}}"),
            completed("{'type':'response.output_item.done','item':" + message + "}"),
            completed(
                    "{'type':'response.output_text.delta','delta':[{'type':'text','text':'Hello '}]}",
                    "{'type':'response.refusal.done','refusal':'Hello world'}"),
            output("[" + message + "]"),
            events(
                    "{'type':'response.output_text.delta','delta':'Hel'}",
                    "{'type':'response.completed','response':{'output':[" + message + "]}}")
        }) {
            call.texts.clear();
            assertThat(responses(script).text()).isEqualTo("Hello world");
            assertThat(call.text()).isEqualTo("Hello world");
        }
    }

    @Test
    void reasoningIsReadFromWhicheverEventHasIt() {
        var item = "{'type':'reasoning','id':'rs','summary':[{'type':'summary_text','text':'one'},"
                + "{'type':'summary_text','text':'two'}]}";
        for (var script : new Script[] {
            completed(
                    "{'type':'response.reasoning_summary_part.added'}",
                    "{'type':'response.reasoning_summary_text.delta','delta':'one'}",
                    "{'type':'response.reasoning_summary_part.added'}",
                    "{'type':'response.reasoning_summary_text.delta','delta':'two'}",
                    "{'type':'response.output_item.done','item':" + item + "}"),
            completed("{'type':'response.reasoning_text.delta','delta':'one\\n\\ntwo'}"),
            completed("{'type':'response.reasoning.delta','delta':{'text':'one\\n\\ntwo'}}"),
            completed("{'type':'response.reasoning_text.done','text':'one\\n\\ntwo'}"),
            completed("{'type':'response.output_item.done','item':" + item + "}"),
            output("[" + item + "]")
        }) {
            var response = responses(script);
            assertThat(response.reasoning()).isEqualTo("one\n\ntwo");
            assertThat(response.providerData()).isNull();
        }
    }

    @Test
    void reasoningItemsAreKeptForTheProvider() {
        var encrypted = "{'type':'reasoning','id':'rs1','summary':[],'encrypted_content':'abc'}";
        var later = "{'type':'reasoning','id':'rs2','summary':[],'encrypted_content':'def'}";
        var response = responses(completed(
                "{'type':'response.output_item.done','item':" + encrypted + "}",
                item("done", "'call_id':'a','name':'weather'"),
                "{'type':'response.output_item.done','item':" + later + "}",
                item("done", "'call_id':'b','name':'clock'")));

        var data = response.providerData();
        assertThat(data.provider()).isEqualTo("OpenAI");
        assertThat(data.model()).isEqualTo("test-model");
        assertThat(data.data()).isEqualTo(SampleRequests.json(json("{'reasoning_items':[" + encrypted + "]}")));
        assertThat(response.toolCalls().get(0).providerData()).isNull();
        assertThat(response.toolCalls().get(1).providerData().data())
                .isEqualTo(SampleRequests.json(json("{'reasoning_items':[" + later + "]}")));
        assertThat(responses(output("[" + encrypted + "]")).providerData().data())
                .isEqualTo(SampleRequests.json(json("{'reasoning_items':[" + encrypted + "]}")));
    }

    @Test
    void theReasonOfAnIncompleteResponseIsReported() {
        assertThat(responses(events("{'type':'response.completed','response':{'status':'incomplete',"
                                + "'incomplete_details':{'reason':'max_output_tokens'},'output':[]}}"))
                        .finishReason())
                .isEqualTo(FinishReason.LENGTH);
        assertThat(responses(events("{'type':'response.incomplete','response':{'incomplete_details':null}}"))
                        .finishReason())
                .isEqualTo(FinishReason.LENGTH);
        assertThat(responses(
                                events(
                                        "{'type':'response.incomplete','response':{'incomplete_details':{'reason':'content_filter'}}}"))
                        .finishReason())
                .isEqualTo(FinishReason.CONTENT_FILTER);
    }

    @Test
    void theNameOfAnEventIsItsTypeIfItHasNoOther() {
        assertThat(responses(Script.events()
                                .thenEvent("response.output_text.delta", json("{'delta':'42'}"))
                                .thenEvent("response.completed", json("{'output':[],'status':'completed'}")))
                        .text())
                .isEqualTo("42");
        assertThat(failure(
                        Api.RESPONSES,
                        Script.events()
                                .thenEvent(
                                        "response.failed",
                                        json("{'response':{'error':{'code':'server_error','message':'why'}}}"))))
                .hasMessageEndingWith("why");
        assertThat(failure(Api.RESPONSES, events("{'type':'response.error','code':'429','message':'why'}"))
                        .isRetryable())
                .isTrue();
    }

    @Test
    void aCallThatIsCutOffBeforeItsArgumentsFails() {
        assertThat(failure(
                                Api.RESPONSES,
                                events(item("added", "'call_id':'a','name':'delete','arguments':''"), "[DONE]"))
                        .isRetryable())
                .isTrue();
    }

    @Test
    void callsWithOneIdStayTwo() {
        assertThat(called(responses(completed(
                        item("added", "'id':'i','call_id':'call_0','name':'weather'"),
                        item("added", "'id':'j','call_id':'call_0','name':'delete'"),
                        "{'type':'response.function_call_arguments.done','item_id':'i','arguments':'{`x`:1}'}",
                        "{'type':'response.function_call_arguments.done','item_id':'j','arguments':'{`y`:2}'}",
                        item("done", "'id':'i','call_id':'call_0','name':'weather','arguments':'{`x`:1}'"),
                        item("done", "'id':'j','call_id':'call_0','name':'delete','arguments':'{`y`:2}'")))))
                .containsExactly("weather{\"x\":1}", "delete{\"y\":2}");
        assertThat(called(responses(completed(
                        item("done", "'call_id':'call_0','name':'weather','arguments':'{`x`:1}'"),
                        item("done", "'call_id':'call_0','name':'delete','arguments':'{`y`:2}'")))))
                .containsExactly("weather{\"x\":1}", "delete{\"y\":2}");
        assertThat(called(responses(completed(
                        item("done", "'id':'i','call_id':'call_0','name':'weather','arguments':'{`x`:1}'"),
                        item("done", "'id':'j','call_id':'call_0','name':'weather','arguments':'{`x`:2}'")))))
                .containsExactly("weather{\"x\":1}", "weather{\"x\":2}");
        assertThat(
                        called(
                                responses(
                                        output(
                                                "[{'type':'function_call','call_id':'call_0','name':'weather','arguments':'{`x`:1}'},"
                                                        + "{'type':'function_call','call_id':'call_0','name':'delete','arguments':'{`y`:2}'}]"))))
                .containsExactly("weather{\"x\":1}", "delete{\"y\":2}");
    }

    @Test
    void callsOfOneToolWithOneIdInTheResponseStayTwo() {
        assertThat(
                        called(
                                responses(
                                        output(
                                                "[{'type':'function_call','call_id':'call_0','name':'weather','arguments':'{`x`:1}'},"
                                                        + "{'type':'function_call','call_id':'call_0','name':'weather','arguments':'{`x`:2}'}]"))))
                .containsExactly("weather{\"x\":1}", "weather{\"x\":2}");
    }

    @Test
    void aCallThatIsSentAgainReplacesTheFirst() {
        assertThat(called(responses(completed(
                        item("done", "'id':'i','call_id':'a','name':'weather','arguments':'{`x`:1}'"),
                        item("done", "'id':'i','call_id':'a','name':'weather','arguments':'{`x`:2}'")))))
                .containsExactly("weather{\"x\":2}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'args':{'x':1}",
                "'input':{'x':1}",
                "'parameters':'{`x`:1}'",
                "'arguments':'','input':{'x':1}",
                "'arguments':null,'function':{'arguments':'{`x`:1}'}",
            })
    void argumentsAreReadFromEachPlace(String arguments) {
        var item = "{'type':'function_call','id':'i','call_id':'a','name':'weather'," + arguments + "}";

        assertThat(called(responses(
                        completed("{'type':'response.output_item.done','output_index':0,'item':" + item + "}"))))
                .containsExactly("weather{\"x\":1}");
        assertThat(called(responses(events(
                        "{'type':'response.completed','response':{'status':'completed','output':[" + item + "]}}"))))
                .containsExactly("weather{\"x\":1}");
    }

    @Test
    void aResponseWithAnIncompleteItemIsCutOff() {
        var cut =
                "{'type':'function_call','id':'i','call_id':'a','name':'delete','arguments':'{}','status':'incomplete'}";

        for (var script : new Script[] {
            completed("{'type':'response.output_item.done','output_index':0,'item':" + cut + "}"),
            events("{'type':'response.completed','response':{'status':'completed','output':[" + cut + "]}}"),
            body("application/json", "{'object':'response','status':'completed','output':[" + cut + "]}"),
            completed(
                    "{'type':'response.output_item.done','item':{'type':'message','status':'incomplete','content':[{'type':'output_text','text':'Hel'}]}}"),
        }) {
            assertThat(responses(script).finishReason()).isEqualTo(FinishReason.LENGTH);
        }
    }

    @Test
    void aResponseThatSaysThatItFailedIsAnError() {
        for (var response : new String[] {
            "{'status':'failed','error':null,'output':[]}",
            "{'status':'cancelled','output':[{'type':'message','content':'Hel'}]}"
        }) {
            assertThat(failure(Api.RESPONSES, events("{'type':'response.completed','response':" + response + "}")))
                    .isNotNull();
            assertThat(failure(Api.RESPONSES, body("application/json", response)))
                    .isNotNull();
        }
    }

    @Test
    void anEventThatIsSentTwiceIsReadOnce() {
        var delta = "{'type':'response.output_text.delta','sequence_number':4,'delta':'ha'}";
        assertThat(responses(completed(delta, delta)).text()).isEqualTo("ha");
        assertThat(responses(completed(delta, delta.replace("4", "5"))).text()).isEqualTo("haha");
        assertThat(responses(completed(delta.replace("4", "0"), delta.replace("4", "0")))
                        .text())
                .isEqualTo("haha");
    }

    @Test
    void theNumberOfCallsIsLimited() {
        var many = new StringBuilder();
        for (var i = 0; i <= 1000; i++) {
            many.append(i == 0 ? "" : ",")
                    .append("{'type':'function_call','call_id':'" + i + "','name':'clock','arguments':'{}'}");
        }
        assertThat(failure(
                        Api.RESPONSES,
                        events("{'type':'response.completed','response':{'status':'completed','output':[" + many
                                + "]}}")))
                .hasMessageContaining("1000 tool calls");
    }
}
