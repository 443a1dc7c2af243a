package dev.rein.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.model.FinishReason;
import dev.rein.model.ModelException.Kind;
import dev.rein.model.Usage;
import dev.rein.testkit.Script;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What Gemini's door for OpenAI's clients sends. */
class GeminiServerTest extends ServerResponses {

    @Test
    void callsWithoutIndexAndTheirSignature() {
        var response = chat(events(
                "{'choices':[{'delta':{'role':'assistant','tool_calls':[{'extra_content':{'google':{'thought_signature':'EjQK'}},'function':{'arguments':'{`x`:1}','name':'weather'},'id':'','type':'function'}]},'index':0}],'created':1,'id':'r','model':'g','object':'chat.completion.chunk','usage':{'completion_tokens':2,'prompt_tokens':9,'total_tokens':20}}",
                "{'choices':[{'delta':{'role':'assistant','tool_calls':[{'function':{'arguments':'{`x`:2}','name':'weather'},'id':'','type':'function'}]},'finish_reason':'stop','index':0}],'usage':{'completion_tokens':3,'prompt_tokens':9,'total_tokens':21}}",
                "[DONE]"));

        assertThat(called(response)).containsExactly("weather{\"x\":1}", "weather{\"x\":2}");
        assertThat(ids(response)).doesNotContain("").doesNotHaveDuplicates();
        assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(response.toolCalls().get(0).providerData().data())
                .isEqualTo(SampleRequests.json(json("{'extra_content':{'google':{'thought_signature':'EjQK'}}}")));
        assertThat(response.toolCalls().get(1).providerData()).isNull();
        assertThat(response.usage()).isEqualTo(Usage.of(9, 12));
    }

    @Test
    void thoughtsAndTheSignatureOfAnAnswer() {
        var response = chat(deltas(
                "stop",
                "{'content':'<thought>so ','extra_content':{'google':{'thought':true}}}",
                "{'content':'what','extra_content':{'google':{'thought':true}}}",
                "{'content':'</thought>','extra_content':{'google':{'thought':true}}}",
                "{'content':'42'}",
                "{'content':'','extra_content':{'google':{'thought_signature':'EjQK'}}}"));

        assertThat(response.reasoning()).isEqualTo("so what");
        assertThat(response.text()).isEqualTo("42");
        assertThat(response.providerData().data())
                .isEqualTo(SampleRequests.json(json("{'extra_content':{'google':{'thought_signature':'EjQK'}}}")));
    }

    @Test
    void anErrorInAList() {
        var error =
                "[{\n  'error': {\n    'code': 429,\n    'message': 'You exceeded your current quota.',\n    'status': 'RESOURCE_EXHAUSTED',\n"
                        + "    'details': [\n      {'@type': 'type.googleapis.com/google.rpc.RetryInfo', 'retryDelay': '34.5s'}\n    ]\n  }\n}\n]";
        for (var script : new Script[] {
            body("application/json; charset=UTF-8", error),
            body("text/event-stream", error),
            events(error.replace("\n", ""))
        }) {
            var failure = failure(Api.CHAT, script);

            assertThat(failure.kind()).isEqualTo(Kind.RATE_LIMIT);
            assertThat(failure).hasMessageEndingWith("You exceeded your current quota.");
            assertThat(failure.retryAfter()).isEqualTo(Duration.ofMillis(34_500));
        }
    }

    @Test
    void finishReasonsOfItsOwn() {
        assertThat(chat(deltas("content_filter: RECITATION", "{'content':'half'}"))
                        .finishReason())
                .isEqualTo(FinishReason.CONTENT_FILTER);
        assertThat(chat(deltas("function_call_filter: MALFORMED_FUNCTION_CALL", "{'content':'half'}"))
                        .finishReason())
                .isEqualTo(FinishReason.ERROR);
    }
}
