package dev.rein.agent;

import static dev.rein.agent.TestModel.call;
import static dev.rein.agent.TestModel.says;
import static dev.rein.agent.TestTools.tool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.model.FinishReason;
import dev.rein.model.Message;
import dev.rein.model.ModelResponse;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.run.event.ModelRequestCompleted;
import dev.rein.runtime.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A response that is empty, cut off or broken does not pass for an answer. */
class EndOfResponseTest {
    private static final RetryPolicy TWICE = new RetryPolicy(1, Duration.ZERO, 1, Duration.ZERO);

    private static AgentBuilder agent(TestModel model) {
        return Agent.builder().model(model).retry(TWICE);
    }

    private static TestModel.Turn ends(String text, @Nullable String reason) {
        return (request, call) -> {
            call.text(text);
            return new ModelResponse(text, null, List.of(), null, reason);
        };
    }

    private static TestModel.Turn reasons(String reasoning) {
        return (request, call) -> {
            call.reasoning(reasoning);
            return new ModelResponse("", reasoning, List.of(), null, "stop");
        };
    }

    private static String failure(RunOutput output) {
        assertThat(output.status()).isEqualTo(RunStatus.ERROR);
        return Objects.requireNonNull(output.failure()).message();
    }

    // ---- empty

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\n"})
    void anEmptyResponseIsAskedForAgain(String nothing) {
        var model = TestModel.of(says(nothing), says("Hello"));

        var output = agent(model).build().run("Hi");

        assertThat(output.isCompleted()).isTrue();
        assertThat(output.text().strip()).isEqualTo("Hello");
        assertThat(output.messages()).extracting(Message::content).containsExactly("Hi", "Hello");
    }

    @Test
    void soIsOneWithOnlyReasoning() {
        var model = TestModel.of(reasons("Let me think"), says("Hello"));

        assertThat(agent(model).build().run("Hi").text()).isEqualTo("Hello");
    }

    @Test
    void soIsOneThatAnnouncesCallsAndHasNone() {
        var model = TestModel.of(ends("", "tool_calls"), says("Hello"));

        assertThat(agent(model).build().run("Hi").text()).isEqualTo("Hello");
    }

    @Test
    void soIsOneBehindTheResultOfATool() {
        var calls = new AtomicInteger();
        var model = TestModel.of(TestModel.calls("count"), says(""), says("One"));

        var output = agent(model)
                .tools(tool("count", context -> "" + calls.incrementAndGet()))
                .build()
                .run("Hi");

        assertThat(output.text()).isEqualTo("One");
        assertThat(calls).hasValue(1);
    }

    @Test
    void withoutAnAnswerTheFallbackIsAskedAndThenTheRunFails() {
        var second = TestModel.named("second", says("From the second"));
        assertThat(agent(TestModel.of(says(""), says(" ")))
                        .fallbacks(second)
                        .build()
                        .run("Hi")
                        .text()
                        .strip())
                .isEqualTo("From the second");

        assertThat(failure(agent(TestModel.of(says(""), says(""))).build().run("Hi")))
                .contains("test-model is empty", "stop", "allowEmptyAnswers(true)");
    }

    @Test
    void emptyAnswersMayBeAllowed() {
        var model = TestModel.of(says(""));

        assertThat(agent(model).allowEmptyAnswers(true).build().run("Hi").isCompleted())
                .isTrue();
        assertThat(model.requests()).hasSize(1);
    }

    // ---- cut off

    @ParameterizedTest
    @ValueSource(strings = {"length", "max_tokens", "content_filter", "error"})
    void callsOfAResponseThatWasCutOffAreNotExecuted(String reason) {
        var calls = new AtomicInteger();
        var model = TestModel.of(
                (request, call) -> new ModelResponse("", null, List.of(call("c1", "delete")), null, reason),
                (request, call) -> new ModelResponse("", null, List.of(call("c1", "delete")), null, reason));

        var output = agent(model)
                .tools(tool("delete", context -> "deleted " + calls.incrementAndGet()))
                .build()
                .run("Hi");

        assertThat(failure(output)).contains(reason);
        assertThat(calls).hasValue(0);
        assertThat(model.requests()).hasSize(reason.equals("error") ? 2 : 1);
    }

    @Test
    void textThatWasCutOffIsAnAnswerThatSaysSo() {
        var output = agent(TestModel.of(ends("Once upon", "length"))).build().run("Hi");

        assertThat(output.isCompleted()).isTrue();
        assertThat(output.text()).isEqualTo("Once upon");
        assertThat(output.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(output.rawFinishReason()).isEqualTo("length");
    }

    @Test
    void theReasonIsInTheEventsToo() {
        try (var stream = agent(TestModel.of(ends("Hello", "end_turn"))).build().stream("Hi")) {
            ModelRequestCompleted completed = null;
            for (var event : stream) {
                if (event instanceof ModelRequestCompleted found) {
                    completed = found;
                }
            }
            assertThat(completed).isNotNull();
            assertThat(completed.finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(completed.rawFinishReason()).isEqualTo("end_turn");
        }
    }

    record Answer(String word, int times) {}

    @Test
    void aTypedAnswerThatWasCutOffIsNotAskedForAgain() {
        var model = TestModel.of(ends("{\"word\":\"lon", "length"));

        var output =
                agent(model).outputRetries(2).build().run("Hi", Answer.class).output();

        assertThat(failure(output)).contains("cut off", "raise maxOutputTokens");
        assertThat(model.requests()).hasSize(1);
    }

    @Test
    void aTypedAnswerThatWasCompleteBeforeTheLimitIsTaken() {
        var model = TestModel.of(ends("{\"word\":\"long\",\"times\":2}", "length"));

        assertThat(agent(model).build().run("Hi", Answer.class).value()).isEqualTo(new Answer("long", 2));
    }

    // ---- an error of the provider

    @Test
    void aResponseThatEndsWithAnErrorIsRetriedWhileNothingIsShown() {
        assertThat(agent(TestModel.of(ends("", "insufficient_system_resource"), says("Hello")))
                        .build()
                        .run("Hi")
                        .text())
                .isEqualTo("Hello");
        assertThat(failure(agent(TestModel.of(ends("Once", "insufficient_system_resource"), says("Hello")))
                        .build()
                        .run("Hi")))
                .contains("insufficient_system_resource");
    }

    // ---- names

    @ParameterizedTest
    @ValueSource(strings = {"count", " count ", "functions.count"})
    void aToolIsFoundByTheNamesThatModelsGiveIt(String name) {
        var model = TestModel.of(TestModel.calls(name), says("One"));

        var output = agent(model).tools(tool("count", context -> "1")).build().run("Hi");

        assertThat(output.tools()).singleElement().satisfies(tool -> {
            assertThat(tool.toolName()).isEqualTo("count");
            assertThat(tool.error()).isFalse();
        });
    }
}
