package dev.rein.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.model.FinishReason;
import dev.rein.model.ModelException.Kind;
import dev.rein.model.Usage;
import dev.rein.testkit.Script;
import org.junit.jupiter.api.Test;

/** What Azure OpenAI sends, and its API management. */
class AzureServerTest extends ServerResponses {

    @Test
    void chunksOfItsContentFilter() {
        var response = chat(events(
                "{'choices':[],'created':0,'id':'','model':'','object':'','prompt_filter_results':[{'prompt_index':0,'content_filter_results':{'hate':{'filtered':false,'severity':'safe'}}}]}",
                "{'choices':[{'content_filter_results':{},'delta':{'content':'','refusal':null,'role':'assistant'},'finish_reason':null,'index':0,'logprobs':null}],'id':'c','obfuscation':'x'}",
                "{'choices':[{'delta':{'content':'42'},'finish_reason':null,'index':0}],'usage':null}",
                "{'id':'','object':'','created':0,'model':'','choices':[{'index':0,'finish_reason':null,'content_filter_results':{'error':{'code':'content_filter_error','message':'The contents are not filtered'}},'content_filter_offsets':{'check_offset':44}}],'usage':null}",
                "{'choices':[{'delta':{},'finish_reason':'stop','index':0}]}",
                "{'choices':[],'usage':{'prompt_tokens':9,'completion_tokens':3,'prompt_tokens_details':{'cached_tokens':4,'audio_tokens':0}}}",
                "[DONE]"));

        assertThat(response.text()).isEqualTo("42");
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(response.usage()).isEqualTo(new Usage(9, 3, 0, 4));
    }

    @Test
    void anAnswerThatIsFiltered() {
        assertThat(chat(deltas("content_filter", "{'content':'half'}")).finishReason())
                .isEqualTo(FinishReason.CONTENT_FILTER);
    }

    @Test
    void errorsOfTheGateway() {
        var limited = failure(
                Api.CHAT,
                body(
                        "application/json",
                        "{ 'statusCode': 429, 'message': 'Rate limit is exceeded. Try again in 5 seconds.' }"));
        assertThat(limited.kind()).isEqualTo(Kind.RATE_LIMIT);
        assertThat(limited.status()).isEqualTo(429);
        var denied = failure(
                Api.CHAT,
                Script.errorBody(
                        401,
                        json("{ 'statusCode': 401, 'message': 'Access denied due to invalid subscription key.' }")));
        assertThat(denied).hasMessageEndingWith("Access denied due to invalid subscription key.");
        var filtered = failure(
                Api.CHAT,
                events(
                        "{'error':{'code':'content_filter','message':'The response was filtered','param':'prompt','type':null,'innererror':{'code':'ResponsibleAIPolicyViolation'}}}"));
        assertThat(filtered.kind()).isEqualTo(Kind.BAD_REQUEST);
    }

    @Test
    void aPageOfTheGateway() {
        var page =
                "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><center><h1>502 Bad Gateway</h1></center><hr>Microsoft-Azure-Application-Gateway/v2</body>\r\n</html>";
        for (var type : new String[] {"text/html", "text/event-stream"}) {
            var failure = failure(Api.CHAT, Script.wholeBody(type, page));

            assertThat(failure.kind()).isEqualTo(Kind.SERVER);
            assertThat(failure).hasMessageContaining("502 Bad Gateway");
        }
        assertThat(failure(Api.CHAT, Script.errorBody(502, page))).hasMessageEndingWith("502 Bad Gateway");
        assertThat(failure(Api.CHAT, Script.wholeBody("text/html", "<!doctype html><title>Sign in</title>"))
                        .kind())
                .isEqualTo(Kind.MALFORMED);
    }
}
