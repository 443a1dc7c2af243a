package dev.rein.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.model.FinishReason;
import dev.rein.model.ModelException.Kind;
import org.junit.jupiter.api.Test;

/** What Mistral sends. */
class MistralServerTest extends ServerResponses {

    @Test
    void contentInParts() {
        var response = chat(deltas(
                "stop",
                "{'role':'assistant','content':''}",
                "{'content':[{'type':'thinking','thinking':[{'type':'text','text':'Okay'}],'closed':false}]}",
                "{'content':[{'type':'thinking','thinking':[{'type':'text','text':', so'},{'type':'reference','reference_ids':[1]}]}]}",
                "{'content':[{'type':'text','text':'42'}]}",
                "{'content':' is it'}",
                "{'content':[{'type':'reference','reference_ids':[1]}]}"));

        assertThat(response.reasoning()).isEqualTo("Okay, so");
        assertThat(response.text()).isEqualTo("42 is it");
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void wholeCallsInOneChunk() {
        assertThat(called(chat(events(
                        "{'choices':[{'index':0,'delta':{'content':'','tool_calls':["
                                + "{'id':'abc123def','function':{'name':'weather','arguments':'{`x`: 1}'},'index':0},"
                                + "{'id':'abc123deg','function':{'name':'clock','arguments':'{}'},'index':1}]},'finish_reason':'tool_calls'}],"
                                + "'usage':{'prompt_tokens':9,'total_tokens':12,'completion_tokens':3}}",
                        "[DONE]"))))
                .containsExactly("weather{\"x\": 1}", "clock{}");
    }

    @Test
    void theModelsOwnLimit() {
        assertThat(chat(deltas("model_length", "{'content':'half'}")).finishReason())
                .isEqualTo(FinishReason.LENGTH);
    }

    @Test
    void errorsInItsForms() {
        assertThat(failure(
                                Api.CHAT,
                                events(
                                        "{'object':'error','message':'Service tier capacity exceeded for this model.','type':'service_tier_capacity_exceeded','param':null,'code':'3505'}"))
                        .kind())
                .isEqualTo(Kind.SERVER);
        assertThat(failure(Api.CHAT, body("application/json", "{'message':'Requests rate limit exceeded'}"))
                        .kind())
                .isEqualTo(Kind.RATE_LIMIT);
        var refused = failure(
                Api.CHAT,
                body(
                        "application/json",
                        "{'object':'error','message':{'detail':[{'type':'extra_forbidden','loc':['body','seed'],'msg':'Extra inputs are not permitted'}]},'type':'invalid_request_error','code':null,'raw_status_code':422}"));
        assertThat(refused.kind()).isEqualTo(Kind.BAD_REQUEST);
        assertThat(refused).hasMessageEndingWith("body.seed: Extra inputs are not permitted");
    }
}
