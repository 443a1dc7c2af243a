package dev.rein.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.model.ModelException.Kind;
import dev.rein.testkit.Script;
import org.junit.jupiter.api.Test;

/** What LM Studio sends. */
class LmStudioServerTest extends ServerResponses {

    @Test
    void fragmentsWithoutNameOfSeveralCalls() {
        var response = chat(deltas(
                "tool_calls",
                "{'role':'assistant','reasoning_content':'hm'}",
                "{'tool_calls':[{'index':0,'id':'1','type':'function','function':{'name':'weather','arguments':''}}]}",
                "{'tool_calls':[{'index':0,'type':'function','function':{'name':'','arguments':'{`x`'}}]}",
                "{'tool_calls':[{'index':0,'type':'function','function':{'name':'','arguments':':1}'}}]}",
                "{'tool_calls':[{'index':1,'id':'2','type':'function','function':{'name':'clock','arguments':''}}]}",
                "{'tool_calls':[{'index':1,'type':'function','function':{'arguments':'{}'}}]}"));

        assertThat(called(response)).containsExactly("weather{\"x\":1}", "clock{}");
        assertThat(ids(response)).containsExactly("1", "2");
        assertThat(response.reasoning()).isEqualTo("hm");
    }

    @Test
    void anErrorEvent() {
        for (var data : new String[] {
            "{'error':{'message':'Model unloaded.'}}",
            "{'message':'Model unloaded.'}",
            "{'error':'Model unloaded.'}",
            "Model unloaded."
        }) {
            for (var api : Api.values()) {
                var failure = failure(
                        api, Script.events().thenEvent("error", json(data)).thenEvent("[DONE]"));

                assertThat(failure).hasMessageEndingWith("Model unloaded.");
                assertThat(failure.kind()).isEqualTo(Kind.SERVER);
            }
        }
    }

    @Test
    void anUnknownPathIsAnsweredWithSuccess() {
        var failure = failure(
                Api.RESPONSES,
                body("application/json", "{'error':'Unexpected endpoint or method. (POST /v1/responses)'}"));

        assertThat(failure).hasMessageContaining("Unexpected endpoint or method");
    }
}
