package dev.rein.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.model.ModelException.Kind;
import dev.rein.model.Usage;
import dev.rein.testkit.Script;
import org.junit.jupiter.api.Test;

/** What Groq sends. */
class GroqServerTest extends ServerResponses {

    @Test
    void usageInAPlaceOfItsOwn() {
        var response = chat(events(
                "{'id':'c','object':'chat.completion.chunk','choices':[{'index':0,'delta':{'role':'assistant','content':'','reasoning':'hm'},'logprobs':null,'finish_reason':null}],'x_groq':{'id':'req_1'}}",
                "{'id':'c','choices':[{'index':0,'delta':{'tool_calls':[{'id':'a','type':'function','function':{'name':'weather','arguments':'{`x`:1}'},'index':0}]},'finish_reason':null}]}",
                "{'id':'c','choices':[{'index':0,'delta':{},'finish_reason':'tool_calls'}],'x_groq':{'id':'req_1','usage':{'queue_time':0.1,'prompt_tokens':9,'completion_tokens':3,'total_tokens':12}}}",
                "[DONE]"));

        assertThat(called(response)).containsExactly("weather{\"x\":1}");
        assertThat(response.usage()).isEqualTo(Usage.of(9, 3));
        assertThat(response.reasoning()).isEqualTo("hm");
    }

    @Test
    void anErrorEvent() {
        var failure = failure(
                Api.CHAT,
                Script.events()
                        .thenEvent(
                                "error",
                                json(
                                        "{'error':{'message':'Failed to call a function','type':'invalid_request_error','code':'tool_use_failed','failed_generation':'<function=x>','status_code':400}}")));

        assertThat(failure.kind()).isEqualTo(Kind.BAD_REQUEST);
        assertThat(failure).hasMessageEndingWith("Failed to call a function");
        assertThat(failure.body()).contains("failed_generation");
    }

    @Test
    void overloadInTheLastChunk() {
        for (var error : new String[] {"'over capacity'", "{'message':'over capacity','code':503}"}) {
            var failure = failure(
                    Api.CHAT,
                    events(
                            "{'id':'c','choices':[{'index':0,'delta':{},'finish_reason':null}],'x_groq':{'id':'req_1','error':"
                                    + error + "}}"));

            assertThat(failure.kind()).isEqualTo(Kind.SERVER);
            assertThat(failure).hasMessageEndingWith("over capacity");
        }
    }

    @Test
    void rawReasoningIsSeparatedByTheSetting() {
        provider.enqueue(Script.tokens("<think>", "hm", "</think>", "42"));
        var model = OpenAIChat.builder()
                .id("m")
                .baseUrl(provider.baseUrl())
                .thinkTags(ThinkTags.THINK)
                .build();

        var response = model.respond(REQUEST, call);

        assertThat(response.text()).isEqualTo("42");
        assertThat(response.reasoning()).isEqualTo("hm");
    }
}
