package dev.rein.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.Usage;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FakeProviderChatTest {
    private final FakeProvider provider = FakeProvider.start();

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void streamsTextInTokensThatJoinToTheTextAndEndsWithUsageAndDone() throws Exception {
        provider.enqueue(Script.text("Once upon a time\n there was").usage(new Usage(12, 6, 2, 4)));

        var answer = TestClients.send(provider, "/chat/completions", TestClients.CHAT);

        assertThat(answer.headers().firstValue("content-type")).hasValue("text/event-stream; charset=utf-8");
        assertThat(answer.body()).endsWith("data: [DONE]\n\n");
        var chunks = TestClients.data(answer.body());
        assertThat(chunks).allSatisfy(c -> assertThat(c.path("object").asText()).isEqualTo("chat.completion.chunk"));
        assertThat(chunks)
                .extracting(c -> c.path("id").asText())
                .containsOnly(chunks.getFirst().path("id").asText());
        assertThat(delta(chunks.getFirst()).path("role").asText()).isEqualTo("assistant");
        assertThat(contents(chunks)).containsExactly("", "Once", " upon", " a", " time", "\n there", " was");
        assertThat(chunks.get(chunks.size() - 2).at("/choices/0/finish_reason").asText())
                .isEqualTo("stop");
        var usage = chunks.getLast();
        assertThat(usage.path("choices")).isEmpty();
        assertThat(usage.at("/usage/prompt_tokens").asInt()).isEqualTo(12);
        assertThat(usage.at("/usage/completion_tokens").asInt()).isEqualTo(6);
        assertThat(usage.at("/usage/total_tokens").asInt()).isEqualTo(18);
        assertThat(usage.at("/usage/completion_tokens_details/reasoning_tokens").asInt())
                .isEqualTo(2);
        assertThat(usage.at("/usage/prompt_tokens_details/cached_tokens").asInt())
                .isEqualTo(4);
    }

    @Test
    void sendsNoUsageChunkUnlessRequested() throws Exception {
        var body = "{\"model\":\"m\",\"stream\":true,\"messages\":[]}";

        assertThat(TestClients.send(provider, "/chat/completions", body).body()).doesNotContain("usage");
    }

    @Test
    void sendsToolCallsInFragmentsThatJoinToTheirArguments() throws Exception {
        var arguments = "{\"query\":\"dragons that learn to code\"}";
        provider.enqueue(Script.text("Looking.")
                .thenToolCall("call_1", "search", arguments)
                .thenToolCall("clock", "{}"));

        var chunks = TestClients.data(TestClients.send(provider, "/chat/completions", TestClients.CHAT)
                .body());

        var fragments = chunks.stream()
                .map(c -> delta(c).path("tool_calls").path(0))
                .filter(JsonNode::isObject)
                .toList();
        assertThat(fragments.getFirst().path("id").asText()).isEqualTo("call_1");
        assertThat(fragments.getFirst().at("/function/name").asText()).isEqualTo("search");
        assertThat(joined(fragments, 0)).isEqualTo(arguments);
        assertThat(joined(fragments, 1)).isEqualTo("{}");
        assertThat(fragments.stream().filter(f -> f.path("index").asInt() == 0)).hasSizeGreaterThan(3);
        assertThat(chunks.get(chunks.size() - 2).at("/choices/0/finish_reason").asText())
                .isEqualTo("tool_calls");
    }

    @Test
    void sendsACompleteResponseIfNotAskedToStream() throws Exception {
        provider.enqueue(
                Script.text("Looking it up.").thenReasoning("What is it?").thenToolCall("c1", "search", "{\"q\":1}"));

        var answer = TestClients.send(provider, "/chat/completions", TestClients.CHAT_WHOLE);

        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
        var body = FixtureJson.MAPPER.readTree(answer.body());
        assertThat(body.path("object").asText()).isEqualTo("chat.completion");
        assertThat(body.at("/choices/0/message/content").asText()).isEqualTo("Looking it up.");
        assertThat(body.at("/choices/0/message/reasoning_content").asText()).isEqualTo("What is it?");
        assertThat(body.at("/choices/0/message/tool_calls/0/id").asText()).isEqualTo("c1");
        assertThat(body.at("/choices/0/message/tool_calls/0/function/arguments").asText())
                .isEqualTo("{\"q\":1}");
        assertThat(body.at("/choices/0/finish_reason").asText()).isEqualTo("tool_calls");
        assertThat(body.at("/usage/completion_tokens").asInt()).isEqualTo(7);
    }

    private static JsonNode delta(JsonNode chunk) {
        return chunk.at("/choices/0/delta");
    }

    private static List<String> contents(List<JsonNode> chunks) {
        return chunks.stream()
                .map(c -> delta(c).path("content"))
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .toList();
    }

    private static String joined(List<JsonNode> fragments, int index) {
        return fragments.stream()
                .filter(f -> f.path("index").asInt() == index)
                .map(f -> f.at("/function/arguments").asText())
                .collect(Collectors.joining());
    }
}
