package dev.rein.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.model.Usage;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Anthropic's messages. */
class FakeProviderMessagesTest {
    private static final String ASK = "{\"model\":\"claude\",\"max_tokens\":100,\"stream\":true,"
            + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    private final FakeProvider provider = FakeProvider.start();

    @AfterEach
    void close() {
        provider.close();
    }

    private List<JsonNode> events(String body) throws Exception {
        return TestClients.data(TestClients.send(provider, "/messages", body).body());
    }

    private static List<String> types(List<JsonNode> events) {
        return events.stream().map(event -> event.path("type").asText()).toList();
    }

    @Test
    void streamsOneContentBlockAfterTheOther() throws Exception {
        provider.enqueue(Script.empty()
                .thenReasoning("Let me")
                .thenOpaque("signed")
                .thenText("Looking")
                .thenToolCall("toolu_1", "search", "{\"q\":1}")
                .usage(new Usage(100, 7, 3, 60)));

        var events = events(ASK);

        assertThat(types(events))
                .containsExactly(
                        "message_start",
                        "ping",
                        "content_block_start",
                        "content_block_delta",
                        "content_block_delta",
                        "content_block_delta",
                        "content_block_stop",
                        "content_block_start",
                        "content_block_delta",
                        "content_block_stop",
                        "content_block_start",
                        "content_block_delta",
                        "content_block_delta",
                        "content_block_stop",
                        "message_delta",
                        "message_stop");
        assertThat(events.get(5).at("/delta/signature").asText()).isEqualTo("signed");
        assertThat(events.get(10).at("/content_block/input").isObject()).isTrue();
        assertThat(events.get(10).path("index").asInt()).isEqualTo(2);
        var last = events.get(events.size() - 2);
        assertThat(last.at("/delta/stop_reason").asText()).isEqualTo("tool_use");
        assertThat(last.at("/usage/input_tokens").asInt()).isEqualTo(40);
        assertThat(last.at("/usage/cache_read_input_tokens").asInt()).isEqualTo(60);
        assertThat(last.at("/usage/output_tokens").asInt()).isEqualTo(7);
    }

    @Test
    void withoutStreamTheWholeMessageIsSent() throws Exception {
        provider.enqueue(Script.text("Looking it up").thenToolCall("toolu_1", "search", "{\"q\":1}"));

        var whole = FixtureJson.MAPPER.readTree(TestClients.send(provider, "/messages", ASK.replace("true", "false"))
                .body());

        assertThat(whole.at("/content/0/text").asText()).isEqualTo("Looking it up");
        assertThat(whole.at("/content/1/input/q").asInt()).isEqualTo(1);
        assertThat(whole.path("stop_reason").asText()).isEqualTo("tool_use");
    }

    @Test
    void errorsHaveAnthropicsForm() throws Exception {
        provider.enqueue(Script.status(529, "too busy"), Script.text("Hello").thenFail("overloaded_error", "too busy"));

        var status = FixtureJson.MAPPER.readTree(
                TestClients.send(provider, "/messages", ASK).body());
        var event = events(ASK).getLast();

        for (var error : List.of(status, event)) {
            assertThat(error.path("type").asText()).isEqualTo("error");
            assertThat(error.at("/error/type").asText()).isEqualTo("overloaded_error");
            assertThat(error.at("/error/message").asText()).isEqualTo("too busy");
        }
    }

    @Test
    void readsEveryKindOfMessage() throws Exception {
        TestClients.send(provider, "/messages", """
                {"model":"claude","max_tokens":9,"system":[{"type":"text","text":"Be brief"}],
                 "messages":[
                  {"role":"user","content":[
                    {"type":"image","source":{"type":"base64","media_type":"image/png","data":"cG5n"}},
                    {"type":"text","text":"What is this?"}]},
                  {"role":"assistant","content":[
                    {"type":"thinking","thinking":"Hm","signature":"s"},
                    {"type":"text","text":"I look"},
                    {"type":"tool_use","id":"t1","name":"look","input":{"a":1}}]},
                  {"role":"user","content":[
                    {"type":"tool_result","tool_use_id":"t1","content":"a cat","is_error":true},
                    {"type":"text","text":"And?"}]}],
                 "tools":[{"name":"look","description":"Looks","input_schema":{"type":"object"}}],
                 "tool_choice":{"type":"tool","name":"look","disable_parallel_tool_use":true}}
                """);

        var format = ProviderFormat.anthropicMessages();
        var request = format.read(provider.requests().getFirst());

        assertThat(request.messages()).hasSize(5);
        assertThat(request.messages().get(1).images().getFirst().url()).isEqualTo("data:image/png;base64,cG5n");
        assertThat(request.messages().get(2).toolCalls().getFirst().arguments()).isEqualTo("{\"a\":1}");
        assertThat(request.messages().get(3).toolError()).isTrue();
        assertThat(request.settings().maxOutputTokens()).isEqualTo(9);
        assertThat(request.settings().toolChoice()).hasToString("ToolChoice[mode=TOOL, tool=look]");
        assertThat(request.settings().parallelToolCalls()).isFalse();
        assertThat(format.violations(provider.requests().getFirst()))
                .containsExactly("x-api-key header is required", "anthropic-version: header is required");
    }

    @Test
    void theRulesOfMessagesAreThoseOfAnthropic() throws Exception {
        TestClients.send(provider, "/messages", ASK);

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> MessageRules.checkAll(provider))
                .withMessageContaining("/v1/messages would reject")
                .withMessageContaining("x-api-key header is required");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]} | model: Field required",
                "{\"model\":\"c\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]} | max_tokens: Field required",
                "{\"model\":\"c\",\"max_tokens\":1,\"messages\":[]} | at least one message",
                "{\"model\":\"c\",\"max_tokens\":1,\"messages\":[{\"role\":\"assistant\",\"content\":\"a\"}]} | roles alternate",
                "{\"model\":\"c\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\" \"}]}]} | non-whitespace",
                "{\"model\":\"c\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"x\"}]}]} | unexpected tool_use_id",
                "{\"model\":\"c\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"x\",\"name\":\"n\",\"input\":{}}]}]} | without tool_result",
                "{\"model\":\"c\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"t\"}]}]} | thinking.signature",
                "{\"model\":\"c\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"b \"}]}]} | trailing whitespace",
                "{\"model\":\"c\",\"max_tokens\":2000,\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000},\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]} | max_tokens must be greater",
                "{\"model\":\"c\",\"max_tokens\":2000,\"temperature\":0.5,\"thinking\":{\"type\":\"adaptive\"},\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]} | temperature may only be set to 1"
            })
    void violationsAreFound(String body, String violation) throws Exception {
        TestClients.send(provider, "/messages", body);

        assertThat(ProviderFormat.anthropicMessages()
                        .violations(provider.requests().getFirst()))
                .anySatisfy(each -> assertThat(each).contains(violation));
    }
}
