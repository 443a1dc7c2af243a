package dev.rein.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.model.FinishReason;
import dev.rein.model.ModelException.Kind;
import dev.rein.model.Usage;
import org.junit.jupiter.api.Test;

/** What Together and Fireworks send. */
class TogetherServerTest extends ServerResponses {

    @Test
    void usageInEachChunkAndTextBesideTheDelta() {
        var response = chat(events(
                "{'id':'o','object':'chat.completion.chunk','choices':[{'index':0,'text':'4','logprobs':null,'finish_reason':null,'delta':{'token_id':1,'role':'assistant','content':'4','tool_calls':null}}],'usage':null}",
                "{'id':'o','choices':[{'index':0,'text':'2','finish_reason':'eos','seed':1,'delta':{'token_id':2,'role':'assistant','content':'2','tool_calls':null}}],'usage':{'prompt_tokens':9,'completion_tokens':3,'total_tokens':12,'cached_tokens':0}}",
                "[DONE]"));

        assertThat(response.text()).isEqualTo("42");
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(response.usage()).isEqualTo(Usage.of(9, 3));
    }

    @Test
    void callsInFragmentsWithEmptyMembers() {
        assertThat(
                        called(
                                chat(
                                        deltas(
                                                "tool_calls",
                                                "{'content':null,'tool_calls':[]}",
                                                "{'tool_calls':[{'index':0,'id':'call_1','type':'function','function':{'name':'weather'}}]}",
                                                "{'tool_calls':[{'index':0,'id':null,'type':'function','function':{'name':null,'arguments':'{`x`'}}]}",
                                                "{'tool_calls':[{'index':0,'id':null,'type':'function','function':{'name':null,'arguments':':1}'}}]}",
                                                "{'tool_calls':[{'index':1,'id':'call_2','type':'function','function':{'name':'clock','arguments':''}}]}"))))
                .containsExactly("weather{\"x\":1}", "clock{}");
    }

    @Test
    void errorsInTheirForms() {
        assertThat(failure(
                                Api.CHAT,
                                events(
                                        "{'error':{'message':'slow down','type':'rate_limit','param':null,'code':null}}",
                                        "[DONE]"))
                        .kind())
                .isEqualTo(Kind.RATE_LIMIT);
        assertThat(failure(
                                Api.CHAT,
                                events(
                                        "{'error':{'object':'error','type':'internal_server_error','message':'failed'}}"))
                        .kind())
                .isEqualTo(Kind.SERVER);
        assertThat(failure(Api.CHAT, body("application/json", "{'fault':{'faultstring':'x'},'message':'Unauthorized'}"))
                        .kind())
                .isEqualTo(Kind.AUTHENTICATION);
    }

    @Test
    void aStreamThatIsCut() {
        var failure = failure(
                Api.CHAT, events("{'choices':[{'delta':{'content':'half'}}]}").thenCut());

        assertThat(failure.kind()).isEqualTo(Kind.CONNECTION);
        assertThat(failure(Api.CHAT, events("{'choices':[{'delta':{'content':'half'}}]}"))
                        .kind())
                .isEqualTo(Kind.CONNECTION);
        assertThat(failure(
                                Api.CHAT,
                                events(
                                        "{'choices':[{'delta':{'tool_calls':[{'index':0,'function':{'name':'delete'}}]}}]}",
                                        "[DONE]"))
                        .isRetryable())
                .isTrue();
    }
}
