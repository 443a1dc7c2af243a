package dev.rein.guardrail;

import static dev.rein.agent.TestModel.says;
import static dev.rein.guardrail.CheckPoint.OUTPUT;
import static dev.rein.guardrail.Checks.refusing;
import static dev.rein.guardrail.Checks.replacing;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.rein.agent.Agent;
import dev.rein.agent.AgentBuilder;
import dev.rein.agent.Events;
import dev.rein.agent.Gate;
import dev.rein.agent.TestModel;
import dev.rein.model.FinishReason;
import dev.rein.model.ModelException;
import dev.rein.model.ModelResponse;
import dev.rein.model.ProviderData;
import dev.rein.run.RunFailure;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.run.event.RunContent;
import dev.rein.run.event.RunEvent;
import dev.rein.runtime.Limits;
import dev.rein.runtime.RunOptions;
import dev.rein.session.InMemorySessionStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OutputGuardrailTest {
    private static final String WORD = "zanzibar";

    private final InMemorySessionStore store = new InMemorySessionStore();

    private AgentBuilder agent(TestModel.Turn... turns) {
        return Agent.builder().model(TestModel.of(turns)).store(store);
    }

    private String visible(RunOutput output, List<RunEvent> events) {
        return output.text() + output.reasoning() + output.messages() + output.tools() + events + store.runs("s");
    }

    private static String delivered(List<RunEvent> events) {
        return Events.only(RunContent.class, events).stream()
                .map(RunContent::content)
                .collect(Collectors.joining());
    }

    @Test
    void theRewrittenTextIsAllThatIsDelivered() throws Exception {
        for (var guardrail : List.of(
                replacing(WORD, "***", OUTPUT), replacing(WORD, "***", OUTPUT).wholeOutput())) {
            var run = agent(says("I live in zan", "zibar. It is n", "ice there."))
                    .guardrails(guardrail)
                    .build()
                    .start("Where?", RunOptions.defaults().sessionId("s"));
            var output = Events.end(run);

            assertThat(output.text()).isEqualTo("I live in ***. It is nice there.");
            assertThat(output.messages().getLast().content()).isEqualTo(output.text());
            assertThat(delivered(Events.of(run))).isEqualTo(output.text());
            assertThat(visible(output, Events.of(run))).doesNotContain(WORD);
        }
    }

    @Test
    void aSentenceIsDeliveredAsSoonAsItHasPassed() throws Exception {
        var gate = new Gate();
        var model = TestModel.of((request, call) -> {
            call.text("One is here. Two");
            gate.pass();
            call.text(" is here.");
            return ModelResponse.of("One is here. Two is here.");
        });
        try (var stream = Agent.builder().model(model).guardrails(refusing(WORD, OUTPUT)).build().stream("Hi")) {
            var texts = new CopyOnWriteArrayList<String>();
            for (var event : stream) {
                if (event instanceof RunContent content) {
                    texts.add(content.content());
                    gate.open();
                }
            }
            assertThat(texts).containsExactly("One is here. ", "Two is here.");
        }
    }

    @Test
    void aLongResponseWithoutAnySentenceIsChecked() throws Exception {
        var dots = ".".repeat(1_000_000);
        var longest = new AtomicInteger();
        var guardrail = Guardrail.of(
                "measuring",
                (text, _) -> {
                    longest.accumulateAndGet(
                            text.text().length() + text.preceding().length(), Math::max);
                    return Verdict.pass();
                },
                OUTPUT);
        var output = Events.end(agent(says(dots)).guardrails(guardrail).build().start("Hi"));

        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(output.text()).isEqualTo(dots);
        assertThat(longest).hasValueLessThanOrEqualTo(14_000);
    }

    @Test
    void allSentencesCountForALimitOfTheLength() throws Exception {
        var output = Events.end(agent(says("Ten chars. ".repeat(2_000)))
                .guardrails(LengthLimit.characters(15_000).on(OUTPUT))
                .build()
                .start("Hi"));

        assertThat(output.status()).isEqualTo(RunStatus.ERROR);
        assertThat(output.text()).hasSizeBetween(14_000, 15_000);
    }

    @Test
    void aWholeOutputIsHeldBackUntilItsEnd() throws Exception {
        var gate = new Gate();
        var model = TestModel.of((request, call) -> {
            call.text("One is here. Two is here. ");
            gate.pass();
            return ModelResponse.of("One is here. Two is here. ");
        });
        var run = Agent.builder()
                .model(model)
                .guardrails(refusing(WORD, OUTPUT).wholeOutput())
                .build()
                .start("Hi");
        gate.awaitReached();
        assertThat(run.output().text()).isEmpty();
        gate.open();

        assertThat(Events.end(run).text()).isEqualTo("One is here. Two is here. ");
    }

    @Test
    void aRefusalEndsTheRunWithWhatHasPassed() throws Exception {
        var run = agent((request, call) -> {
                    call.text("This is fine. This is " + WORD + ". ");
                    throw new AssertionError("the stream goes on");
                })
                .guardrails(refusing(WORD, OUTPUT))
                .build()
                .start("Hi", RunOptions.defaults().sessionId("s"));
        var output = Events.end(run);

        assertThat(output.status()).isEqualTo(RunStatus.ERROR);
        assertThat(output.failure().kind()).isEqualTo(RunFailure.Kind.GUARDRAIL);
        assertThat(output.failure().type()).isEqualTo("OutputCheckError");
        assertThat(output.text()).isEqualTo("This is fine. ");
        assertThat(visible(output, Events.of(run))).doesNotContain(WORD);
    }

    @Test
    void anAdapterThatHidesTheRefusalCanNeitherRetryNorAnswer() throws Exception {
        TestModel.Turn turnsItIntoItsOwn = (request, call) -> {
            try {
                call.text(WORD + ". ");
                call.text("x");
            } catch (RuntimeException e) {
                throw new ModelException(ModelException.Kind.CONNECTION, "lost");
            }
            throw new AssertionError();
        };
        TestModel.Turn ignoresIt = (request, call) -> {
            try {
                call.text(WORD + ". And ");
            } catch (RuntimeException e) {
                // As some adapters do.
            }
            return ModelResponse.of(WORD);
        };
        for (var turn : List.of(turnsItIntoItsOwn, ignoresIt)) {
            var model = TestModel.of(turn, says("fine"));
            var output = Agent.builder()
                    .model(model)
                    .guardrails(refusing(WORD, OUTPUT))
                    .build()
                    .run("Hi");

            assertThat(output.failure().kind()).isEqualTo(RunFailure.Kind.GUARDRAIL);
            assertThat(output.text()).isEmpty();
            assertThat(model.requests()).hasSize(1);
        }
    }

    @Test
    void reasoningIsCheckedToo() throws Exception {
        var run = agent((request, call) -> {
                    call.reasoning("They live in " + WORD + ". ");
                    call.text("Fine.");
                    return new ModelResponse(
                            "Fine.", "They live in " + WORD + ". ", List.of(), null, FinishReason.STOP, "stop", data());
                })
                .guardrails(replacing(WORD, "***", OUTPUT))
                .build()
                .start("Hi", RunOptions.defaults().sessionId("s"));
        var output = Events.end(run);

        assertThat(output.reasoning()).isEqualTo("They live in ***. ");
        assertThat(visible(output, Events.of(run))).doesNotContain(WORD);
        assertThat(output.messages().getLast().providerData()).isNull();
    }

    @Test
    void whatIsNotStreamedIsCheckedToo() throws Exception {
        var output = agent((request, call) ->
                        new ModelResponse(WORD + "!", WORD + "?", List.of(), null, FinishReason.STOP, "stop", data()))
                .guardrails(replacing(WORD, "***", OUTPUT))
                .build()
                .run("Hi", RunOptions.defaults().sessionId("s"));

        assertThat(output.text()).isEqualTo("***!");
        assertThat(visible(output, List.of())).doesNotContain(WORD);
    }

    @Test
    void theDataOfTheProviderStaysIfNothingIsRewritten() throws Exception {
        var output = agent((request, call) -> {
                    call.text("Fine.");
                    return new ModelResponse("Fine.", null, List.of(), null, FinishReason.STOP, "stop", data());
                })
                .guardrails(replacing(WORD, "***", OUTPUT))
                .build()
                .run("Hi");

        assertThat(output.messages().getLast().providerData()).isEqualTo(data());
    }

    record Place(String name) {}

    @Test
    void aTypedAnswerIsTheRewrittenOne() throws Exception {
        var output = agent(says("{\"name\":", "\"" + WORD + "\"}"))
                .guardrails(replacing(WORD, "***", OUTPUT))
                .build()
                .run("Where?", Place.class);

        assertThat(output.value()).isEqualTo(new Place("***"));
    }

    @Test
    void theTextBeforeAToolCallIsCheckedToo() throws Exception {
        var run = agent(
                        (request, call) -> {
                            call.text("Looking in " + WORD);
                            return new ModelResponse(
                                    "Looking in " + WORD,
                                    null,
                                    List.of(TestModel.call("c1", "none")),
                                    null,
                                    "tool_calls");
                        },
                        says("Done."))
                .guardrails(replacing(WORD, "***", OUTPUT))
                .build()
                .start("Where?", RunOptions.defaults().sessionId("s"));
        var output = Events.end(run);

        assertThat(output.text()).isEqualTo("Done.");
        assertThat(visible(output, Events.of(run))).doesNotContain(WORD).contains("Looking in ***");
    }

    @Test
    void aLengthIsThatOfTheWholeResponse() throws Exception {
        var output = agent(says("One two. ", "Three four. ", "Five six. "))
                .guardrails(LengthLimit.characters(22).on(OUTPUT))
                .build()
                .run("Hi");

        assertThat(output.failure().message()).contains("longer than 22 characters");
        assertThat(output.text()).isEqualTo("One two. Three four. ");
    }

    @Test
    void numbersAreNotCutBetweenSentences() throws Exception {
        var output = agent(says("My card: 4111 1111.\n", "1111 1111. ", "Thanks. Bye."))
                .guardrails(Pii.mask())
                .build()
                .run("Hi");

        assertThat(output.text()).isEqualTo("My card: [CARD]. Thanks. Bye.");
    }

    @Test
    void theTokenBudgetCountsWhatIsHeldBack() throws Exception {
        var output = agent((request, call) -> {
                    while (true) {
                        call.text("on and on ");
                    }
                })
                .limits(Limits.none().tokens(1_000))
                .guardrails(refusing(WORD, OUTPUT).wholeOutput())
                .build()
                .run("Hi");

        assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(output.cause().kind()).isEqualTo(dev.rein.cancel.CancelKind.BUDGET);
        assertThat(output.text()).isEmpty();
    }

    @Test
    void theTimeOfACheckIsNotThatOfTheModel() throws Exception {
        for (var whole : List.of(false, true)) {
            var slow = Guardrail.of(
                    "slow",
                    (_, context) -> {
                        context.cancellation().sleep(Duration.ofMillis(1_500));
                        return Verdict.pass();
                    },
                    OUTPUT);
            var output = agent(says("One. ", "Two"))
                    .limits(Limits.none().idle(Duration.ofMillis(500)))
                    .guardrails(whole ? slow.wholeOutput() : slow)
                    .build()
                    .run("Hi");

            assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        }
    }

    @Test
    void aStopDuringACheckLeavesWhatWasDelivered() throws Exception {
        var gate = new Gate();
        var run = agent(says("One. ", "Two. ", "Three. "))
                .guardrails(Guardrail.of(
                        "waiting",
                        (text, _) -> {
                            if (text.text().startsWith("Two")) {
                                gate.pass();
                            }
                            return Verdict.pass();
                        },
                        OUTPUT))
                .build()
                .start("Hi", RunOptions.defaults().sessionId("s"));
        gate.awaitReached();
        run.cancel();
        var output = Events.end(run);

        assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(output.text()).isEqualTo("One. ");
        assertThat(output.messages().getLast().content()).isEqualTo("One. ");
    }

    @Test
    void aFailedAttemptWhoseTextWasHeldBackIsRepeated() throws Exception {
        var output = agent(
                        (request, call) -> {
                            call.text("Bro");
                            throw new ModelException(ModelException.Kind.BAD_REQUEST, "lost");
                        },
                        says("Whole"))
                .fallbacks(TestModel.of(says("Other")))
                .guardrails(refusing(WORD, OUTPUT))
                .build()
                .run("Hi");

        assertThat(output.text()).isEqualTo("Other");
    }

    private static ProviderData data() {
        return new ProviderData("Test", "test-model", JsonNodeFactory.instance.textNode("signature of " + "zan"));
    }
}
