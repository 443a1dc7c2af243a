package dev.rein.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.model.FinishReason;
import dev.rein.model.ModelException.Kind;
import dev.rein.model.Usage;
import org.junit.jupiter.api.Test;

/** What vLLM sends, and SGLang, whose server is alike. */
class VllmServerTest extends ServerResponses {

    @Test
    void reasoningAndAnswer() {
        var response = chat(events(
                "{'id':'c','object':'chat.completion.chunk','model':'q','choices':[{'index':0,'delta':{'role':'assistant','content':''},'logprobs':null,'finish_reason':null}]}",
                "{'id':'c','object':'chat.completion.chunk','model':'q','choices':[{'index':0,'delta':{'reasoning':'hm','reasoning_content':'hm'},'finish_reason':null}]}",
                "{'id':'c','object':'chat.completion.chunk','model':'q','choices':[{'index':0,'delta':{'content':'42'},'logprobs':{'content':[{'logprob':-Infinity}]},'finish_reason':null}]}",
                "{'id':'c','object':'chat.completion.chunk','model':'q','choices':[{'index':0,'delta':{'content':''},'finish_reason':'stop','stop_reason':null}]}",
                "{'id':'c','object':'chat.completion.chunk','model':'q','choices':[],'usage':{'prompt_tokens':9,'total_tokens':12,'completion_tokens':3}}",
                "[DONE]"));

        assertThat(response.reasoning()).isEqualTo("hm");
        assertThat(response.text()).isEqualTo("42");
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(response.usage()).isEqualTo(Usage.of(9, 3));
    }

    @Test
    void aNameWithoutIdAndItsArgumentsAsAWhole() {
        assertThat(called(chat(deltas(
                        "tool_calls",
                        "{'content':''}",
                        "{'tool_calls':[{'index':0,'id':null,'type':null,'function':{'name':'weather','arguments':null}}]}",
                        "{'tool_calls':[{'index':0,'function':{'name':null,'arguments':'{`n1`: 2}'}}]}"))))
                .containsExactly("weather{\"n1\": 2}");
    }

    @Test
    void anErrorBeforeTheEndOfTheStream() {
        for (var error : new String[] {
            "{'error':{'object':'error','message':'the engine is dead','type':'InternalServerError','param':null,'code':500}}",
            "{'object':'error','message':'the engine is dead','type':'InternalServerError','param':null,'code':500}",
            "{'error':{'message':'the engine is dead','type':'Internal Server Error','code':500}}"
        }) {
            var failure = failure(Api.CHAT, events(error, "[DONE]"));

            assertThat(failure.kind()).isEqualTo(Kind.SERVER);
            assertThat(failure).hasMessageEndingWith("the engine is dead");
        }
    }

    @Test
    void aPromptThatIsTooLong() {
        var failure = failure(
                Api.CHAT,
                body(
                        "application/json",
                        "{'object':'error','message':'maximum context length is 4096','type':'BadRequestError','param':null,'code':400}"));

        assertThat(failure.kind()).isEqualTo(Kind.BAD_REQUEST);
        assertThat(failure).hasMessageEndingWith("maximum context length is 4096");
    }

    @Test
    void anAbortedResponseIsNoAnswer() {
        assertThat(chat(deltas("abort", "{'content':'half'}")).finishReason()).isEqualTo(FinishReason.ERROR);
    }

    @Test
    void aStreamThatEndsAtOnce() {
        assertThat(failure(Api.CHAT, events("[DONE]")).isRetryable()).isTrue();
        assertThat(failure(Api.CHAT, events().thenRaw(": ping\n\n")).isRetryable())
                .isTrue();
    }

    @Test
    void reasoningTextOfTheResponsesApi() {
        var response = responses(
                events(
                        "{'type':'response.created','response':{'id':'r','status':'in_progress','output':[]}}",
                        "{'type':'response.output_item.added','output_index':0,'item':{'id':'','type':'reasoning','summary':[]}}",
                        "{'type':'response.reasoning_text.delta','item_id':'','output_index':0,'content_index':0,'delta':'hm'}",
                        "{'type':'response.reasoning_text.done','item_id':'','output_index':0,'content_index':0,'text':'hm'}",
                        "{'type':'response.output_item.done','output_index':0,'item':{'id':'','type':'reasoning','summary':[],'content':[{'type':'reasoning_text','text':'hm'}]}}",
                        "{'type':'response.output_item.added','output_index':1,'item':{'id':'','type':'function_call','call_id':'a','name':'weather','arguments':''}}",
                        "{'type':'response.function_call_arguments.delta','item_id':'','output_index':1,'delta':'{`x`:1}'}",
                        "{'type':'response.function_call_arguments.done','item_id':'','output_index':1,'arguments':'{`x`:1}'}",
                        "{'type':'response.output_item.done','output_index':1,'item':{'id':'','type':'function_call','call_id':'a','name':'weather','arguments':'{`x`:1}'}}",
                        "{'type':'response.completed','response':{'id':'r','status':'completed','output':["
                                + "{'id':'rs_1','type':'reasoning','summary':[],'content':[{'type':'reasoning_text','text':'hm'}]},"
                                + "{'id':'fc_1','type':'function_call','call_id':'other','name':'weather','arguments':'{`x`: 1}'}],"
                                + "'usage':{'input_tokens':9,'output_tokens':3,'output_tokens_details':{'reasoning_tokens':1}}}}"));

        assertThat(response.reasoning()).isEqualTo("hm");
        assertThat(called(response)).containsExactly("weather{\"x\": 1}");
        assertThat(ids(response)).containsExactly("a");
        assertThat(response.usage()).isEqualTo(new Usage(9, 3, 1, 0));
    }
}
