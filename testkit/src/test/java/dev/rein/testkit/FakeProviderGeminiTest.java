package dev.rein.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.model.Message;
import dev.rein.model.ToolCall;
import dev.rein.model.Usage;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FakeProviderGeminiTest {
    private static final String USER = "{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]}";
    private static final String SIGNED =
            "{\"role\":\"model\",\"parts\":[{\"functionCall\":{\"name\":\"search\",\"args\":{}},"
                    + "\"thoughtSignature\":\"c2ln\"}]}";
    private static final String UNSIGNED =
            "{\"role\":\"model\",\"parts\":[{\"functionCall\":{\"name\":\"search\",\"args\":{}}}]}";
    private static final String RESULT = "{\"role\":\"user\",\"parts\":[{\"functionResponse\":{\"name\":\"search\","
            + "\"response\":{\"output\":\"x\"}}}]}";

    private final FakeProvider provider = FakeProvider.start();

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void streamsPartsAndEndsWithReasonCountsAndSignature() throws Exception {
        provider.enqueue(
                Script.empty().thenReasoning("Hm").thenText("Once upon").usage(new Usage(12, 6, 2, 4)));

        var answer = send("gemini-3-pro", USER);

        assertThat(answer.headers().firstValue("content-type")).hasValue("text/event-stream");
        var events = TestClients.data(answer.body());
        assertThat(events).hasSize(4);
        assertThat(events.get(0).at("/candidates/0/content/parts/0/thought").asBoolean())
                .isTrue();
        assertThat(events.get(1).at("/candidates/0/content/parts/0/text").asText())
                .isEqualTo("Once");
        var last = events.getLast();
        assertThat(last.at("/candidates/0/finishReason").asText()).isEqualTo("STOP");
        assertThat(last.at("/candidates/0/content/parts/0/thoughtSignature").asText())
                .isNotEmpty();
        assertThat(last.at("/usageMetadata/promptTokenCount").asInt()).isEqualTo(12);
        assertThat(last.at("/usageMetadata/candidatesTokenCount").asInt()).isEqualTo(4);
        assertThat(last.at("/usageMetadata/thoughtsTokenCount").asInt()).isEqualTo(2);
        assertThat(last.at("/usageMetadata/cachedContentTokenCount").asInt()).isEqualTo(4);
    }

    @Test
    void sendsEachToolCallWholeAndSignsTheFirst() throws Exception {
        provider.enqueue(Script.toolCall("search", "{\"q\":\"dragons\"}").thenToolCall("call_2", "clock", "{}"));

        var events = TestClients.data(send("gemini-3-pro", USER).body());

        var first = events.get(0).at("/candidates/0/content/parts/0");
        var second = events.get(1).at("/candidates/0/content/parts/0");
        assertThat(first.at("/functionCall/args/q").asText()).isEqualTo("dragons");
        assertThat(first.at("/functionCall/id").asText()).startsWith("call_");
        assertThat(first.has("thoughtSignature")).isTrue();
        assertThat(second.at("/functionCall/id").asText()).isEqualTo("call_2");
        assertThat(second.has("thoughtSignature")).isFalse();
    }

    @Test
    void answersWholeIfAsked() throws Exception {
        provider.enqueue(Script.text("Once").finishReason("length"));

        var answer = TestClients.send(
                provider, "beta/models/gemini-2.5-flash:generateContent", "{\"contents\":[" + USER + "]}");

        var body = FixtureJson.MAPPER.readTree(answer.body());
        assertThat(body.at("/candidates/0/content/parts/0/text").asText()).isEqualTo("Once");
        assertThat(body.at("/candidates/0/finishReason").asText()).isEqualTo("MAX_TOKENS");
    }

    @Test
    void opaqueDataBecomesTheSignatureOfTheNextCallOrOfTheEnd() throws Exception {
        provider.enqueue(
                Script.text("Hm").thenOpaque("AQID").thenToolCall("search", "{}"),
                Script.text("Hm").thenOpaque("BAUG"));

        var call = TestClients.data(send("gemini-2.5-flash", USER).body());
        var text = TestClients.data(send("gemini-2.5-flash", USER).body());

        assertThat(call.get(1)
                        .at("/candidates/0/content/parts/0/thoughtSignature")
                        .asText())
                .isEqualTo("AQID");
        assertThat(text.get(1)
                        .at("/candidates/0/content/parts/0/thoughtSignature")
                        .asText())
                .isEqualTo("BAUG");
    }

    @Test
    void errorsHaveCodeAndStatusAlsoInMidStream() throws Exception {
        provider.enqueue(Script.status(429, "quota"), Script.text("Once").thenFail("rate_limit_exceeded", "slow down"));

        var refused = FixtureJson.MAPPER
                .readTree(send("gemini-2.5-flash", USER).body())
                .path("error");
        var failed = TestClients.data(send("gemini-2.5-flash", USER).body())
                .getLast()
                .path("error");

        assertThat(refused.path("status").asText()).isEqualTo("RESOURCE_EXHAUSTED");
        assertThat(refused.path("message").asText()).isEqualTo("quota");
        assertThat(failed.path("code").asInt()).isEqualTo(429);
        assertThat(failed.path("message").asText()).isEqualTo("slow down");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gemini-3-pro     | USER SIGNED RESULT          | 0",
                "gemini-3-pro     | USER UNSIGNED RESULT        | 1",
                "gemini-3-pro     | USER UNSIGNED RESULT USER   | 0",
                "gemini-2.5-flash | USER UNSIGNED RESULT        | 0",
                "gemini-2.5-flash | USER UNSIGNED USER          | 1",
                "gemini-2.5-flash | USER RESULT                 | 1",
                "gemini-2.5-flash | SIGNED RESULT               | 1",
                "gemini-2.5-flash | USER SIGNED                 | 1",
            })
    void checksCallsResultsAndSignatures(String model, String contents, int violations) throws Exception {
        var messages = contents.replace("UNSIGNED", "%")
                .replace("SIGNED", SIGNED)
                .replace("%", UNSIGNED)
                .replace("USER", USER)
                .replace("RESULT", RESULT);

        send(model, messages.replace("} {\"role\"", "},{\"role\""));

        assertThat(ProviderFormat.gemini().violations(provider.requests().getFirst()))
                .hasSize(violations);
    }

    @Test
    void readsMessagesAndSettings() throws Exception {
        send("gemini-3-pro", USER + "," + SIGNED + "," + RESULT);

        var read = ProviderFormat.gemini().read(provider.requests().getFirst());

        assertThat(read.messages()).hasSize(3);
        assertThat(read.messages().get(0)).isEqualTo(Message.user("hi"));
        assertThat(read.messages().get(1).toolCalls()).containsExactly(new ToolCall("", "search", "{}"));
        assertThat(read.messages().get(2).content()).isEqualTo("x");
    }

    private HttpResponse<String> send(String model, String contents) throws Exception {
        try (var http = TestClients.http()) {
            var request = TestClients.post(
                    provider,
                    "beta/models/" + model + ":streamGenerateContent?alt=sse",
                    "{\"contents\":[" + contents + "]}");
            return http.send(
                    HttpRequest.newBuilder(request, (name, value) -> true)
                            .header("x-goog-api-key", "key")
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
