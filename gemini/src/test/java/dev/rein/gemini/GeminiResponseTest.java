package dev.rein.gemini;

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
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses that differ from those of the fake provider, and failures. */
class GeminiResponseTest {
    private static final ModelRequest HELLO = ModelRequest.of(Message.user("Hello"));
    private static final String QUOTA = """
            {"error": {"code": 429, "message": "You exceeded your current quota. Please retry in 34.07s.", "status": "RESOURCE_EXHAUSTED",
             "details": [{"@type": "type.googleapis.com/google.rpc.QuotaFailure"},
              {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34.5s"}]}}
            """;

    private final FakeProvider provider = FakeProvider.start();
    private final RecordingModelCall call = new RecordingModelCall();

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void callsWithoutIdsGetIdsOfTheirOwn() {
        var calls = respond("""
                {"candidates": [{"content": {"parts": [
                  {"functionCall": {"name": "weather", "args": {"city": "Rome"}}},
                  {"functionCall": {"name": "clock"}}]}, "finishReason": "STOP"}]}
                """).toolCalls();

        assertThat(calls).extracting(ToolCall::name).containsExactly("weather", "clock");
        assertThat(calls).extracting(ToolCall::arguments).containsExactly("{\"city\":\"Rome\"}", "{}");
        assertThat(calls).extracting(ToolCall::id).doesNotHaveDuplicates().allMatch(id -> id.startsWith("call_"));
    }

    @ParameterizedTest
    @CsvSource({
        "STOP, STOP",
        "MAX_TOKENS, LENGTH",
        "SAFETY, CONTENT_FILTER",
        "RECITATION, CONTENT_FILTER",
        "LANGUAGE, CONTENT_FILTER",
        "BLOCKLIST, CONTENT_FILTER",
        "PROHIBITED_CONTENT, CONTENT_FILTER",
        "SPII, CONTENT_FILTER",
        "IMAGE_SAFETY, CONTENT_FILTER",
        "IMAGE_PROHIBITED_CONTENT, CONTENT_FILTER",
        "IMAGE_RECITATION, CONTENT_FILTER",
        "MALFORMED_FUNCTION_CALL, ERROR",
        "MALFORMED_RESPONSE, ERROR",
        "UNEXPECTED_TOOL_CALL, ERROR",
        "TOO_MANY_TOOL_CALLS, ERROR",
        "MISSING_THOUGHT_SIGNATURE, ERROR",
        "OTHER, OTHER",
        "SOMETHING_NEW, OTHER"
    })
    void theReasonIsReportedAsTheServerSaysIt(String reason, FinishReason expected) {
        var response = respond("{\"candidates\": [{\"finishReason\": \"" + reason + "\"}]}");

        assertThat(response.finishReason()).isEqualTo(expected);
        assertThat(response.rawFinishReason()).isEqualTo(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SAFETY", "OTHER", "PROHIBITED_CONTENT", "SOMETHING_NEW"})
    void aBlockedInputIsWithheldContent(String reason) {
        var response = respond("{\"promptFeedback\": {\"blockReason\": \"" + reason
                + "\"}, \"usageMetadata\": {\"promptTokenCount\": 7}}");

        assertThat(response.finishReason()).isEqualTo(FinishReason.CONTENT_FILTER);
        assertThat(response.rawFinishReason()).isEqualTo(reason);
        assertThat(response.usage()).isEqualTo(Usage.of(7, 0));
    }

    @Test
    void countsOfThoughtsAndToolUseAreIncluded() {
        var response = respond("""
                {"candidates": [{"content": {"parts": [{"text": "Hi"}]}}], "usageMetadata": {"promptTokenCount": 100}}
                {"candidates": [{"finishReason": "STOP"}], "usageMetadata": {"promptTokenCount": 100, "candidatesTokenCount": 5,
                 "thoughtsTokenCount": 20, "toolUsePromptTokenCount": 10, "cachedContentTokenCount": 60, "totalTokenCount": 135}}
                """);

        assertThat(response.usage()).isEqualTo(new Usage(110, 25, 20, 60));
        assertThat(call.usages()).containsExactly(new Usage(110, 25, 20, 60));
    }

    @Test
    void theUsageMayComeAfterTheReason() {
        var response = respond("""
                {"candidates": [{"finishReason": "STOP"}]}
                {"usageMetadata": {"promptTokenCount": 3, "candidatesTokenCount": 4}}
                """);

        assertThat(response.usage()).isEqualTo(Usage.of(3, 4));
    }

    @Test
    void theDelayIsThatOfTheDetails() {
        provider.enqueue(
                Script.errorBody(429, QUOTA),
                Script.errorBody(429, "[" + QUOTA.strip() + "]"),
                Script.text("Hi").thenRaw("data: " + QUOTA.replace("\n", "") + "\n\n"),
                Script.text("Hi").thenRaw("data: [" + QUOTA.replace("\n", "") + "]\n\n"));

        for (var i = 0; i < 4; i++) {
            var failure = failure();
            assertThat(failure.kind()).isEqualTo(Kind.RATE_LIMIT);
            assertThat(failure.retryAfter()).isEqualTo(Duration.ofMillis(34_500));
            assertThat(failure).hasMessageContaining("You exceeded your current quota");
            assertThat(failure.getMessage()).doesNotContain("QuotaFailure");
        }
    }

    @Test
    void anErrorInsteadOfAStreamHasItsKind() {
        provider.enqueue(
                Script.wholeBody("application/json", QUOTA), Script.wholeBody("application/json", "[" + QUOTA + "]"));

        for (var i = 0; i < 2; i++) {
            var failure = failure();
            assertThat(failure.kind()).isEqualTo(Kind.RATE_LIMIT);
            assertThat(failure).hasMessageContaining("You exceeded your current quota");
        }
    }

    @Test
    void anInvalidKeyIsAFailureOfAuthentication() {
        provider.enqueue(Script.errorBody(400, """
                {"error": {"code": 400, "message": "API key not valid. Please pass a valid API key.", "status": "INVALID_ARGUMENT",
                 "details": [{"reason": "API_KEY_INVALID"}]}}
                """));

        var failure = failure();

        assertThat(failure.kind()).isEqualTo(Kind.AUTHENTICATION);
        assertThat(failure.status()).isEqualTo(400);
        assertThat(failure).hasMessageContaining("API key not valid").hasMessageContaining("GEMINI_API_KEY");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "\"functionCall\":{\"name\":\"clock\",\"args\":{\"x\":1}} | {\"x\":1}",
                "\"functionCall\":{\"name\":\"clock\",\"arguments\":{\"x\":1}} | {\"x\":1}",
                "\"functionCall\":{\"name\":\"clock\",\"args\":{},\"input\":\"{\\\"x\\\":1}\"} | {\"x\":1}",
                "\"function_call\":{\"name\":\"clock\",\"args\":[1]} | [1]",
                "\"functionCall\":{\"name\":\"clock\",\"args\":null} | {}",
            })
    void argumentsAreReadFromEachPlace(String part, String expected) {
        var response =
                respond("{\"candidates\": [{\"content\": {\"parts\": [{" + part + "}]}, \"finishReason\": \"STOP\"}]}");

        assertThat(response.toolCalls()).extracting(ToolCall::arguments).containsExactly(expected);
    }

    @Test
    void aCallThatIsSentTwiceIsOneAndCallsWithOneIdAreTwo() {
        var call = "{\"functionCall\":{\"id\":\"c\",\"name\":\"look\",\"args\":{\"x\":1}}}";
        var response = respond("{\"candidates\": [{\"content\": {\"parts\": [" + call + "," + call.replace("1}", "2}")
                + "]}}]}\n{\"candidates\": [{\"content\": {\"parts\": [" + call + "]}, \"finishReason\": \"STOP\"}]}");

        assertThat(response.toolCalls()).extracting(ToolCall::arguments).containsExactly("{\"x\":1}", "{\"x\":2}");
    }

    @Test
    void theNumberOfCallsIsLimited() {
        var many = "{\"functionCall\":{\"name\":\"clock\"}},".repeat(1_001);
        var failure = catchThrowableOfType(
                ModelException.class,
                () -> respond("{\"candidates\": [{\"content\": {\"parts\": [" + many.substring(0, many.length() - 1)
                        + "]}, \"finishReason\": \"STOP\"}]}"));

        assertThat(failure).hasMessageContaining("1000 tool calls");
    }

    @Test
    void aWholeTextAtTheEndDoesNotDoubleTheParts() {
        var response = respond("""
                {"candidates": [{"content": {"parts": [{"text": "Hello "}]}}]}
                {"candidates": [{"index": 1, "content": {"parts": [{"text": "Another"}]}}, {"index": 0, "content": {"parts": [{"text": "you"}]}}]}
                {"candidates": [{"content": {"parts": [{"text": "Hello you"}]}, "finishReason": "STOP"}]}
                """);

        assertThat(response.text()).isEqualTo("Hello you");
        assertThat(call.text()).isEqualTo("Hello you");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: {\"error\":{}}",
                "data: [{\"error\":{\"code\":500}}]",
                "data: {\"type\":\"error\"}",
                "data: {\"detail\":\"too bad\"}",
                "data: {\"message\":\"too bad\"}",
                "event: error\ndata: {}",
                "data: [DONE]",
                "<html>502 Bad Gateway</html>",
                "data: {\"candidates\":[{\"finishReason\":\"FINISH_REASON_UNSPECIFIED\"}]}",
            })
    void whatIsNoAnswerIsAnError(String event) {
        provider.enqueue(Script.wholeBody(
                "text/event-stream",
                "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hel\"}]}}]}\n\n" + event
                        + "\n\ndata: [DONE]\n\n"));

        assertThat(failure()).isNotNull();
    }

    private ModelException failure() {
        return catchThrowableOfType(ModelException.class, () -> model().respond(HELLO, call));
    }

    /** @param events each begins on a line of its own with a brace */
    private ModelResponse respond(String events) {
        var stream = events.strip()
                .replaceAll("\n +", " ")
                .replaceAll("(?m)^\\{", "data: {")
                .replace("\n", "\n\n");
        provider.enqueue(Script.empty().thenRaw(stream + "\n\n").thenEndOfBody());
        return model().respond(HELLO, call);
    }

    private Gemini model() {
        return Gemini.builder()
                .id("gemini-2.5-flash")
                .apiKey("key-of-mine")
                .baseUrl(provider.url())
                .build();
    }
}
