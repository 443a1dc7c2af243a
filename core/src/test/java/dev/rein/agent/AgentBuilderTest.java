package dev.rein.agent;

import static dev.rein.agent.TestModel.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rein.model.Model;
import dev.rein.model.Prices;
import dev.rein.model.Pricing;
import dev.rein.runtime.Limits;
import dev.rein.runtime.RetryPolicy;
import dev.rein.runtime.RunOptions;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentBuilderTest {
    private final TestModel model = TestModel.of(says("Hello"));

    @Test
    void anAgentWithoutAModelIsRefusedByName() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Agent.builder().name("Writer").build())
                .withMessageContaining("agent \"Writer\" has no model")
                .withMessageContaining("call model(..)");
        assertThatIllegalStateException()
                .isThrownBy(() -> Agent.builder().build())
                .withMessageContaining("agent has no model");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\n"})
    void aBlankNameIdOrHookNameIsRefused(String blank) {
        var builder = Agent.builder();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.name(blank))
                .withMessageContaining("name is blank");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.id(blank)).withMessageContaining("id is blank");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.before(blank, (input, context) -> input))
                .withMessageContaining("hook name is blank");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.after(blank, (text, context) -> {}))
                .withMessageContaining("hook name is blank");
    }

    @Test
    void twoToolsOfOneNameAreRefusedAlsoWhenGivenInTwoCalls() {
        var tool = TestTools.tool("search", context -> "found");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Agent.builder().tools(tool, tool))
                .withMessageContaining("two tools are named \"search\"");
        var builder = Agent.builder().tools(tool);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.tools(tool))
                .withMessageContaining("two tools are named \"search\"");
    }

    @Test
    void aCostLimitWorksForModelsOfTheTableOfPrices() {
        var costs = Limits.none().cost(1);
        var listed = TestModel.named("openai/gpt-4o-mini-2024-07-18", says("Hi"));
        var output = Agent.builder().model(listed).limits(costs).build().run("Hello");
        assertThat(output.metrics().cost()).isPositive();

        var own = TestModel.named("ours", says("Hi"));
        assertThatIllegalStateException()
                .isThrownBy(() -> Agent.builder()
                        .model(listed)
                        .prices(Prices.of(Map.of("ours", new Pricing(1, 2))))
                        .limits(costs)
                        .build())
                .withMessageContaining("model openai/gpt-4o-mini-2024-07-18 has none")
                .withMessageContaining("prices(Prices.list().with(\"openai/gpt-4o-mini-2024-07-18\", ..))");
        var priced = Agent.builder()
                .model(own)
                .prices(Prices.list().with("ours", new Pricing(1, 2)))
                .limits(costs)
                .build();
        assertThat(priced.run("Hello").metrics().cost()).isPositive();
    }

    @Test
    void theModelsOwnPriceWins() {
        var free = TestModel.named("gpt-4o", says("Hi")).priced(0, 0);
        assertThat(Agent.of(free, "").run("Hello").metrics().cost()).isZero();
    }

    @Test
    void aCostLimitNeedsAPriceOfTheModelAndOfEveryFallback() {
        var costs = Limits.none().cost(1);
        assertThatIllegalStateException()
                .isThrownBy(() -> Agent.builder().model(model).limits(costs).build())
                .withMessageContaining("model test-model has none")
                .withMessageContaining("pricing(new Pricing(input, output))");
        assertThatIllegalStateException()
                .isThrownBy(() -> Agent.builder()
                        .model(model.priced(1, 2))
                        .fallbacks(TestModel.named("free", says("Hi")))
                        .limits(costs)
                        .build())
                .withMessageContaining("model free has none");
        assertThat(Agent.builder()
                        .model(model.priced(1, 2))
                        .limits(costs)
                        .build()
                        .run("Hello")
                        .isCompleted())
                .isTrue();
    }

    @Test
    void aCostLimitOfOneRunNeedsAPriceOfTheModelAndOfEveryFallback() {
        var options = RunOptions.defaults().limits(Limits.none().cost(1));
        var agent = Agent.of(model, "");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> agent.start("Hello", options))
                .withMessageContaining("model test-model has none");
        var withFallback = Agent.builder()
                .model(model.priced(1, 2))
                .fallbacks(TestModel.named("free", says("Hi")))
                .build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> withFallback.start("Hello", options))
                .withMessageContaining("model free has none");
    }

    @Test
    void historyNeedsAStore() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Agent.builder().model(model).addHistory(3).build())
                .withMessageContaining("addHistory(3) needs a store");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Agent.builder().addHistory(-1))
                .withMessageContaining("-1");
    }

    @Test
    void limitsThatMakeNoSenseAreRefusedWithTheirNameAndValue() {
        var none = Limits.none();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> none.deadline(Duration.ZERO))
                .withMessageContaining("deadline is PT0S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> none.firstToken(Duration.ofSeconds(-1)))
                .withMessageContaining("firstToken is PT-1S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> none.idle(Duration.ZERO))
                .withMessageContaining("idle");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> none.tool(Duration.ZERO))
                .withMessageContaining("tool");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> none.queue(Duration.ZERO))
                .withMessageContaining("queue");
        assertThatIllegalArgumentException().isThrownBy(() -> none.tokens(0)).withMessageContaining("tokens is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> none.toolCalls(-1))
                .withMessageContaining("toolCalls is -1");
        assertThatIllegalArgumentException().isThrownBy(() -> none.cost(0)).withMessageContaining("cost is 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> none.cost(Double.NaN))
                .withMessageContaining("cost is NaN");
    }

    @Test
    void otherSettingsThatMakeNoSenseAreRefused() {
        var builder = Agent.builder();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.toolCallLimit(-1))
                .withMessageContaining("toolCallLimit is -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.outputRetries(21))
                .withMessageContaining("outputRetries is 21");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.retries(-1))
                .withMessageContaining("retries is -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.hookTimeouts(Duration.ZERO, Duration.ofSeconds(1)))
                .withMessageContaining("hook timeouts");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RetryPolicy(1, Duration.ZERO, 0.5, Duration.ZERO))
                .withMessageContaining("multiplier is 0.5");
    }

    @Test
    void runOptionsThatMakeNoSenseAreRefused() {
        var options = RunOptions.defaults();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.runId(" "))
                .withMessageContaining("runId is blank");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.sessionId("x".repeat(257)))
                .withMessageContaining("sessionId is 257 characters long");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.consumerStall(Duration.ZERO))
                .withMessageContaining("consumerStall is PT0S");
    }

    @Test
    @SuppressWarnings("NullAway") // what callers without a null checker do
    void nullsAreRefusedWhereTheyAreGivenAndSayWhichItIs() {
        var builder = Agent.builder().model(TestModel.of());
        Map<String, ThrowingCallable> given = Map.of(
                "name", () -> builder.name(null),
                "limits", () -> builder.limits(null),
                "retry", () -> builder.retry(null),
                "fallback", () -> builder.fallbacks((Model) null),
                "a tool", () -> builder.tools((Object) null),
                "hook \"check\"", () -> builder.before("check", null),
                "onCancel", () -> builder.onCancel(null),
                "sessionPolicy", () -> builder.sessionPolicy(null),
                "runId", () -> builder.build().cancelRun(null),
                "request", () -> builder.build().cancel("some id", null));
        given.forEach((what, code) -> assertThatThrownBy(code)
                .as(what)
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining(what));
    }

    @Test
    @SuppressWarnings("NullAway")
    void aHookThatReturnsNullIsNamed() {
        var agent = Agent.builder()
                .model(TestModel.of())
                .before("check", (input, context) -> null)
                .build();
        assertThat(agent.run("Hi").failure().message()).startsWith("hook \"check\" returned null");
    }

    @Test
    @SuppressWarnings("NullAway") // a caller without null checks does this
    void aNullInputIsRefusedBeforeARunExists() {
        var agent = Agent.of(model, "");
        assertThatThrownBy(() -> agent.run((String) null)).hasMessageContaining("input text is null");
        assertThat(model.requests()).isEmpty();
    }

    @Test
    void theIdIsMadeFromTheName() {
        assertThat(Agent.builder()
                        .name("Storytelling Team_1")
                        .model(model)
                        .build()
                        .id())
                .isEqualTo("storytelling-team-1");
        assertThat(Agent.builder().name("Writer").id("w-1").model(model).build().id())
                .isEqualTo("w-1");
    }

    @Test
    void aNamelessAgentHasAUuid() {
        var agent = Agent.of(model, "Be kind.");
        assertThat(agent.name()).isNull();
        assertThat(UUID.fromString(agent.id())).hasToString(agent.id());
        assertThat(Agent.of(model, "Be kind.").id()).isNotEqualTo(agent.id());
    }

    @Test
    void oneBuilderBuildsAgentsThatShareNothing() {
        var builder = Agent.builder().model(model).tools(TestTools.tool("one", context -> 1));
        var first = builder.build();
        var second = builder.tools(TestTools.tool("two", context -> 2)).build();
        assertThat(first.settings().tools()).hasSize(1);
        assertThat(second.settings().tools()).hasSize(2);
    }

    @Test
    void descriptionRoleAndInstructionsBecomeTheSystemMessage() {
        Agent.builder()
                .model(model)
                .description("A poet.")
                .role("Writes.")
                .instructions("Rhyme.", " ", "Be short.")
                .build()
                .run("Hello");
        assertThat(model.asked(0).getFirst().content())
                .isEqualTo("A poet.\n\nYour role: Writes.\n\n- Rhyme.\n- Be short.");
        Agent.of(model, "").run("Hello");
        assertThat(model.asked(1)).hasSize(1);
    }
}
