package dev.rein.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.Usage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms in which servers send text, reasoning and usage in chat completions. */
class ContentShapesTest extends ServerResponses {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'text' | text |",
                "null | |",
                "7 | 7 |",
                "true | true |",
                "[] | |",
                "{} | |",
                "[{'type':'text','text':'te'},{'type':'text','text':'xt'}] | text |",
                "['te','xt'] | text |",
                "[{'type':'text','text':{'value':'text'}},{'text':null},null] | text |",
                "{'type':'text','text':'text'} | text |",
                "[{'type':'output_text','text':'text'}] | text |",
                "[{'type':'thinking','thinking':[{'type':'text','text':'hm'}]},{'type':'text','text':'text'}] | text | hm",
                "[{'type':'thinking','thinking':'hm'},'text'] | text | hm",
                "[{'type':'reasoning','text':'hm'},{'type':'text','text':'text'}] | text | hm",
                "[{'type':'reasoning','summary':[{'type':'summary_text','text':'hm'}]}] | | hm",
                "[{'type':'reference','reference_ids':[1]},{'type':'image_url','image_url':{'url':'x'}}] | |",
                "[{'type':'unknown','text':'no'},{'type':'text','text':'text'}] | text |",
                "[{'type':'refusal','refusal':'no'}] | no |"
            })
    void contentOfEachFormIsRead(String content, String text, String reasoning) {
        var response = chat(deltas("stop", "{'content':" + content + "}"));

        assertThat(response.text()).isEqualTo(text == null ? "" : text);
        assertThat(response.reasoning()).isEqualTo(reasoning);
        assertThat(call.text()).isEqualTo(response.text());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'reasoning_content':'hm'",
                "'reasoning':'hm'",
                "'thinking':'hm'",
                "'reasoning_text':'hm'",
                "'reasoning_content':'hm','reasoning':'hm'",
                "'reasoning':{'content':'hm'}",
                "'reasoning':[{'type':'text','text':'hm'}]",
                "'reasoning_content':null,'reasoning':'','thinking':'hm'",
                "'reasoning':'hm','reasoning_details':[{'type':'reasoning.text','text':'hm','index':0}]",
                "'reasoning_details':[{'type':'reasoning.summary','summary':'hm','index':0}]",
                "'thinking_blocks':[{'type':'thinking','thinking':'hm','signature':null}]",
                "'content':'<thought>hm</thought>','extra_content':{'google':{'thought':true}}"
            })
    void reasoningOfEachFormIsRead(String field) {
        var response = chat(deltas("stop", "{" + field + "}", "{'content':'42'}"));

        assertThat(response.reasoning()).isEqualTo("hm");
        assertThat(String.join("", call.thoughts)).isEqualTo("hm");
        assertThat(response.text()).isEqualTo("42");
    }

    @Test
    void whatTheProviderWantsBackIsKept() {
        assertThat(data("{'reasoning_content':'so '}", "{'reasoning_content':'what','content':''}"))
                .isEqualTo(tree("{'reasoning_content':'so what'}"));
        assertThat(data(
                        "{'reasoning':'so','reasoning_details':[{'type':'reasoning.text','text':'so ','index':0}]}",
                        "{'reasoning':' what','reasoning_details':[{'type':'reasoning.text','text':'what','index':0}]}",
                        "{'reasoning_details':[{'type':'reasoning.text','signature':'abc','index':0}]}",
                        "{'reasoning_details':[{'type':'reasoning.encrypted','data':'def','id':'t1','index':1}]}"))
                .isEqualTo(tree(
                        "{'reasoning_details':[{'type':'reasoning.text','text':'so what','index':0,'signature':'abc'},"
                                + "{'type':'reasoning.encrypted','data':'def','id':'t1','index':1}]}"));
        assertThat(data(
                        "{'thinking_blocks':[{'type':'thinking','thinking':'so ','signature':null}]}",
                        "{'thinking_blocks':[{'type':'thinking','thinking':'what','signature':'abc'}]}",
                        "{'thinking_blocks':[{'type':'thinking','thinking':'then','signature':null}]}",
                        "{'thinking_blocks':[{'type':'redacted_thinking','data':'x'}]}"))
                .isEqualTo(tree("{'thinking_blocks':[{'type':'thinking','thinking':'so what','signature':'abc'},"
                        + "{'type':'thinking','thinking':'then','signature':null},"
                        + "{'type':'redacted_thinking','data':'x'}]}"));
        assertThat(data("{'content':'hi','extra_content':{'google':{'thought_signature':'abc'}}}"))
                .isEqualTo(tree("{'extra_content':{'google':{'thought_signature':'abc'}}}"));
    }

    private JsonNode data(String... deltas) {
        return chat(deltas("stop", deltas)).providerData().data();
    }

    private static JsonNode tree(String text) {
        return SampleRequests.json(json(text));
    }

    @Test
    void whatTheProviderWantsBackWithACallIsKeptThere() {
        var signature = "'extra_content':{'google':{'thought_signature':'abc'}}";
        for (var script : new dev.rein.testkit.Script[] {
            calls("[{'id':'a','function':{'name':'clock','arguments':'{}'}," + signature + "}]"),
            calls("[{'id':'a','function':{'name':'clock','arguments':'{}'}}]", "[{" + signature + "}]"),
            calls(
                    "[{'index':0,'id':'a','function':{'name':'clock','arguments':'{}'}}]",
                    "[{'index':0," + signature + "}]")
        }) {
            var response = chat(script);
            assertThat(called(response)).containsExactly("clock{}");
            assertThat(response.providerData()).isNull();
            assertThat(response.toolCalls().getFirst().providerData().data())
                    .isEqualTo(SampleRequests.json(json("{" + signature + "}")));
        }
        assertThat(chat(calls("[{'id':'a','function':{'name':'clock'}}]"))
                        .toolCalls()
                        .getFirst()
                        .providerData())
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'usage':{'prompt_tokens':12,'completion_tokens':3} | 12,3,0,0",
                "'x_groq':{'id':'r','usage':{'prompt_tokens':12,'completion_tokens':3}} | 12,3,0,0",
                "'choices':[{'delta':{},'usage':{'prompt_tokens':12,'completion_tokens':3,'cached_tokens':4}}] | 12,3,0,4",
                "'usage':{'input_tokens':'12','output_tokens':3.0} | 12,3,0,0",
                "'usage':{'prompt_tokens':12,'completion_tokens':3,'prompt_tokens_details':null,"
                        + "'completion_tokens_details':{'reasoning_tokens':2}} | 12,3,2,0",
                "'usage':{'prompt_tokens':12,'completion_tokens':3,'prompt_cache_hit_tokens':4} | 12,3,0,4",
                "'usage':{'prompt_tokens':12,'completion_tokens':3,'total_tokens':20,"
                        + "'completion_tokens_details':{'reasoning_tokens':5}} | 12,8,5,0",
                "'timings':{'cache_n':4,'prompt_n':8,'predicted_n':3} | 12,3,0,4",
                "'usage':{'prompt_tokens':0,'completion_tokens':0} | ",
                "'usage':{'prompt_tokens':null,'completion_tokens':{}} | ",
                "'usage':'none' | "
            })
    void usageIsReadFromEachPlace(String fields, String expected) {
        var response =
                chat(events("{" + fields + "}", "{'choices':[{'delta':{'content':'hi'},'finish_reason':'stop'}]}"));

        assertThat(response.usage()).isEqualTo(expected == null ? null : usage(expected));
    }

    private static Usage usage(String counts) {
        var each = counts.split(",");
        return new Usage(
                Long.parseLong(each[0]), Long.parseLong(each[1]), Long.parseLong(each[2]), Long.parseLong(each[3]));
    }

    @Test
    void theLastUsageCounts() {
        var response = chat(events(
                "{'choices':[{'delta':{'content':'a'}}],'usage':{'prompt_tokens':5,'completion_tokens':1}}",
                "{'choices':[{'delta':{'content':'b'}}],'usage':{'prompt_tokens':5,'completion_tokens':2}}",
                "{'choices':[{'delta':{},'finish_reason':'stop'}],'usage':{'prompt_tokens':0,'completion_tokens':0}}"));

        assertThat(response.usage()).isEqualTo(Usage.of(5, 2));
    }

    @Test
    void theMoreSpecificFinishReasonCounts() {
        assertThat(reason("'tool_calls'", "'stop'")).isEqualTo("tool_calls");
        assertThat(reason("'length'", "'stop'")).isEqualTo("length");
        assertThat(reason("'stop'", "'length'")).isEqualTo("length");
        assertThat(reason("null", "''", "'null'", "'stop'")).isEqualTo("stop");
    }

    private String reason(String... reasons) {
        return chat(events(java.util.stream.Stream.of(reasons)
                        .map(reason -> "{'choices':[{'delta':{'content':'x'},'finish_reason':" + reason + "}]}")
                        .toArray(String[]::new)))
                .rawFinishReason();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'choices':[{'text':'Hel'}]}|{'choices':[{'text':'lo','finish_reason':'stop'}]}",
                "{'choices':[{'delta':{},'text':'Hel'}]}|{'choices':[{'delta':{'role':'assistant'},'text':'lo','finish_reason':'stop'}]}",
                "{'choices':[{'delta':null}]}|{'choices':[{'delta':{'role':'assistant'}}]}|{'choices':[{'delta':{'content':[[{'type':'text','text':'Hel'}],'lo']},'finish_reason':'stop'}]}",
                "{'choices':[{'delta':{'content':'Hello'},'finish_reason':'stop'}]}|{'choices':[{'delta':{'content':''},'finish_reason':'stop'}]}",
            })
    void textIsReadFromEachPlace(String chunks) {
        assertThat(chat(events(chunks.split("\\|"))).text()).isEqualTo("Hello");
        assertThat(call.text()).isEqualTo("Hello");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'error':{}}",
                "{'error':''}",
                "{'fault':{'faultstring':'no'}}",
                "{'success':false}",
                "{'status':'failed'}",
                "{'code':503}",
                "<html>502</html>",
                "'Bad Gateway'",
            })
    void whatIsNoPartOfAnAnswerIsAnErrorAlsoBehindText(String event) {
        for (var api : Api.values()) {
            var text = api == Api.CHAT
                    ? "{'choices':[{'delta':{'content':'Hel'}}]}"
                    : "{'type':'response.output_text.delta','delta':'Hel'}";
            assertThat(failure(api, events(text, event, "[DONE]")))
                    .as("%s %s", api, event)
                    .isNotNull();
        }
    }
}
