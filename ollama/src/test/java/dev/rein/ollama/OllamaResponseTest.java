package dev.rein.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rein.model.FinishReason;
import dev.rein.model.Message;
import dev.rein.model.ModelException;
import dev.rein.model.ModelException.Kind;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.model.ToolCall;
import dev.rein.model.Usage;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.RecordingModelCall;
import dev.rein.testkit.Script;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses that differ from those of the fake provider: of older servers, and failures. */
class OllamaResponseTest {
    private static final ModelRequest HELLO = ModelRequest.of(Message.user("Hello"));

    private final FakeProvider provider = FakeProvider.start();
    private final RecordingModelCall call = new RecordingModelCall();

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void callsWithoutIdsGetIdsOfTheirOwn() {
        var calls = respond("""
                {"message": {"role": "assistant", "content": "", "tool_calls": [
                  {"function": {"name": "weather", "arguments": {"city": "Rome"}}},
                  {"function": {"name": "clock", "arguments": null}}, {"function": {"name": "date"}}]}, "done": false}
                {"message": {"role": "assistant", "content": ""}, "done": true, "done_reason": "stop"}
                """).toolCalls();

        assertThat(calls).extracting(ToolCall::name).containsExactly("weather", "clock", "date");
        assertThat(calls).extracting(ToolCall::arguments).containsExactly("{\"city\":\"Rome\"}", "{}", "{}");
        assertThat(calls).extracting(ToolCall::id).doesNotHaveDuplicates().allMatch(id -> id.startsWith("call_"));
    }

    @ParameterizedTest
    @CsvSource({
        "stop, STOP",
        "length, LENGTH",
        "load, OTHER",
        "unload, OTHER",
        ", STOP",
    })
    void theReasonIsReportedAsTheServerSaysIt(String reason, FinishReason expected) {
        var response = respond("{\"message\":{\"content\":\"Hi\"},\"done\":true"
                + (reason == null ? "" : ",\"done_reason\":\"" + reason + "\"") + "}\n");

        assertThat(response.finishReason()).isEqualTo(expected);
        assertThat(response.rawFinishReason()).isEqualTo(reason);
        assertThat(response.text()).isEqualTo("Hi");
    }

    @Test
    void callsThatWereCutOffAreNoReasonToRunThem() {
        var response = respond("""
                {"message": {"tool_calls": [{"function": {"name": "weather", "arguments": {}}}]}}
                {"done": true, "done_reason": "length"}
                """);

        assertThat(response.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(response.toolCalls()).hasSize(1);
    }

    @Test
    void countsMayBeMissing() {
        assertThat(respond("{\"done\":true}\n").usage()).isNull();
        assertThat(respond("{\"done\":true,\"eval_count\":3}\n").usage()).isEqualTo(Usage.of(0, 3));
    }

    @Test
    void nothingIsReadAfterTheLastLine() {
        assertThat(respond("{\"message\":{\"content\":\"Hi\"},\"done\":true}\nnot JSON\n")
                        .text())
                .isEqualTo("Hi");
    }

    @Test
    void aModelThatTheServerDoesNotHaveIsToBePulled() {
        provider.enqueue(Script.status(404, "model 'qwen3' not found"));

        var failure = failure();

        assertThat(failure.kind()).isEqualTo(Kind.NOT_FOUND);
        assertThat(failure).hasMessageContaining("model 'qwen3' not found").hasMessageEndingWith("ollama pull qwen3");
        assertThat(failure.body()).contains("not found");
    }

    @Test
    void anErrorLineFailsTheCallAfterItsText() {
        provider.enqueue(Script.text("Once").thenRaw("{\"error\":\"the runner has stopped\"}\n"));

        var failure = failure();

        assertThat(failure.kind()).isEqualTo(Kind.SERVER);
        assertThat(failure).hasMessageContaining("the runner has stopped");
        assertThat(call.text()).isEqualTo("Once");
    }

    private ModelException failure() {
        return catchThrowableOfType(ModelException.class, () -> model().respond(HELLO, call));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "[{\"function\":{\"name\":\"clock\",\"args\":{\"x\":1}}}] | {\"x\":1}",
                "[{\"function\":{\"name\":\"clock\",\"arguments\":{}},\"input\":{\"x\":1}}] | {\"x\":1}",
                "[{\"function\":{\"name\":\"clock\"},\"arguments\":\"{}\"}] | {}",
                "[{\"name\":\"clock\",\"parameters\":{\"x\":1}}] | {\"x\":1}",
                "{\"function\":{\"name\":\"clock\",\"arguments\":[1]}} | [1]",
            })
    void argumentsAreReadFromEachPlace(String calls, String expected) {
        var response = respond("{\"message\":{\"tool_calls\":" + calls + "}}\n{\"done\":true}\n");

        assertThat(response.toolCalls()).extracting(ToolCall::name).containsExactly("clock");
        assertThat(response.toolCalls()).extracting(ToolCall::arguments).containsExactly(expected);
    }

    @Test
    void aCallThatIsSentTwiceIsOneAndCallsWithOneIdAreTwo() {
        var call = "{\"id\":\"c\",\"function\":{\"name\":\"look\",\"arguments\":{\"x\":1}}}";
        var response = respond("{\"message\":{\"tool_calls\":[" + call + "," + call.replace("1}", "2}") + "]}}\n"
                + "{\"message\":{\"content\":[{\"type\":\"text\",\"text\":\"Hm\"}],\"tool_calls\":[" + call
                + "]},\"done\":true}\n");

        assertThat(response.toolCalls()).extracting(ToolCall::arguments).containsExactly("{\"x\":1}", "{\"x\":2}");
        assertThat(response.text()).isEqualTo("Hm");
    }

    @Test
    void theNumberOfCallsIsLimited() {
        var line = "{\"message\":{\"tool_calls\":[{\"function\":{\"name\":\"clock\"}}]}}\n";

        assertThat(catchThrowableOfType(ModelException.class, () -> respond(line.repeat(1_001) + "{\"done\":true}\n")))
                .hasMessageContaining("1000 tool calls");
    }

    @Test
    void aWholeTextAtTheEndDoesNotDoubleTheParts() {
        var response = respond("""
                {"message": {"content": "Hello "}}
                {"message": {"content": "you"}}
                {"message": {"content": "Hello you"}, "done": true}
                """);

        assertThat(response.text()).isEqualTo("Hello you");
        assertThat(call.text()).isEqualTo("Hello you");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{}}",
                "{\"error\":\"\"}",
                "{\"detail\":\"too bad\"}",
                "{\"message\":\"too bad\"}",
                "<html>\n502 Bad Gateway\n</html>",
                "[DONE]",
                "{\"done\":false}",
            })
    void whatIsNoAnswerIsAnError(String line) {
        assertThat(catchThrowableOfType(
                        ModelException.class, () -> respond("{\"message\":{\"content\":\"Hel\"}}\n" + line + "\n")))
                .isNotNull();
    }

    private ModelResponse respond(String lines) {
        provider.enqueue(Script.empty().thenRaw(lines.replaceAll("\n +", " ")).thenEndOfBody());
        return model().respond(HELLO, call);
    }

    private Ollama model() {
        return Ollama.builder().id("qwen3").baseUrl(provider.url()).build();
    }
}
