package dev.rein.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.model.FinishReason;
import dev.rein.model.ModelException.Kind;
import dev.rein.model.Usage;
import dev.rein.testkit.Script;
import org.junit.jupiter.api.Test;

/** What llama.cpp's server sends. */
class LlamaCppServerTest extends ServerResponses {

    @Test
    void reasoningCallsAndTimings() {
        var response = chat(events(
                "{'choices':[{'finish_reason':null,'index':0,'delta':{'role':'assistant','content':null}}],'created':1,'id':'c','model':'q','object':'chat.completion.chunk'}",
                "{'choices':[{'finish_reason':null,'index':0,'delta':{'reasoning_content':'hm'}}]}",
                "{'choices':[{'finish_reason':null,'index':0,'delta':{'tool_calls':[{'index':0,'id':'a','type':'function','function':{'name':'weather','arguments':'{'}}]}}]}",
                "{'choices':[{'finish_reason':null,'index':0,'delta':{'tool_calls':[{'index':0,'function':{'arguments':'`x`:1'}}]}}]}",
                "{'choices':[{'finish_reason':null,'index':0,'delta':{'tool_calls':[{'index':0,'function':{'arguments':'}'}}]}}]}",
                "{'choices':[{'finish_reason':'tool_calls','index':0,'delta':{}}],'timings':{'cache_n':4,'prompt_n':5,'predicted_n':3,'predicted_per_second':NaN}}",
                "[DONE]"));

        assertThat(called(response)).containsExactly("weather{\"x\":1}");
        assertThat(response.reasoning()).isEqualTo("hm");
        assertThat(response.usage()).isEqualTo(new Usage(9, 3, 0, 4));
        assertThat(response.providerData().data()).isEqualTo(SampleRequests.json(json("{'reasoning_content':'hm'}")));
    }

    @Test
    void anErrorInThePlaceOfAnEvent() {
        var error =
                "{'error':{'code':400,'message':'the request exceeds the available context size','type':'exceed_context_size_error','n_ctx':4096}}";
        for (var script : new Script[] {
            events(error),
            events(error, "[DONE]"),
            events().thenRaw(json("error: " + error + "\n\n")),
            body("text/event-stream", error)
        }) {
            var failure = failure(Api.CHAT, script);

            assertThat(failure.kind()).isEqualTo(Kind.BAD_REQUEST);
            assertThat(failure).hasMessageEndingWith("the request exceeds the available context size");
        }
    }

    @Test
    void theModelIsStillLoading() {
        var failure = failure(
                Api.CHAT,
                body(
                        "application/json",
                        "{'error':{'code':503,'message':'Loading model','type':'unavailable_error'}}"));

        assertThat(failure.kind()).isEqualTo(Kind.SERVER);
        assertThat(failure.status()).isEqualTo(503);
    }

    @Test
    void aResponseThatIsCutOff() {
        var response = chat(
                deltas("length", "{'tool_calls':[{'index':0,'id':'a','function':{'name':'delete','arguments':''}}]}"));

        assertThat(response.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(called(response)).containsExactly("delete{}");
    }
}
