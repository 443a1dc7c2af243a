package dev.rein.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.model.FinishReason;
import dev.rein.model.Message;
import dev.rein.model.ModelException;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.model.ToolCall;
import dev.rein.model.Usage;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The part of {@link ModelContract} about complete responses. */
abstract class ModelResponseTests extends ModelFailureTests {
    private static final ModelRequest WEATHER_REQUEST = new ModelRequest(HELLO.messages(), List.of(WEATHER), null);

    @Test
    void textIsDeliveredInChunksAndAsAWhole() {
        provider.enqueue(Script.tokens("Hé", "llo, \n", "\"wörld\" 🐉", "\u2028 \\n"));

        var response = model().respond(HELLO, call);

        assertThat(call.texts()).containsExactly("Hé", "llo, \n", "\"wörld\" 🐉", "\u2028 \\n");
        assertThat(response.text()).isEqualTo("Héllo, \n\"wörld\" 🐉\u2028 \\n");
        assertThat(response.toolCalls()).isEmpty();
        assertThat(response.reasoning()).isNull();
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(response.rawFinishReason()).isNotBlank();
        assertThat(call.registrations()).isZero();
    }

    @Test
    void anEmptyAnswerIsAnAnswer() {
        provider.enqueue(Script.empty());

        var response = model().respond(HELLO, call);

        assertThat(response.text()).isEmpty();
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void anEventOfOneMegabyteIsRead() {
        provider.enqueue(Script.empty().thenHugeToken(1 << 20).thenText(" end"));

        assertThat(model().respond(HELLO, call).text()).hasSize((1 << 20) + 4);
    }

    @Test
    void usageIsReported() {
        var counted = new Usage(
                120,
                30,
                missing().contains(ModelCapability.REASONING_TOKENS) ? 0 : 12,
                missing().contains(ModelCapability.CACHED_TOKENS) ? 0 : 64);
        provider.enqueue(Script.text("Hello").usage(counted));

        var response = model().respond(HELLO, call);

        assertThat(response.usage()).isEqualTo(counted);
        assertThat(call.usages().getLast()).isEqualTo(counted);
    }

    @Test
    void reasoningIsSeparateFromTheText() {
        needs(ModelCapability.REASONING);
        provider.enqueue(Script.empty().thenReasoning("Let me think").thenText("42"));

        var response = model().respond(HELLO, call);

        assertThat(String.join("", call.thoughts())).isEqualTo("Let me think");
        assertThat(response.reasoning()).isEqualTo("Let me think");
        assertThat(response.text()).isEqualTo("42");
    }

    @Test
    void parallelToolCallsAreAssembledFromTheirFragments() {
        provider.enqueue(Script.text("Looking it up")
                .thenToolCall("call_a", "weather", "{\"city\":\"Llanfairpwllgwyngyll\",\"days\":3}")
                .thenToolCall("call_b", "weather", "{\"city\":\"São Paulo 🌧\"}"));

        var response = model().respond(WEATHER_REQUEST, call);

        assertThat(response.text()).isEqualTo("Looking it up");
        assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(response.toolCalls()).extracting(ToolCall::name).containsExactly("weather", "weather");
        assertThat(response.toolCalls().stream().map(each -> FixtureJson.parsedOrText(each.arguments())))
                .containsExactly(
                        FixtureJson.parsedOrText("{\"city\":\"Llanfairpwllgwyngyll\",\"days\":3}"),
                        FixtureJson.parsedOrText("{\"city\":\"São Paulo 🌧\"}"));
        assertThat(response.toolCalls())
                .extracting(ToolCall::id)
                .doesNotHaveDuplicates()
                .allSatisfy(id -> assertThat(id).isNotBlank());
        if (!missing().contains(ModelCapability.TOOL_CALL_IDS)) {
            assertThat(response.toolCalls()).extracting(ToolCall::id).containsExactly("call_a", "call_b");
        }
        assertThat(call.characters()).as("characters reported as progress").isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", ""})
    void aToolCallWithoutArgumentsHasAnEmptyObject(String arguments) {
        provider.enqueue(Script.toolCall("weather", arguments));

        var response = model().respond(WEATHER_REQUEST, call);

        assertThat(response.toolCalls()).extracting(ToolCall::arguments).containsExactly("{}");
    }

    @ParameterizedTest
    @CsvSource({"stop, STOP", "length, LENGTH", "content_filter, CONTENT_FILTER"})
    void theFinishReasonIsRecognised(String reason, FinishReason expected) {
        if (expected == FinishReason.CONTENT_FILTER) {
            needs(ModelCapability.CONTENT_FILTER);
        }
        provider.enqueue(Script.text("Once upon").finishReason(reason));

        var response = model().respond(HELLO, call);

        assertThat(response.text()).isEqualTo("Once upon");
        assertThat(response.finishReason()).isEqualTo(expected);
    }

    @Test
    void aToolCallThatWasCutOffIsMarkedAsSuch() {
        provider.enqueue(Script.toolCall("weather", "{\"city\":\"Ro").finishReason("length"));

        ModelResponse response;
        try {
            response = model().respond(WEATHER_REQUEST, call);
        } catch (ModelException e) {
            assertThat(e.kind()).isEqualTo(ModelException.Kind.MALFORMED);
            return;
        }
        assertThat(response.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(response.finishReason().isCutOff()).isTrue();
    }

    @Test
    void moreCallsThanAnyModelMakesAreRefused() {
        var script = Script.empty();
        for (var i = 0; i <= 1_000; i++) {
            script = script.thenToolCall("call_" + i, "weather", "{}");
        }
        provider.enqueue(script);

        var failure = failure();

        assertThat(failure.kind()).isEqualTo(ModelException.Kind.MALFORMED);
        assertThat(failure).hasMessageContaining("1000 tool calls");
    }

    @Test
    void aResponseThatTheProviderEndsAsFailedIsNoAnswer() {
        provider.enqueue(Script.text("Once upon").finishReason("error"));

        try {
            var response = model().respond(HELLO, call);
            assertThat(response.finishReason()).isIn(FinishReason.ERROR, FinishReason.OTHER);
        } catch (ModelException e) {
            assertThat(call.text()).isEqualTo("Once upon");
        }
    }

    @Test
    void concurrentResponsesAreNotMixed() {
        provider.answerBy(request -> Script.text(
                format().read(request).messages().getLast().content().repeat(50)));
        var model = model();
        var responses = IntStream.range(0, 20)
                .mapToObj(i -> new RecordingModelCall()
                        .start(model, ModelRequest.of(Message.user("answer " + i + " ")), Thread.ofVirtual()))
                .toList();

        for (var i = 0; i < responses.size(); i++) {
            var expected = ("answer " + i + " ").repeat(50);
            assertThat(responses.get(i))
                    .succeedsWithin(PATIENCE)
                    .satisfies(response -> assertThat(response.text()).isEqualTo(expected));
        }
    }
}
