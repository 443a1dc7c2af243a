package dev.rein.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.Image;
import dev.rein.model.ModelSettings;
import dev.rein.model.ToolCall;
import dev.rein.model.Usage;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FakeProviderOllamaTest {
    private static final String CHAT = "{\"model\":\"llama3.2\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    private final FakeProvider provider = FakeProvider.start();

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void streamsLinesUnlessAskedNotToAndTheLastHasReasonAndCounts() throws Exception {
        provider.enqueue(Script.empty()
                .thenReasoning("Hm, hm")
                .thenText("Once upon")
                .finishReason("length")
                .usage(Usage.of(12, 6)));

        var answer = send(CHAT);

        assertThat(answer.headers().firstValue("content-type")).hasValue("application/x-ndjson");
        var lines = lines(answer.body());
        assertThat(lines).extracting(l -> l.at("/message/thinking").asText()).containsExactly("Hm,", " hm", "", "", "");
        assertThat(lines)
                .extracting(l -> l.at("/message/content").asText())
                .containsExactly("", "", "Once", " upon", "");
        assertThat(lines).extracting(l -> l.path("done").asBoolean()).containsExactly(false, false, false, false, true);
        var last = lines.getLast();
        assertThat(last.path("done_reason").asText()).isEqualTo("length");
        assertThat(last.path("prompt_eval_count").asInt()).isEqualTo(12);
        assertThat(last.path("eval_count").asInt()).isEqualTo(6);
    }

    @Test
    void sendsEachToolCallWholeWithItsArgumentsAsAnObject() throws Exception {
        provider.enqueue(Script.toolCall("search", "{\"q\":\"dragons\"}").thenToolCall("call_2", "clock", "{}"));

        var lines = lines(send(CHAT).body());

        assertThat(lines).hasSize(3);
        var first = lines.get(0).at("/message/tool_calls/0");
        assertThat(first.path("id").asText()).startsWith("call_");
        assertThat(first.at("/function/name").asText()).isEqualTo("search");
        assertThat(first.at("/function/arguments/q").asText()).isEqualTo("dragons");
        assertThat(lines.get(1).at("/message/tool_calls/0/id").asText()).isEqualTo("call_2");
        assertThat(lines.get(2).path("done_reason").asText()).isEqualTo("stop");
    }

    @Test
    void answersWholeIfAsked() throws Exception {
        provider.enqueue(Script.text("Looking it up.").thenReasoning("What?").thenToolCall("search", "{\"q\":1}"));

        var answer = send("{\"model\":\"m\",\"stream\":false," + CHAT.substring(CHAT.indexOf("\"mess")));

        var body = FixtureJson.MAPPER.readTree(answer.body());
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(body.at("/message/content").asText()).isEqualTo("Looking it up.");
        assertThat(body.at("/message/thinking").asText()).isEqualTo("What?");
        assertThat(body.at("/message/tool_calls/0/function/arguments/q").asInt())
                .isEqualTo(1);
        assertThat(body.path("done").asBoolean()).isTrue();
    }

    @Test
    void errorsAreStringsAlsoInMidStream() throws Exception {
        provider.enqueue(
                Script.status(404, "model 'x' not found"), Script.text("Once").thenFail("x", "the runner has stopped"));

        var refused = send(CHAT);
        var failed = lines(send(CHAT).body());

        assertThat(refused.statusCode()).isEqualTo(404);
        assertThat(refused.body()).isEqualTo("{\"error\":\"model 'x' not found\"}");
        assertThat(failed).hasSize(2);
        assertThat(failed.getLast().path("error").asText()).isEqualTo("the runner has stopped");
    }

    @Test
    void readsMessagesAndSettings() throws Exception {
        send("{\"model\":\"m\",\"think\":\"low\",\"options\":{\"num_predict\":7,\"stop\":[\"END\"]},\"messages\":["
                + "{\"role\":\"user\",\"content\":\"hi\",\"images\":[\"AQID\"]},"
                + "{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":[{\"id\":\"c1\",\"function\":{\"name\":\"f\",\"arguments\":{\"a\":1}}}]},"
                + "{\"role\":\"tool\",\"content\":\"ok\",\"tool_name\":\"f\",\"tool_call_id\":\"c1\"}]}");

        var received = provider.requests().getFirst();
        var read = ProviderFormat.ollamaChat().read(received);

        assertThat(read.settings())
                .isEqualTo(ModelSettings.builder()
                        .reasoningEffort("low")
                        .maxOutputTokens(7)
                        .stop("END")
                        .build());
        assertThat(read.messages().get(0).images()).containsExactly(Image.of(new byte[] {1, 2, 3}, "image/png"));
        assertThat(read.messages().get(1).toolCalls()).containsExactly(new ToolCall("c1", "f", "{\"a\":1}"));
        assertThat(read.messages().get(2).toolCallId()).isEqualTo("c1");
        assertThat(ProviderFormat.ollamaChat().violations(received)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"role\":\"user\"}",
                "{\"role\":\"developer\",\"content\":\"\"}",
                "{\"role\":\"user\",\"content\":\"\",\"images\":[\"https://example.org/cat.png\"]}",
                "{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}",
                "{\"role\":\"tool\",\"content\":\"x\",\"tool_name\":\"f\"}",
                "{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":{}}}]},"
                        + "{\"role\":\"user\",\"content\":\"x\"}",
            })
    void findsWhatTheServerRejects(String messages) throws Exception {
        send("{\"model\":\"m\",\"messages\":[" + messages + "]}");

        assertThat(ProviderFormat.ollamaChat().violations(provider.requests().getFirst()))
                .hasSize(1);
    }

    private HttpResponse<String> send(String body) throws Exception {
        try (var http = TestClients.http()) {
            var request = HttpRequest.newBuilder(URI.create(provider.url() + "/api/chat"))
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    private static List<JsonNode> lines(String body) throws Exception {
        var all = new ArrayList<JsonNode>();
        for (var line : body.split("\n")) {
            all.add(FixtureJson.MAPPER.readTree(line));
        }
        return all;
    }
}
