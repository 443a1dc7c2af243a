package dev.rein.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.model.FinishReason;
import dev.rein.model.ModelException.Kind;
import dev.rein.testkit.Script;
import org.junit.jupiter.api.Test;

/** What Ollama's doors for OpenAI's clients send. */
class OllamaServerTest extends ServerResponses {

    @Test
    void callsOneByOneAtOneIndex() {
        var response = chat(events(
                "{'id':'c','object':'chat.completion.chunk','model':'q','system_fingerprint':'fp_ollama','choices':[{'index':0,'delta':{'role':'assistant','content':'','reasoning':'hm'},'finish_reason':null}]}",
                "{'id':'c','choices':[{'index':0,'delta':{'role':'assistant','content':'','tool_calls':[{'id':'call_1','index':0,'type':'function','function':{'name':'weather','arguments':'{`x`:1}'}}]},'finish_reason':null}]}",
                "{'id':'c','choices':[{'index':0,'delta':{'role':'assistant','content':'','tool_calls':[{'id':'call_2','index':0,'type':'function','function':{'name':'weather','arguments':'{`x`:2}'}}]},'finish_reason':null}]}",
                "{'id':'c','choices':[{'index':0,'delta':{'role':'assistant','content':''},'finish_reason':'stop'}]}",
                "{'id':'c','choices':[],'usage':{'prompt_tokens':9,'completion_tokens':3,'total_tokens':12}}",
                "[DONE]"));

        assertThat(called(response)).containsExactly("weather{\"x\":1}", "weather{\"x\":2}");
        assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(response.rawFinishReason()).isEqualTo("stop");
        assertThat(response.reasoning()).isEqualTo("hm");
    }

    @Test
    void anErrorAsALineOfItsOwn() {
        for (var script : new Script[] {
            events().thenRaw(json(
                    "{'error':{'message':'an error was encountered while running the model','type':'api_error'}}\n")),
            events().thenRaw(json("{'error':'an error was encountered while running the model'}\n")),
            events("{'choices':[{'delta':{'content':'half'}}]}")
                    .thenRaw(json("{'error':'an error was encountered while running the model'}\n\n"))
                    .thenEvent("[DONE]"),
            events("{'error':'an error was encountered while running the model'}", "[DONE]")
        }) {
            var failure = failure(Api.CHAT, script);

            assertThat(failure).hasMessageEndingWith("an error was encountered while running the model");
            assertThat(failure.kind()).isEqualTo(Kind.SERVER);
        }
    }

    @Test
    void aModelThatIsMissing() {
        var failure = failure(
                Api.CHAT,
                body(
                        "application/json",
                        "{'error':{'message':'model `q` not found, try pulling it first','type':'api_error','param':null,'code':null}}"));

        assertThat(failure.kind()).isEqualTo(Kind.NOT_FOUND);
        assertThat(failure).hasMessageContaining("try pulling it first");
    }

    @Test
    void aResponseThatIsNotStreamed() {
        var response = chat(
                body(
                        "application/json",
                        "{'id':'c','object':'chat.completion','model':'q','choices':[{'index':0,'message':{'role':'assistant','content':'',"
                                + "'reasoning':'hm','tool_calls':[{'id':'call_1','index':0,'type':'function','function':{'name':'weather','arguments':{'x':1}}}]},"
                                + "'finish_reason':'tool_calls'}],'usage':{'prompt_tokens':9,'completion_tokens':3,'total_tokens':12}}\n"));

        assertThat(called(response)).containsExactly("weather{\"x\":1}");
        assertThat(response.reasoning()).isEqualTo("hm");
        assertThat(response.usage().inputTokens()).isEqualTo(9);
    }
}
