package dev.rein.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.model.FinishReason;
import dev.rein.model.ModelException.Kind;
import dev.rein.model.Usage;
import dev.rein.testkit.Script;
import org.junit.jupiter.api.Test;

/** What OpenRouter sends. */
class OpenRouterServerTest extends ServerResponses {

    @Test
    void commentsReasoningDetailsAndUsage() {
        var response = chat(Script.events()
                .thenRaw(": OPENROUTER PROCESSING\n\n")
                .thenEvent(
                        json(
                                "{'id':'gen-1','provider':'Anthropic','choices':[{'index':0,'delta':{'role':'assistant','content':'','reasoning':'Let','reasoning_details':[{'type':'reasoning.text','text':'Let','format':'anthropic-claude-v1','index':0}]},'finish_reason':null,'native_finish_reason':null}]}"))
                .thenEvent(
                        json(
                                "{'id':'gen-1','choices':[{'index':0,'delta':{'content':'','reasoning':' me','reasoning_details':[{'type':'reasoning.text','text':' me','format':'anthropic-claude-v1','index':0}]}}]}"))
                .thenEvent(
                        json(
                                "{'id':'gen-1','choices':[{'index':0,'delta':{'content':'','reasoning_details':[{'type':'reasoning.text','signature':'Et8B','format':'anthropic-claude-v1','index':0}]}}]}"))
                .thenEvent(
                        json(
                                "{'id':'gen-1','choices':[{'index':0,'delta':{'content':'42'},'finish_reason':'stop','native_finish_reason':'end_turn'}]}"))
                .thenEvent(
                        json(
                                "{'id':'gen-1','choices':[{'index':0,'delta':{'content':''},'finish_reason':null}],'usage':{'prompt_tokens':9,'completion_tokens':3,'total_tokens':12,'cost':0.1,'prompt_tokens_details':{'cached_tokens':4}}}"))
                .thenEvent("[DONE]"));

        assertThat(response.reasoning()).isEqualTo("Let me");
        assertThat(response.text()).isEqualTo("42");
        assertThat(response.usage()).isEqualTo(new Usage(9, 3, 0, 4));
        assertThat(response.providerData().data())
                .isEqualTo(
                        SampleRequests.json(
                                json(
                                        "{'reasoning_details':[{'type':'reasoning.text','text':'Let me','format':'anthropic-claude-v1','index':0,'signature':'Et8B'}]}")));
    }

    @Test
    void anErrorInTheStream() {
        for (var event : new String[] {
            "{'id':'gen-1','object':'chat.completion.chunk','provider':'x','error':{'code':429,'message':'slow down'},'choices':[{'index':0,'delta':{'content':''},'finish_reason':'error'}]}",
            "{'id':'gen-1','choices':[{'index':0,'delta':{'content':''},'finish_reason':'error','error':{'code':429,'message':'slow down'}}]}",
            "{'error':{'code':'429','message':'slow down'},'user_id':'u'}",
            "{'error':{'code':'rate_limit_exceeded','message':'slow down'}}"
        }) {
            var failure = failure(Api.CHAT, events(event, "[DONE]"));

            assertThat(failure.kind()).isEqualTo(Kind.RATE_LIMIT);
            assertThat(failure).hasMessageEndingWith("slow down");
        }
    }

    @Test
    void theWordsOfTheProviderBehindIt() {
        var failure = failure(
                Api.CHAT,
                body(
                        "application/json",
                        "\n         \n{'error':{'message':'Provider returned error','code':502,"
                                + "'metadata':{'raw':'{\\`error\\`:{\\`message\\`:\\`out of memory\\`}}','provider_name':'x'}}}"
                                        .replace("\\`", "`")));

        assertThat(failure.kind()).isEqualTo(Kind.SERVER);
        assertThat(failure).hasMessageEndingWith("Provider returned error: out of memory");
    }

    @Test
    void aResponseThatEndsAsAnErrorWithoutSayingMore() {
        assertThat(chat(deltas("error", "{'content':'half'}")).finishReason()).isEqualTo(FinishReason.ERROR);
    }
}
