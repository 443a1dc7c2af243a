package dev.rein.agent;

import static dev.rein.agent.TestModel.call;
import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.says;
import static dev.rein.agent.TestTools.tool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rein.model.Message;
import dev.rein.model.ModelResponse;
import dev.rein.model.Usage;
import dev.rein.run.Decision;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.run.ToolExecution;
import dev.rein.runtime.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an agent's output says of its run. */
class AgentResultTest {

    private static String failure(RunOutput output) {
        assertThat(output.status()).isEqualTo(RunStatus.ERROR);
        return Objects.requireNonNull(output.failure()).message();
    }

    // ---- the text

    @Test
    void theTextIsThatOfTheLastResponse() {
        var model = TestModel.of(
                (request, call) -> {
                    call.text("Let me look.");
                    return new ModelResponse("Let me look.", null, List.of(call("c1", "look")), null, null);
                },
                says("It is ", "a cat."));

        var output = Agent.builder()
                .model(model)
                .tools(tool("look", context -> "cat"))
                .build()
                .run("Hi");

        assertThat(output.text()).isEqualTo("It is a cat.");
        assertThat(output.messages()).extracting(Message::content).contains("Let me look.");
    }

    record Answer(String word) {}

    @Test
    void aTypedAnswerHasNoRejectedOnesInItsText() {
        var agent = Agent.builder()
                .model(TestModel.of(says("no JSON"), says("{\"word\":\"yes\"}")))
                .build();

        assertThat(agent.run("Hi", Answer.class).output().text()).isEqualTo("{\"word\":\"yes\"}");
    }

    // ---- the tool calls

    @Test
    void anIdThatAModelUsesAgainIsAnotherCall() {
        var n = new AtomicInteger();
        var output = Agent.builder()
                .model(TestModel.of(calls("count"), calls("count"), says("done")))
                .tools(tool("count", context -> n.incrementAndGet()))
                .build()
                .run("Hi");

        assertThat(output.tools()).extracting(ToolExecution::result).containsExactly("1", "2");
        assertThat(output.metrics().toolCalls()).isEqualTo(2);
    }

    @Test
    void aRefusalDoesNotTouchAnEarlierCallOfTheSameId() {
        var agent = Agent.builder()
                .model(TestModel.of(calls("pay"), calls("pay"), says("done")))
                .tools(tool("pay", context -> "paid").withConfirmation("Sure?"))
                .build();
        var first = agent.run("Hi");
        var second = agent.continueRun(
                first.runId(), Decision.confirm(first.requirements().getFirst().id()));
        var asked = Events.rested(second).requirements().getFirst();

        var end = Events.rested(agent.continueRun(first.runId(), Decision.reject(asked.id())));

        assertThat(end.tools()).extracting(ToolExecution::error).containsExactly(false, true);
        assertThat(end.tools().getFirst().result()).isEqualTo("paid");
    }

    // ---- usage that can't be

    @ParameterizedTest
    @ValueSource(longs = {-1000, Long.MIN_VALUE, Long.MAX_VALUE, 5_000_000_000L})
    void countsThatCantBeDoNotSwitchABudgetOff(long tokens) {
        var turns = new AtomicInteger();
        var output = Agent.builder()
                .model(TestModel.of((request, call) -> {
                    turns.incrementAndGet();
                    call.text("x".repeat(80));
                    call.usage(new Usage(tokens, tokens, 0, 0));
                    return new ModelResponse("x".repeat(80), null, List.of(call("c" + turns, "look")), null, null);
                }))
                .tools(tool("look", context -> turns.get()))
                .limits(Limits.none().tokens(100))
                .build()
                .run("Hi");

        assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(turns.get()).isLessThan(9);
        assertThat(output.metrics().estimated()).isTrue();
        assertThat(output.metrics().usage().isPlausible()).isTrue();
    }

    // ---- turns that bring nothing

    @Test
    void aToolThatAlwaysFailsEndsTheRun() {
        var model = TestModel.of(calls("broken"));
        var output = Agent.builder()
                .model(model)
                .tools(tool("broken", context -> {
                    throw new IllegalStateException("out of order");
                }))
                .build()
                .run("Hi");

        assertThat(failure(output))
                .startsWith("10 consecutive turns")
                .contains("no tool call succeeded", "out of order");
        assertThat(model.requests()).hasSize(10);
    }

    @Test
    void theSameCallsWithTheSameResultsEndTheRun() {
        var output = Agent.builder()
                .model(TestModel.of(calls("look")))
                .tools(tool("look", context -> "a cat"))
                .fruitlessTurnLimit(3)
                .build()
                .run("Hi");

        assertThat(failure(output)).contains("the model repeated the same calls", "fruitlessTurnLimit");
        assertThat(output.metrics().toolCalls()).isEqualTo(4);
    }

    @Test
    void callsThatAlternateWithTheSameResultsEndTheRun() {
        var turns = new ArrayList<TestModel.Turn>();
        IntStream.range(0, 30).forEach(i -> turns.add(calls(i % 3 == 0 ? "look" : i % 3 == 1 ? "listen" : "smell")));
        var output = Agent.builder()
                .model(TestModel.of(turns.toArray(TestModel.Turn[]::new)))
                .tools(
                        tool("look", context -> "a cat"),
                        tool("listen", context -> "miaow"),
                        tool("smell", context -> "fish"))
                .build()
                .run("Hi");

        assertThat(failure(output)).contains("the model repeated the same calls");
        assertThat(output.metrics().toolCalls()).isEqualTo(13);
    }

    @Test
    void aTurnThatSucceedsStartsTheCountAgain() {
        var n = new AtomicInteger();
        var turns = new ArrayList<TestModel.Turn>();
        IntStream.range(0, 15).forEach(_ -> turns.add(calls("sometimes")));
        turns.add(says("done"));
        var output = Agent.builder()
                .model(TestModel.of(turns.toArray(TestModel.Turn[]::new)))
                .tools(tool("sometimes", context -> {
                    if (n.incrementAndGet() % 5 != 0) {
                        throw new IllegalStateException("not yet");
                    }
                    return n.get();
                }))
                .build()
                .run("Hi");

        assertThat(output.text()).isEqualTo("done");
    }

    @Test
    void theLimitIsAtLeastOne() {
        assertThatThrownBy(() -> Agent.builder().fruitlessTurnLimit(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("fruitlessTurnLimit is 0");
    }
}
