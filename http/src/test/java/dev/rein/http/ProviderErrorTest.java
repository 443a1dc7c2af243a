package dev.rein.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.ModelException.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderErrorTest {

    private static JsonNode json(String text) throws Exception {
        return ProviderJson.mapper().readTree(text.replace('\'', '"'));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'error':{'message':'why','code':429}} | RATE_LIMIT | why",
                "{'error':{'message':'why','code':'503'}} | SERVER | why",
                "{'error':{'message':'why','type':'invalid_request_error','code':null}} | BAD_REQUEST | why",
                "{'error':{'message':'why','type':'requests','code':'rate_limit_exceeded'}} | RATE_LIMIT | why",
                "{'error':{'message':'why','code':'insufficient_quota'}} | RATE_LIMIT | why",
                "{'error':{'message':'why','code':'invalid_api_key'}} | AUTHENTICATION | why",
                "{'error':{'message':'why','code':'model_not_found'}} | NOT_FOUND | why",
                "{'error':{'message':'why','code':'context_length_exceeded'}} | BAD_REQUEST | why",
                "{'error':{'message':'why','status':'UNAVAILABLE'}} | SERVER | why",
                "{'error':{'message':'why','status':'PERMISSION_DENIED'}} | PERMISSION | why",
                "{'error':'why'} | SERVER | why",
                "{'error':'rate limit reached'} | RATE_LIMIT | rate limit reached",
                "{'error':'why','error_type':'overloaded'} | SERVER | why",
                "{'error':true,'message':'why','status':401} | AUTHENTICATION | why",
                "{'error':{'type':'x','error':{'message':'why'}}} | SERVER | why",
                "[{'error':{'message':'why','code':429}}] | RATE_LIMIT | why",
                "{'object':'error','message':'why','code':404} | NOT_FOUND | why",
                "{'type':'error','error':{'type':'overloaded_error','message':'why'}} | SERVER | why",
                "{'message':'why','code':429} | RATE_LIMIT | why",
                "{'statusCode':429,'message':'why'} | RATE_LIMIT | why",
                "{'detail':'Not Found'} | NOT_FOUND | Not Found",
                "{'detail':'Unauthorized'} | AUTHENTICATION | Unauthorized",
                "{'detail':[{'loc':['body','x'],'msg':'why','type':'missing'}]} | BAD_REQUEST | body.x: why",
                "{'detail':{'error':'why','code':429}} | RATE_LIMIT | why",
                "{'title':'Too Many Requests','status':429,'detail':'why'} | RATE_LIMIT | why",
                "{'success':false,'errors':[{'code':429,'message':'why'}]} | RATE_LIMIT | why",
                "{'error_code':336003,'error_msg':'why'} | SERVER | why",
                "{'code':'Throttling.RateQuota','message':'why'} | RATE_LIMIT | why",
                "{'base_resp':{'status_code':1002,'status_msg':'why'},'choices':[]} | SERVER | why",
                "{'choices':[{'delta':{},'error':{'message':'why','code':502}}]} | SERVER | why",
                "{'choices':[],'error':{'message':'why','code':502}} | SERVER | why",
                "{'choices':[],'x_groq':{'error':'why'}} | SERVER | why",
                "{'error':{'message':'Provider returned error','code':502,'metadata':{'raw':'why'}}} | SERVER |"
                        + " Provider returned error: why",
            })
    void anErrorOfEachFormIsFound(String document, Kind kind, String message) throws Exception {
        var error = ProviderError.find(json(document)).orElseThrow();

        assertThat(ProviderError.message(error)).isEqualTo(message);
        assertThat(ProviderError.kind(error)).isEqualTo(kind);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'errorMessage':'bad luck'}",
                "{'Error':'bad luck'}",
                "{'err':{'msg':'bad luck'}}",
                "{'exception':'bad luck'}",
                "{'fault':{'faultstring':'bad luck','code':'x'}}",
                "{'error_description':'bad luck','error':'server_error'}",
                "{'success':false,'result':null}",
                "{'status':'error'}",
                "{'code':500,'data':null}",
                "{'status_code':'503'}",
                "{'type':'error'}",
                "{'error':{}}",
                "{'error':'','id':'x','object':'chat.completion.chunk'}",
            })
    void anErrorInAnyWordsIsFound(String document) throws Exception {
        assertThat(ProviderError.find(json(document))).isPresent();
    }

    @Test
    void aBodyOfEventsSaysWhatItsFirstEventSays() {
        assertThat(ProviderError.message("data: {\"error\": {\"message\": \"bad luck\"}}\n\ndata: [DONE]\n\n"))
                .isEqualTo("bad luck");
        assertThat(ProviderError.message("event: error\ndata: {\"detail\": \"bad luck\"}\n\n"))
                .isEqualTo("bad luck");
        assertThat(ProviderError.message("{\"reply\": 1}")).isEqualTo("{\"reply\": 1}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "[[[]]]",
                "null",
                "7",
                "'x'",
                "{'choices':[]}",
                "{'choices':[{'delta':{'content':'x'},'error':null}],'error':null}",
                "{'choices':[{'delta':{'content':'x'}}],'error':''}",
                "{'choices':[],'error':{}}",
                "{'choices':[],'error':false,'message':'x'}",
                "{'choices':[],'base_resp':{'status_code':0,'status_msg':''}}",
                "{'output':[],'error':null,'message':'x'}",
                "{'type':'ping'}",
                "{'type':'status','message':'queued'}",
                "{'usage':{'prompt_tokens':1}}",
                "{'success':true,'code':200,'status':'ok'}",
                "{'code':0}",
                "{'error':false}",
                "{'error':null}",
                "{'error':0}"
            })
    void anythingElseIsNoError(String document) throws Exception {
        assertThat(ProviderError.find(json(document))).isEmpty();
    }

    @Test
    void theWaitThatAnErrorAsksForIsRead() throws Exception {
        assertThat(ProviderError.retryAfter(json("{'details':[{'@type':'x'},{'retryDelay':'34.5s'}]}")))
                .isEqualTo(Duration.ofMillis(34_500));
        assertThat(ProviderError.retryAfter(json("{'retry_after':2}"))).isEqualTo(Duration.ofSeconds(2));
        assertThat(ProviderError.retryAfter(json("{'details':[{'retryDelay':'soon'}],'retry_after':'x'}")))
                .isNull();
    }

    @Test
    void aBodyIsReadAlsoBehindOtherText() {
        assertThat(ProviderError.find("error: {\"error\": {\"code\": 400}}")
                        .path("code")
                        .asInt())
                .isEqualTo(400);
        assertThat(ProviderError.find("error: {")).isNull();
        assertThat(ProviderError.find("what")).isNull();
        assertThat(ProviderError.message(" what \n")).isEqualTo("what");
    }

    @Test
    void aPageSaysWhatItsTitleSaysOrElseItsText() {
        var page = "<html><head><style>p {}</style><title>\n502 Bad\tGateway</title></head><body><h1>No</h1></body>";

        assertThat(ProviderError.message(page)).isEqualTo("502 Bad Gateway");
        assertThat(ProviderError.message("<p>Please <b>sign in</b></p><script>x</script>"))
                .isEqualTo("Please sign in");
        assertThat(ProviderError.message("<p>" + "x".repeat(1000))).hasSize(303);
    }

    @Test
    void aTextTellsItsKindByItsStatusOrByAPhrase() {
        assertThat(ProviderError.kindOfText("429 slow", Kind.MALFORMED)).isEqualTo(Kind.RATE_LIMIT);
        assertThat(ProviderError.kindOfText("Too Many Requests", Kind.MALFORMED))
                .isEqualTo(Kind.RATE_LIMIT);
        assertThat(ProviderError.kindOfText("Internal Server Error", Kind.MALFORMED))
                .isEqualTo(Kind.SERVER);
        assertThat(ProviderError.kindOfText("200 OK", Kind.MALFORMED)).isEqualTo(Kind.MALFORMED);
        assertThat(ProviderError.kindOfText("", Kind.SERVER)).isEqualTo(Kind.SERVER);
    }
}
