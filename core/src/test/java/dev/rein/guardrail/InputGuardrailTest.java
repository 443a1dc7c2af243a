package dev.rein.guardrail;

import static dev.rein.agent.TestModel.says;
import static dev.rein.guardrail.CheckPoint.INPUT;
import static dev.rein.guardrail.Checks.refusing;
import static dev.rein.guardrail.Checks.replacing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rein.agent.Agent;
import dev.rein.agent.Events;
import dev.rein.agent.Gate;
import dev.rein.agent.TestModel;
import dev.rein.model.Image;
import dev.rein.run.RunFailedException;
import dev.rein.run.RunFailure;
import dev.rein.run.RunInput;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.run.event.RunError;
import dev.rein.runtime.RunOptions;
import dev.rein.session.InMemorySessionStore;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class InputGuardrailTest {
    private static final String SECRET = "zanzibar";

    private final TestModel model = TestModel.of(says("Hello. ", "How are you?"));
    private final InMemorySessionStore store = new InMemorySessionStore();

    private Agent agent(Guardrail... guardrails) {
        return Agent.builder()
                .id("a")
                .model(model)
                .store(store)
                .addHistory(5)
                .guardrails(guardrails)
                .build();
    }

    private static RunOptions session() {
        return RunOptions.defaults().sessionId("s");
    }

    /** Everything that others can see of a run and of its session. */
    private String visible(RunOutput output, List<? extends Object> events) throws Exception {
        return output.input() + " " + output.messages() + " " + events + " " + store.runs("s") + " " + model.requests()
                + " " + output.failure();
    }

    @Test
    void theRewrittenTextIsAllThatIsSentStoredAndShown() throws Exception {
        var run = agent(replacing(SECRET, "***", INPUT)).start("I live in " + SECRET, session());
        var output = Events.end(run);

        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(output.input().text()).isEqualTo("I live in ***");
        assertThat(model.told(0).content()).isEqualTo("I live in ***");
        assertThat(visible(output, Events.of(run))).doesNotContain(SECRET).contains("I live in ***");
    }

    @Test
    void guardrailsFollowEachOther() throws Exception {
        var output = agent(replacing("one", "two", INPUT), replacing("two", "three", INPUT))
                .run("one", session());

        assertThat(output.input().text()).isEqualTo("three");
    }

    @Test
    void aRefusalEndsTheRunBeforeTheModelIsAsked() throws Exception {
        var run = agent(refusing(SECRET, INPUT)).start("I live in " + SECRET, session());
        var output = Events.end(run);
        var events = Events.of(run);

        assertThat(output.status()).isEqualTo(RunStatus.ERROR);
        assertThat(output.failure().kind()).isEqualTo(RunFailure.Kind.GUARDRAIL);
        assertThat(output.failure().guardrail()).isEqualTo("refusing");
        assertThat(output.failure().type()).isEqualTo("InputCheckError");
        assertThat(output.failure().message()).contains("the word is not allowed");
        assertThat(model.requests()).isEmpty();
        assertThat(Events.names(events)).containsExactly("RunStarted", "PreHookStarted", "RunError");
        assertThat(((RunError) events.getLast()).failure().kind()).isEqualTo(RunFailure.Kind.GUARDRAIL);
        assertThatThrownBy(output::orThrow)
                .isInstanceOf(RunFailedException.class)
                .hasMessageContaining("not allowed");
    }

    @Test
    void aRefusedInputIsNowhere() throws Exception {
        var named = Guardrail.of("strict", (_, _) -> Verdict.refuse("no"), INPUT);
        for (var guardrail : List.of(named, named.besideModel())) {
            var run = agent(guardrail).start("I live in " + SECRET, session());

            assertThat(run.await() + " " + Events.of(run) + store.runs("s")
                            + run.await().messages())
                    .doesNotContain(SECRET);
        }
    }

    @Test
    void theNextRunOfTheSessionHasAValidHistoryWithoutTheRefusedInput() throws Exception {
        var agent = agent(refusing(SECRET, INPUT));
        agent.run("I live in " + SECRET, session());

        assertThat(agent.run("Hi", session()).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(model.asked(0).toString()).doesNotContain(SECRET);
        assertThat(model.asked(0)).extracting(each -> each.role().name()).containsExactly("USER", "ASSISTANT", "USER");
    }

    @Test
    void aRefusedRunDoesNotChangeTheSessionState() throws Exception {
        var agent = Agent.builder()
                .model(model)
                .store(store)
                .before("count", (input, context) -> {
                    context.sessionState().put("changed", true);
                    return input;
                })
                .guardrails(Guardrail.of("strict", (_, _) -> Verdict.refuse("no"), INPUT)
                        .besideModel())
                .build();
        assertThat(agent.run("x", session()).status()).isEqualTo(RunStatus.ERROR);

        assertThat(store.session("s").orElseThrow().state()).isEmpty();
    }

    @Test
    void whatHooksMakeOfTheInputIsCheckedToo() throws Exception {
        for (var guardrail :
                List.of(refusing(SECRET, INPUT), refusing(SECRET, INPUT).besideModel())) {
            var output = Agent.builder()
                    .model(model)
                    .before("add", (input, _) -> RunInput.of(input.text() + " " + SECRET))
                    .guardrails(guardrail)
                    .build()
                    .run("Hi");

            assertThat(output.failure().kind()).isEqualTo(RunFailure.Kind.GUARDRAIL);
        }
    }

    @Test
    void hooksReceiveTheRewrittenInput() throws Exception {
        var output = Agent.builder()
                .model(model)
                .before("see", (input, _) -> {
                    assertThat(input.text()).isEqualTo("***");
                    return input;
                })
                .guardrails(replacing(SECRET, "***", INPUT))
                .build()
                .run(SECRET);

        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void imagesArePartOfTheInput() throws Exception {
        var none = Guardrail.of("no images", (text, _) -> Verdict.rewrite(text.text(), List.of()), INPUT);
        var output = agent(none).run(RunInput.of("Look").image(Image.of(new byte[] {1}, "image/png")), session());

        assertThat(output.input().images()).isEmpty();
        assertThat(model.told(0).images()).isEmpty();
    }

    @Test
    void aFailedCheckRefusesWithoutQuotingTheInput() throws Exception {
        var broken = Guardrail.of(
                "broken",
                (text, _) -> {
                    throw new IllegalStateException("can't read " + text.text());
                },
                INPUT);
        for (var guardrail : List.of(broken, broken.besideModel())) {
            var output = agent(guardrail).run(SECRET, session());

            assertThat(output.status()).isEqualTo(RunStatus.ERROR);
            assertThat(output.failure().message()).contains("\"broken\"", "IllegalStateException", "failOpen()");
            assertThat(visible(output, List.of()).replace(String.valueOf(model.requests()), ""))
                    .doesNotContain(SECRET);
            assertThatThrownBy(output::orThrow).hasStackTraceContaining("broken");
            assertThat(output.failure().exception().getCause()).isNull();
        }
    }

    @Test
    void aGuardrailThatFailsOpenLetsTheInputPass() throws Exception {
        var broken = Guardrail.of("broken", (_, _) -> null, INPUT).failOpen();

        assertThat(agent(broken, broken.besideModel()).run("Hi", session()).status())
                .isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void aCheckThatTakesTooLongHasFailed() throws Exception {
        var slow = Guardrail.of(
                        "slow",
                        (_, context) -> {
                            context.cancellation().sleep(Duration.ofHours(1));
                            return Verdict.pass();
                        },
                        INPUT)
                .timeout(Duration.ofMillis(50));
        for (var guardrail : List.of(slow, slow.besideModel())) {
            assertThat(agent(guardrail).run("Hi", session()).failure().message())
                    .contains("\"slow\"", "did not answer within 50 ms");
        }
        assertThat(agent(slow.failOpen(), slow.failOpen().besideModel())
                        .run("Hi", session())
                        .status())
                .isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void aStopEndsACheckThatWaits() throws Exception {
        for (var beside : List.of(false, true)) {
            var gate = new Gate();
            var waiting = Guardrail.of(
                    "waiting",
                    (_, _) -> {
                        gate.pass();
                        return Verdict.pass();
                    },
                    INPUT);
            var run = agent(beside ? waiting.besideModel() : waiting).start(SECRET, session());
            gate.awaitReached();
            run.cancel();
            var output = Events.end(run);

            assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
            assertThat(output.text()).isEmpty();
            assertThat(output + " " + store.runs("s") + output.messages()).doesNotContain(SECRET);
        }
    }

    @Test
    void theInputIsNotSeenBeforeItHasPassed() throws Exception {
        for (var beside : List.of(false, true)) {
            var gate = new Gate();
            var waiting = Guardrail.of(
                    "waiting",
                    (_, _) -> {
                        gate.pass();
                        return Verdict.pass();
                    },
                    INPUT);
            var run = agent(beside ? waiting.besideModel() : waiting)
                    .start(SECRET, session().sessionId("s" + beside));
            gate.awaitReached();
            assertThat(run.output() + " " + run.output().messages() + store.runs("s" + beside))
                    .doesNotContain(SECRET);
            gate.open();

            assertThat(Events.end(run).input().text()).isEqualTo(SECRET);
            assertThat(store.run(run.id()).orElseThrow().input().text()).isEqualTo(SECRET);
        }
    }
}
