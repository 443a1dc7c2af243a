package dev.rein.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.model.FinishReason;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms in which servers send the tool calls of a chat completion. */
class ToolCallShapesTest extends ServerResponses {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'city':'Rome'} | {\"city\":\"Rome\"}",
                "'{`city`:`Rome`}' | {\"city\":\"Rome\"}",
                "'`{\\\\`city\\\\`:\\\\`Rome\\\\`}`' | {\"city\":\"Rome\"}",
                "[1] | [1]",
                "7 | 7",
                "true | true",
                "null | {}",
                "'' | {}",
                "'  ' | {}",
                "'null' | {}",
                "'{`city`:' | {\"city\":",
            })
    void argumentsOfEachTypeAreReadAsTheyAre(String sent, String expected) {
        var response = chat(calls("[{'index':0,'id':'a','function':{'name':'weather','arguments':" + sent + "}}]"));

        assertThat(called(response)).containsExactly("weather" + expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                // Ids, no index.
                "[{'id':'a','function':{'name':'weather','arguments':'{`x`:1}'}},{'id':'b','function':{'name':'clock','arguments':'{}'}}] |",
                "[{'id':'a','function':{'name':'weather','arguments':'{`x`:1}'}}] | [{'id':'b','function':{'name':'clock','arguments':'{}'}}]",
                // One index.
                "[{'index':0,'id':'a','function':{'name':'weather','arguments':'{`x`:1}'}}] | [{'index':0,'id':'b','function':{'name':'clock','arguments':'{}'}}]",
                "[{'index':0,'function':{'name':'weather','arguments':'{`x`:1}'}}] | [{'index':0,'function':{'name':'clock','arguments':'{}'}}]",
                "[{'index':0,'function':{'name':'weather','arguments':'{`x`:1}'}},{'index':0,'function':{'name':'clock','arguments':'{}'}}] |",
                "[{'index':0,'id':'','function':{'name':'weather','arguments':{'x':1}}}] | [{'index':0,'id':'','function':{'name':'clock','arguments':{}}}]",
                // One id.
                "[{'index':0,'id':'call_0','function':{'name':'weather','arguments':'{`x`:1}'}}] | [{'index':0,'id':'call_0','function':{'name':'clock','arguments':'{}'}}]",
                "[{'index':0,'id':'call_0','function':{'name':'weather','arguments':'{`x`:1}'}}] | [{'index':1,'id':'call_0','function':{'name':'clock','arguments':'{}'}}]",
                // Neither index nor id.
                "[{'function':{'name':'weather','arguments':'{`x`:1}'}},{'function':{'name':'clock','arguments':'{}'}}] |",
                "[{'function':{'name':'weather','arguments':{'x':1}}}] | [{'function':{'name':'clock','arguments':{}}}]",
                // No object around name and arguments.
                "[{'name':'weather','arguments':{'x':1}},{'name':'clock','arguments':{}}] |",
                // An object instead of a list, strings and numbers of other types.
                "{'function':{'name':'weather','arguments':'{`x`:1}'}} | {'function':{'name':'clock'}}",
                "[{'index':'0','id':7,'function':{'name':'weather','arguments':'{`x`:1}'}}] | [{'index':'1','id':8,'function':{'name':'clock'}}]",
            })
    void twoCallsStayTwo(String first, String second) {
        var response = second == null ? chat(calls(first)) : chat(calls(first, second));

        assertThat(called(response)).containsExactly("weather{\"x\":1}", "clock{}");
        assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(ids(response)).doesNotContain("");
    }

    @Test
    void twoCallsOfOneToolStayTwo() {
        assertThat(called(chat(calls(
                        "[{'index':0,'function':{'name':'weather','arguments':'{`x`:1}'}}]",
                        "[{'index':0,'function':{'name':'weather','arguments':'{`x`:2}'}}]"))))
                .containsExactly("weather{\"x\":1}", "weather{\"x\":2}");
        assertThat(called(chat(calls("[{'id':'call_0','function':{'name':'weather','arguments':'{`x`:1}'}},"
                        + "{'id':'call_0','function':{'name':'weather','arguments':'{`x`:2}'}}]"))))
                .containsExactly("weather{\"x\":1}", "weather{\"x\":2}");
        assertThat(called(chat(calls("[{'function':{'name':'clock'}},{'function':{'name':'clock'}}]"))))
                .containsExactly("clock{}", "clock{}");
        assertThat(called(chat(
                        calls("[{'id':'a','function':{'name':'clock'}}]", "[{'id':'b','function':{'name':'clock'}}]"))))
                .containsExactly("clock{}", "clock{}");
    }

    @Test
    void callsWithoutArgumentsAtOneIndexAreDistinguishedByTheNamesOfTheTools() {
        assertThat(called(chat(calls(
                        "[{'index':0,'function':{'name':'weather'}}]", "[{'index':0,'function':{'name':'clock'}}]"))))
                .containsExactly("weather{}", "clock{}");
        assertThat(called(chat(
                        calls("[{'index':0,'function':{'name':'wea'}}]", "[{'index':0,'function':{'name':'ther'}}]"))))
                .containsExactly("weather{}");
        assertThat(called(chat(
                        calls("[{'index':0,'function':{'name':'get'}}]", "[{'index':0,'function':{'name':'_news'}}]"))))
                .containsExactly("get_news{}");
        assertThat(called(chat(calls(
                        "[{'index':0,'function':{'name':'wea'}}]", "[{'index':0,'function':{'name':'weather'}}]"))))
                .containsExactly("weather{}");
        assertThat(called(chat(
                        calls("[{'index':0,'function':{'name':'in'}}]", "[{'index':0,'function':{'name':'vented'}}]"))))
                .containsExactly("invented{}");
    }

    @Test
    void nameAndIdMayBeRepeatedInEachFragment() {
        assertThat(called(chat(calls(
                        "[{'index':0,'id':'a','function':{'name':'weather','arguments':'{`f`:'}}]",
                        "[{'index':0,'id':'a','function':{'name':'weather','arguments':'{`x`:1}'}}]",
                        "[{'index':0,'id':'a','function':{'name':'weather','arguments':'}'}}]",
                        "[{'index':0,'id':'a','function':{'name':'weather','arguments':''}}]"))))
                .containsExactly("weather{\"f\":{\"x\":1}}");
        assertThat(called(chat(calls(
                        "[{'index':0,'function':{'name':'weather','arguments':''}}]",
                        "[{'index':0,'function':{'name':'weather','arguments':'{`x`:'}}]",
                        "[{'index':0,'function':{'name':'weather','arguments':'1}'}}]",
                        "[{'index':0,'function':{'name':'weather','arguments':''}}]"))))
                .containsExactly("weather{\"x\":1}");
    }

    @Test
    void aServerMayMakeANewIdForEachFragment() {
        var response = chat(calls(
                "[{'index':0,'id':'a','function':{'name':'weather','arguments':''}}]",
                "[{'index':0,'id':'b','function':{'arguments':'{`x`:'}}]",
                "[{'index':0,'id':'c','function':{'name':'weather','arguments':'1}'}}]"));

        assertThat(called(response)).containsExactly("weather{\"x\":1}");
        assertThat(ids(response)).containsExactly("a");
    }

    @Test
    void aCallThatIsSentAgainReplacesTheFirst() {
        assertThat(called(chat(calls(
                        "[{'index':0,'id':'a','function':{'name':'weather','arguments':'{`x`'}}]",
                        "[{'index':0,'function':{'arguments':':1}'}}]",
                        "[{'index':0,'id':'a','function':{'name':'weather','arguments':'{`x`:1,`y`:2}'}}]"))))
                .containsExactly("weather{\"x\":1,\"y\":2}");
        assertThat(called(chat(calls(
                        "[{'function':{'name':'weather','arguments':'{`x`:1}'}}]",
                        "[{'function':{'name':'weather','arguments':'{`x`:1}'}}]"))))
                .containsExactly("weather{\"x\":1}");
        // The beginning of a call, and then the whole of it.
        assertThat(called(chat(calls(
                        "[{'index':0,'function':{'name':'weather','arguments':'{`x`:'}}]",
                        "[{'index':0,'function':{'name':'weather','arguments':'{`x`:1}'}}]"))))
                .containsExactly("weather{\"x\":1}");
    }

    @Test
    void aRepeatedCallMayBeEncodedTwice() {
        assertThat(called(chat(calls(
                        "[{'index':0,'id':'a','function':{'name':'weather','arguments':'{`x`:1}'}}]",
                        "[{'index':0,'id':'a','function':{'arguments':'`{\\\\`x\\\\`:1}`'}}]"))))
                .containsExactly("weather{\"x\":1}");
    }

    @Test
    void interleavedCallsAreDistinguishedByTheirIndexesOrIds() {
        assertThat(called(chat(calls(
                        "[{'index':0,'function':{'name':'weather'}},{'index':1,'function':{'name':'delete'}}]",
                        "[{'index':0,'function':{'arguments':'{`x`:'}},{'index':1,'function':{'arguments':'{`y`:'}}]",
                        "[{'index':1,'function':{'arguments':'2}'}},{'index':0,'function':{'arguments':'1}'}}]"))))
                .containsExactly("weather{\"x\":1}", "delete{\"y\":2}");
        assertThat(
                        called(
                                chat(
                                        calls(
                                                "[{'id':'a','function':{'name':'weather'}},{'id':'b','function':{'name':'delete'}}]",
                                                "[{'id':'a','function':{'arguments':'{`x`:1}'}},{'id':'b','function':{'arguments':'{`y`:2}'}}]"))))
                .containsExactly("weather{\"x\":1}", "delete{\"y\":2}");
    }

    @Test
    void anIndexOutOfStepContinuesTheLatestCall() {
        assertThat(called(chat(calls(
                        "[{'index':0,'id':'a','function':{'name':'weather','arguments':''}}]",
                        "[{'index':1,'function':{'arguments':'{`x`:'}}]",
                        "[{'index':2,'function':{'arguments':'1}'}}]"))))
                .containsExactly("weather{\"x\":1}");
    }

    @Test
    void nameAndArgumentsMayComeInDifferentChunks() {
        assertThat(called(chat(calls(
                        "[{'index':0,'id':'a','type':'function'}]",
                        "[{'index':0,'function':{'name':'weather','arguments':null}}]",
                        "[{'index':0,'id':null,'function':{'name':null,'arguments':'{`x`:1}'}}]",
                        "[{'index':0,'id':'','function':{'name':'','arguments':''}}]"))))
                .containsExactly("weather{\"x\":1}");
    }

    @Test
    void argumentsBehindOthersAreAnErrorForTheModel() {
        assertThat(called(chat(calls(
                        "[{'index':0,'id':'a','function':{'name':'weather','arguments':'{`x`:1}'}}]",
                        "[{'index':0,'function':{'arguments':'{`x`:2}'}}]"))))
                .containsExactly("weather{\"x\":1}{\"x\":2}");
    }

    @Test
    void aCallWithNeitherNameNorArgumentsIsDropped() {
        assertThat(called(chat(calls(
                        "[{'index':0,'id':'a','function':{'name':'','arguments':''}}]", "[null,{},7]", "null", "'x'"))))
                .isEmpty();
    }

    @Test
    void theLegacyFunctionCallIsRead() {
        assertThat(called(chat(deltas(
                        "function_call",
                        "{'function_call':{'name':'weather','arguments':''}}",
                        "{'function_call':{'arguments':'{`x`:'}}",
                        "{'function_call':{'arguments':'1}'}}"))))
                .containsExactly("weather{\"x\":1}");
        assertThat(called(chat(deltas(
                        "tool_calls",
                        "{'function_call':{'name':'weather','arguments':'{}'},"
                                + "'tool_calls':[{'index':0,'function':{'name':'weather','arguments':'{}'}}]}"))))
                .containsExactly("weather{}");
    }

    @Test
    void callsOfAMessageAreRead() {
        var response = chat(events(
                "{'choices':[{'message':{'content':'Hm','tool_calls':[{'id':'a','function':{'name':'weather','arguments':{'x':1}}},"
                        + "{'id':'b','function':{'name':'clock','arguments':'{}'}}]},'finish_reason':'tool_calls'}]}",
                "[DONE]"));

        assertThat(response.text()).isEqualTo("Hm");
        assertThat(called(response)).containsExactly("weather{\"x\":1}", "clock{}");
    }

    @Test
    void aMessageBesideTheDeltasIsReadOnlyWithoutThem() {
        assertThat(chat(events(
                                "{'choices':[{'delta':{'content':'Hel'},'message':{'content':'Hel'}}]}",
                                "{'choices':[{'delta':{'content':'lo'},'message':{'content':'Hello'},'finish_reason':'stop'}]}"))
                        .text())
                .isEqualTo("Hello");
        assertThat(chat(events(
                                "{'choices':[{'delta':{},'message':{'content':'Hel'}}]}",
                                "{'choices':[{'delta':{},'message':{'content':'Hello'},'finish_reason':'stop'}]}"))
                        .text())
                .isEqualTo("Hello");
    }

    @Test
    void callsThatOnlyTheMessageBesideTheDeltasHasAreRead() {
        var response = chat(events(
                "{'choices':[{'delta':{'content':'Hello'}}]}",
                "{'choices':[{'delta':{},'message':{'content':'Hello','tool_calls':[{'id':'a','function':{'name':'clock','arguments':'{}'}}]},"
                        + "'finish_reason':'tool_calls'}]}"));

        assertThat(response.text()).isEqualTo("Hello");
        assertThat(called(response)).containsExactly("clock{}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'id':'a','function':{'name':'weather','args':{'x':1}}}",
                "{'id':'a','function':{'name':'weather','input':{'x':1}}}",
                "{'id':'a','function':{'name':'weather','parameters':'{`x`:1}'}}",
                "{'id':'a','function':{'name':'weather','arguments':'','input':{'x':1}}}",
                "{'id':'a','function':{'name':'weather','arguments':null},'args':'{`x`:1}'}",
                "{'id':'a','function':{'name':'weather'},'arguments':{'x':1}}",
                "{'id':'a','function':'weather','arguments':{'x':1}}",
                "{'id':'a','name':'weather','input':{'x':1}}",
                "{'id':'a','name':'weather','function':{'arguments':'{`x`:1}'}}",
            })
    void argumentsAreReadFromEachPlace(String call) {
        assertThat(called(chat(calls("[" + call.replaceFirst("\\{", "{'index':0,") + "]"))))
                .containsExactly("weather{\"x\":1}");
        assertThat(called(
                        chat(events("{'choices':[{'message':{'tool_calls':[" + call + "]},'finish_reason':'stop'}]}"))))
                .containsExactly("weather{\"x\":1}");
    }

    @Test
    void argumentsAreReadFromEachPlaceAlsoInParts() {
        assertThat(called(chat(calls(
                        "[{'index':0,'id':'a','function':{'name':'weather','args':'{`x'}}]",
                        "[{'index':0,'function':{'args':'`:1}'}}]"))))
                .containsExactly("weather{\"x\":1}");
    }

    @Test
    void halfAnEmojiAndHalfAnEscapeAreJoined() {
        assertThat(called(chat(calls(
                        "[{'index':0,'id':'a','function':{'name':'weather','arguments':'{`x`:`\\ud83d'}}]",
                        "[{'index':0,'function':{'arguments':'\\ude00\\\\'}}]",
                        "[{'index':0,'function':{'arguments':'n`}'}}]"))))
                .containsExactly("weather{\"x\":\"\ud83d\ude00\\n\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // The whole message, as in a response that is not streamed.
                "{'choices':[{'message':{'content':'Hello you'},'finish_reason':'stop'}]}",
                "{'choices':[{'index':0,'message':{'content':'Hello you'},'delta':null,'finish_reason':'stop'}]}",
                "{'choices':[{'delta':{},'message':{'content':'Hello you'},'finish_reason':'stop'}]}",
                "{'choices':[{'message':{'content':[{'type':'text','text':'Hello you'}]},'finish_reason':'stop'}]}",
                "{'choices':[{'message':{'content':'Hello you'}}]}|{'choices':[{'delta':{},'finish_reason':'stop'}]}",
                "{'choices':[{'message':{'content':'Hello you'}}]}",
                "{'choices':[{'message':{'content':'Another text'},'finish_reason':'stop'}]}",
                // The whole text as the last delta.
                "{'choices':[{'delta':{'content':'Hello you'},'finish_reason':'stop'}]}",
            })
    void aWholeMessageBehindTheDeltasDoesNotDoubleThem(String rest) {
        var all = Stream.of(
                Stream.of("{'choices':[{'delta':{'content':'Hello '}}]}", "{'choices':[{'delta':{'content':'you'}}]}"),
                Stream.of(rest.split("\\|")),
                Stream.of("[DONE]"));

        assertThat(chat(events(all.flatMap(each -> each).toArray(String[]::new)))
                        .text())
                .isEqualTo("Hello you");
        assertThat(call.text()).isEqualTo("Hello you");
    }

    @Test
    void aWholeMessageBehindTheDeltasAddsWhatTheyLack() {
        var response = chat(events(
                "{'choices':[{'delta':{'reasoning_content':'Hm'}}]}",
                "{'choices':[{'delta':{'content':'Hello'}}]}",
                "{'choices':[{'message':{'content':'Hello you','reasoning_content':'Hm'},'finish_reason':'stop'}]}"));

        assertThat(response.text()).isEqualTo("Hello you");
        assertThat(response.reasoning()).isEqualTo("Hm");
        assertThat(chat(events(
                                "{'choices':[{'delta':{'reasoning_content':'Hm'}}]}",
                                "{'choices':[{'message':{'content':'Hello','reasoning_content':'Hm'},'finish_reason':'stop'}]}"))
                        .text())
                .isEqualTo("Hello");
    }

    @Test
    void aTextThatRepeatsItselfIsKept() {
        assertThat(chat(deltas("stop", "{'content':'ha'}", "{'content':'ha'}", "{'content':'haha'}"))
                        .text())
                .isEqualTo("hahahaha");
        assertThat(chat(events(
                                "{'choices':[{'delta':{'content':'ha'}}]}",
                                "{'choices':[{'delta':{'content':'ha'},'finish_reason':'stop'}]}"))
                        .text())
                .isEqualTo("haha");
    }

    @Test
    void theTextsOfSeveralChoicesAreNotMixed() {
        var response = chat(events(
                "{'choices':[{'index':1,'delta':{'content':'B'}},{'index':0,'delta':{'content':'A'}}]}",
                "{'choices':[{'index':1,'delta':{'content':'b'},'finish_reason':'length'}]}",
                "{'choices':[{'index':'0','delta':{'content':'a'}}]}",
                "{'choices':[{'index':0,'delta':{'tool_calls':[{'index':0,'id':'a','function':{'name':'clock','arguments':'{}'}}]}},"
                        + "{'index':1,'delta':{'tool_calls':[{'index':0,'id':'b','function':{'name':'delete','arguments':'{}'}}]}}]}",
                "{'choices':[{'index':0,'delta':{},'finish_reason':'tool_calls'}]}"));

        assertThat(response.text()).isEqualTo("Aa");
        assertThat(called(response)).containsExactly("clock{}");
        assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
    }

    @Test
    void aChoiceMayHaveAnyIndexAndBeSpreadOverSeveral() {
        assertThat(chat(events(
                                "{'choices':[{'index':1,'delta':{'content':'A'}}]}",
                                "{'choices':{'index':1,'delta':{'content':'a'},'finish_reason':'stop'}}"))
                        .text())
                .isEqualTo("Aa");
        var spread = chat(
                events(
                        "{'choices':[{'message':{'content':'Now'},'finish_reason':'tool_calls'},"
                                + "{'message':{'content':null,'tool_calls':[{'id':'a','function':{'name':'clock','arguments':'{}'}}]},'finish_reason':'tool_calls'}]}"));
        assertThat(spread.text()).isEqualTo("Now");
        assertThat(called(spread)).containsExactly("clock{}");
    }

    @Test
    void callsBehindTheFinishReasonAreRead() {
        var response = chat(events(
                "{'choices':[{'delta':{'content':null},'finish_reason':'tool_calls'}]}",
                "{'choices':[{'delta':{'tool_calls':[{'index':0,'id':'a','function':{'name':'clock','arguments':'{}'}}]}}]}",
                "{'choices':null,'usage':{'prompt_tokens':'9','completion_tokens':'3'}}",
                "[DONE]"));

        assertThat(called(response)).containsExactly("clock{}");
        assertThat(response.usage().outputTokens()).isEqualTo(3);
    }

    @Test
    void theNumberOfCallsIsLimited() {
        var many = new StringBuilder("[");
        for (var i = 0; i <= 1000; i++) {
            many.append(i == 0 ? "" : ",").append("{'id':'" + i + "','function':{'name':'clock','arguments':'{}'}}");
        }

        assertThat(failure(Api.CHAT, calls(many + "]"))).hasMessageContaining("1000 tool calls");
    }
}
