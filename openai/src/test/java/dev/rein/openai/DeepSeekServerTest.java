package dev.rein.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.model.FinishReason;
import dev.rein.model.ModelException.Kind;
import dev.rein.model.Usage;
import dev.rein.testkit.Script;
import org.junit.jupiter.api.Test;

/** What DeepSeek sends, and Moonshot. */
class DeepSeekServerTest extends ServerResponses {

    @Test
    void reasoningAndCachedTokens() {
        var response = chat(Script.events()
                .thenRaw(": keep-alive\n\n")
                .thenEvent(
                        json(
                                "{'choices':[{'index':0,'delta':{'role':'assistant','content':null,'reasoning_content':'h'},'logprobs':null,'finish_reason':null}],'usage':null}"))
                .thenEvent(
                        json(
                                "{'choices':[{'index':0,'delta':{'content':null,'reasoning_content':'m'},'finish_reason':null}],'usage':null}"))
                .thenEvent(
                        json(
                                "{'choices':[{'index':0,'delta':{'content':'42','reasoning_content':null},'finish_reason':null}],'usage':null}"))
                .thenEvent(
                        json(
                                "{'choices':[{'index':0,'delta':{'content':'','reasoning_content':null},'finish_reason':'stop'}],'usage':{'prompt_tokens':9,'completion_tokens':3,'total_tokens':12,'prompt_cache_hit_tokens':4,'prompt_cache_miss_tokens':5,'completion_tokens_details':{'reasoning_tokens':2}}}"))
                .thenEvent("[DONE]"));

        assertThat(response.reasoning()).isEqualTo("hm");
        assertThat(response.text()).isEqualTo("42");
        assertThat(response.usage()).isEqualTo(new Usage(9, 3, 2, 4));
        assertThat(response.providerData().data()).isEqualTo(SampleRequests.json(json("{'reasoning_content':'hm'}")));
    }

    @Test
    void itsMachinesAreBusy() {
        assertThat(chat(deltas("insufficient_system_resource", "{'content':'half'}"))
                        .finishReason())
                .isEqualTo(FinishReason.ERROR);
    }

    @Test
    void keepAliveLinesAndThenAnError() {
        var failure = failure(
                Api.CHAT,
                Script.wholeBody(
                        "application/json",
                        json(
                                "\n\n\n{'error':{'message':'Service is too busy','type':'service_unavailable_error','param':null,'code':'service_unavailable_error'}}")));

        assertThat(failure.kind()).isEqualTo(Kind.SERVER);
        assertThat(failure).hasMessageEndingWith("Service is too busy");
    }

    @Test
    void usageInTheChoiceOfMoonshot() {
        assertThat(chat(events(
                                "{'choices':[{'index':0,'delta':{'content':'42'}}]}",
                                "{'choices':[{'index':0,'delta':{},'finish_reason':'stop','usage':{'prompt_tokens':9,'completion_tokens':3,'total_tokens':12,'cached_tokens':4}}]}",
                                "[DONE]"))
                        .usage())
                .isEqualTo(new Usage(9, 3, 0, 4));
        var failure = failure(
                Api.CHAT,
                events("{'error':{'message':'The engine is currently overloaded','type':'engine_overloaded_error'}}"));
        assertThat(failure.kind()).isEqualTo(Kind.SERVER);
    }
}
