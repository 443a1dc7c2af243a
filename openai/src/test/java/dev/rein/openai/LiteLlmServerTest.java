package dev.rein.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.model.ModelException.Kind;
import dev.rein.testkit.Script;
import org.junit.jupiter.api.Test;

/** What the LiteLLM proxy sends, and other gateways. */
class LiteLlmServerTest extends ServerResponses {

    @Test
    void theCallOnceMoreAtTheEnd() {
        var response = chat(
                deltas(
                        "tool_calls",
                        "{'role':'assistant','content':null,'tool_calls':[{'index':0,'id':'a','type':'function','function':{'name':'weather','arguments':'{`x`'}}]}",
                        "{'tool_calls':[{'index':0,'id':'a','type':'function','function':{'arguments':':1}'}}]}",
                        "{'tool_calls':[{'index':0,'id':'a','type':'function','function':{'name':'weather','arguments':'`{\\\\`x\\\\`:1}`'}}]}"));

        assertThat(called(response)).containsExactly("weather{\"x\":1}");
    }

    @Test
    void thinkingBlocksAndSignatures() {
        var response = chat(
                deltas(
                        "tool_calls",
                        "{'reasoning_content':'so ','thinking_blocks':[{'type':'thinking','thinking':'so ','signature':null}]}",
                        "{'reasoning_content':'what','thinking_blocks':[{'type':'thinking','thinking':'what','signature':null}]}",
                        "{'thinking_blocks':[{'type':'thinking','thinking':'','signature':'Et8B'}]}",
                        "{'tool_calls':[{'index':0,'id':'a','function':{'name':'clock','arguments':'{}'},'provider_specific_fields':{'thought_signature':'EjQK'}}]}"));

        assertThat(response.reasoning()).isEqualTo("so what");
        assertThat(response.providerData().data())
                .isEqualTo(
                        SampleRequests.json(
                                json(
                                        "{'thinking_blocks':[{'type':'thinking','thinking':'so what','signature':'Et8B'}],'reasoning_content':'so what'}")));
        assertThat(response.toolCalls().getFirst().providerData().data())
                .isEqualTo(SampleRequests.json(json("{'provider_specific_fields':{'thought_signature':'EjQK'}}")));
    }

    @Test
    void errorsOfOthersPassedOn() {
        var failure = failure(
                Api.CHAT,
                events(
                        "{'choices':[{'delta':{'content':'half'}}]}",
                        "{'error':{'message':'litellm.RateLimitError: slow down','type':'None','param':'None','code':'429'}}",
                        "[DONE]"));
        assertThat(failure.kind()).isEqualTo(Kind.RATE_LIMIT);
        assertThat(failure(Api.CHAT, body("application/json", "{'detail':'Not Found'}"))
                        .kind())
                .isEqualTo(Kind.NOT_FOUND);
        assertThat(failure(
                                Api.CHAT,
                                events("{'type':'error','error':{'type':'overloaded_error','message':'Overloaded'}}"))
                        .kind())
                .isEqualTo(Kind.SERVER);
        assertThat(
                        failure(
                                Api.CHAT,
                                events(
                                        "{'success':false,'errors':[{'code':10000,'message':'Authentication error'}],'result':null}")))
                .hasMessageEndingWith("Authentication error");
        assertThat(failure(
                        Api.CHAT,
                        events("{'base_resp':{'status_code':1004,'status_msg':'login fail'},'choices':null}")))
                .hasMessageEndingWith("login fail");
        assertThat(failure(
                                Api.CHAT,
                                Script.wholeBody(
                                        "text/plain", "upstream connect error or disconnect/reset before headers"))
                        .kind())
                .isEqualTo(Kind.SERVER);
        assertThat(failure(Api.CHAT, events("Internal Server Error")).kind()).isEqualTo(Kind.SERVER);
    }

    @Test
    void responsesThatAreNotStreamed() {
        var answer = chat(Script.wholeBody(
                "text/event-stream",
                json(
                        "{'object':'chat.completion','choices':[{'index':0,'message':{'role':'assistant','content':'42'},'finish_reason':'stop'}],"
                                + "'usage':{'prompt_tokens':9,'completion_tokens':3}}data: [DONE]\n\n")));
        assertThat(answer.text()).isEqualTo("42");
        assertThat(call.text()).isEqualTo("42");

        var response = responses(body(
                "application/json",
                "{\n 'id': 'r',\n 'object': 'response',\n 'status': 'completed',\n 'error': null,\n 'text': {'format': {'type': 'text'}},\n"
                        + " 'output': [{'type':'message','content':[{'type':'output_text','text':'Let me see'}]},"
                        + "{'type':'function_call','id':'i','call_id':'a','name':'weather','arguments':'{`x`:1}'}],\n"
                        + " 'usage': {'input_tokens':9,'output_tokens':3}\n}"));
        assertThat(response.text()).isEqualTo("Let me see");
        assertThat(called(response)).containsExactly("weather{\"x\":1}");
        assertThat(response.usage().inputTokens()).isEqualTo(9);
    }

    @Test
    void chunksWithoutTheFormOfEvents() {
        assertThat(chat(Script.wholeBody(
                                "application/x-ndjson",
                                json(
                                        "{'choices':[{'delta':{'content':'4'}}]}\n{'choices':[{'delta':{'content':'2'},'finish_reason':'stop'}]}\n")))
                        .text())
                .isEqualTo("42");
    }

    @Test
    void anEmptyBody() {
        for (var type : new String[] {"application/json", "text/event-stream", "text/plain"}) {
            for (var api : Api.values()) {
                assertThat(failure(api, Script.wholeBody(type, "")).isRetryable())
                        .isTrue();
            }
        }
    }

    @Test
    void anUnknownMarkOfTheEnd() {
        assertThat(chat(events("{'choices':[{'delta':{'content':'42'},'finish_reason':'stop'}]}", "[done]", "END"))
                        .text())
                .isEqualTo("42");
    }
}
