package dev.rein.runtime;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.rein.agent.Agent;
import dev.rein.agent.AgentBuilder;
import dev.rein.agent.TestModel;
import dev.rein.run.RunContext;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.run.StepOutput;
import dev.rein.team.Team;
import dev.rein.tool.ToolSpec;
import dev.rein.workflow.Parallel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Objects and data that the caller of a run gives its code. */
class DependenciesTest {
    private record Customer(int id, String name) {}

    /** An object that has no form as JSON. */
    private static final class Prices {
        private int of(String article) {
            return article.length();
        }
    }

    private final List<Object> seen = new CopyOnWriteArrayList<>();

    private final ToolSpec look = ToolSpec.of(
            "look",
            "Looks",
            new JsonMapper().createObjectNode().put("type", "object"),
            (arguments, context) -> see("tool", context));

    private String see(String where, RunContext context) {
        seen.add(where + " " + context.dependencies());
        return "seen";
    }

    private static RunOptions options() {
        return RunOptions.defaults();
    }

    private AgentBuilder agent(TestModel model) {
        return Agent.builder().name("Helper").model(model);
    }

    private static String failure(RunOutput output) {
        assertThat(output.status()).isEqualTo(RunStatus.ERROR);
        return Objects.requireNonNull(output.failure()).message();
    }

    @Test
    void allCodeOfARunReadsThem() {
        var agent = agent(TestModel.of(calls("look"), says("Done")))
                .tools(look)
                .instructions(context -> see("instructions", context))
                .tools(context -> {
                    see("tools", context);
                    return List.of();
                })
                .before("before", (input, context) -> {
                    see("before", context);
                    return input;
                })
                .after("after", (text, context) -> see("after", context))
                .build();
        agent.run("Go", options().dependency("region", "EU")).orThrow();
        assertThat(seen)
                .containsExactly(
                        "instructions {region=EU}",
                        "tools {region=EU}",
                        "before {region=EU}",
                        "tool {region=EU}",
                        "after {region=EU}");
    }

    @Test
    void aSupplierIsCalledOnceInARunWithItsContext() {
        var called = new AtomicInteger();
        var agent = agent(TestModel.of(calls("look"), says("Done")))
                .tools(look)
                .after("after", (text, context) -> see("after", context))
                .build();
        Supplier<String> supplier = () -> "S" + called.incrementAndGet();
        var options = options()
                .dependencies(Map.of("plain", supplier))
                .userId("odile")
                .dependency(
                        "user",
                        () -> Objects.requireNonNull(RunContext.current()).userId());
        agent.run("Go", options).orThrow();
        assertThat(called).hasValue(1);
        assertThat(seen).containsExactly("tool {plain=S1, user=odile}", "after {plain=S1, user=odile}");
        agent.run("Go", options).orThrow();
        assertThat(called).hasValue(2);
    }

    @Test
    void membersStepsAndBranchesReadThoseOfTheRunAbove() {
        var called = new AtomicInteger();
        var member =
                agent(TestModel.of(calls("look"), says("Done"))).tools(look).build();
        var team = Team.builder()
                .name("Team")
                .model(TestModel.of(
                        calls(new dev.rein.model.ToolCall(
                                "c1", "delegate_task_to_member", "{\"member_id\":\"helper\",\"task\":\"Look\"}")),
                        says("Looked")))
                .members(member)
                .build();
        var workflow = Workflow.builder()
                .name("Flow")
                .steps(
                        Step.of("function", input -> {
                            seen.add("step " + input.dependency("n", Integer.class));
                            return StepOutput.of("x");
                        }),
                        Parallel.of(
                                "both",
                                Step.of("left", input -> StepOutput.of(see("branch", input.context()))),
                                Step.of("team", team)))
                .build();
        workflow.run("Go", options().dependency("n", called::incrementAndGet)).orThrow();
        assertThat(called).hasValue(1);
        assertThat(seen).containsExactlyInAnyOrder("step 1", "branch {n=1}", "tool {n=1}");
    }

    @Test
    void aRunBelowHasItsOwnOverThoseAbove() {
        var inner = agent(TestModel.of(calls("look"), says("Done"))).tools(look).build();
        var workflow = Workflow.builder()
                .name("Flow")
                .steps(Step.of("call", input -> {
                    inner.run("Go", options().parent(input.context()).dependency("b", 20))
                            .orThrow();
                    return StepOutput.of(see("outer", input.context()));
                }))
                .build();
        workflow.run("Go", options().dependencies(Map.of("a", 1)).dependency("b", 2))
                .orThrow();
        assertThat(seen).containsExactly("tool {a=1, b=20}", "outer {a=1, b=2}");
    }

    @Test
    void aFailingOrEmptySupplierEndsTheRunWithItsName() {
        var model = TestModel.of(says("Hello"));
        var agent = agent(model).build();
        var failed = agent.run("Go", options().dependency("prices", () -> {
            throw new java.io.IOException("no file");
        }));
        assertThat(failure(failed)).contains("dependency \"prices\"").contains("no file");
        var empty = agent.run("Go", options().dependency("prices", () -> nothing()));
        assertThat(failure(empty)).contains("dependency \"prices\"").contains("it returned null");
        assertThat(model.requests()).isEmpty();
    }

    private static @Nullable Object nothing() {
        return null;
    }

    @Test
    void aStopEndsASupplierThatBlocks() throws Exception {
        var model = TestModel.of(says("Hello"));
        var blocks = new CountDownLatch(1);
        var interrupted = new CountDownLatch(1);
        var run = agent(model).build().start("Go", options().dependency("slow", () -> {
            blocks.countDown();
            try {
                return new CountDownLatch(1).await(1, TimeUnit.HOURS);
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
        }));
        assertThat(blocks.await(1, TimeUnit.MINUTES)).isTrue();
        run.cancel();
        assertThat(run.await(Duration.ofMinutes(1)).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(interrupted.await(1, TimeUnit.MINUTES)).isTrue();
        assertThat(model.requests()).isEmpty();
    }

    @Test
    void aMissingOneOrAnotherTypeIsNamed() {
        var agent = agent(TestModel.of(says("Hello")))
                .after("look", (text, context) -> {
                    assertThat(context.dependency("n", Integer.class)).isEqualTo(1);
                    assertThatThrownBy(() -> context.dependency("m", Integer.class))
                            .hasMessageContaining("no dependency \"m\", but [n]");
                    assertThatThrownBy(() -> context.dependency("n", String.class))
                            .hasMessageContaining("\"n\" is a java.lang.Integer, not a java.lang.String");
                    assertThatThrownBy(() -> context.dependencies().put("x", 1))
                            .isInstanceOf(UnsupportedOperationException.class);
                })
                .build();
        agent.run("Go", options().dependency("n", 1)).orThrow();
        assertThatNullPointerException()
                .isThrownBy(() -> options().dependency("n", nothing()))
                .withMessageContaining("\"n\" is null");
    }

    // ---- in the prompt

    private static String system(TestModel model) {
        return Objects.requireNonNull(model.asked(0).getFirst()).content();
    }

    @Test
    void theModelIsToldThem() {
        var model = TestModel.of(says("Hello"));
        agent(model)
                .instructions("Be kind.")
                .addDependencies()
                .build()
                .run(
                        "Go",
                        options()
                                .dependency("customer", new Customer(7, "Odile"))
                                .dependency("region", "EU"))
                .orThrow();
        assertThat(system(model))
                .isEqualTo("Be kind.\n\nData for this task:\n- customer: {\"id\":7,\"name\":\"Odile\"}\n- region: EU");
    }

    @Test
    void theModelIsToldOnlyTheNamedOnes() {
        var model = TestModel.of(says("Hello"));
        var prices = new Prices();
        assertThat(prices.of("x")).isEqualTo(1);
        var options = options().dependency("prices", prices).dependency("region", "EU");
        agent(model)
                .addDependencies("region", "other")
                .build()
                .run("Go", options)
                .orThrow();
        assertThat(system(model)).isEqualTo("Data for this task:\n- region: EU");
        var all = agent(TestModel.of(says("Hello"))).addDependencies().build().run("Go", options);
        assertThat(failure(all))
                .contains("dependency \"prices\" can't be told to the model")
                .contains("addDependencies(..)");
    }

    @Test
    void theModelIsToldNothingUnlessAsked() {
        var model = TestModel.of(says("Hello"));
        var agent = agent(model).instructions("Be kind.").build();
        agent.run("Go", options().dependency("region", "EU")).orThrow();
        assertThat(system(model)).isEqualTo("Be kind.");
        agent.run("Go", options().dependency("region", "EU").addDependencies(true))
                .orThrow();
        assertThat(Objects.requireNonNull(model.asked(1).getFirst()).content()).endsWith("\n- region: EU");
    }

    @Test
    void whatTheModelIsToldIsBounded() {
        var output = agent(TestModel.of(says("Hello")))
                .addDependencies()
                .build()
                .run("Go", options().dependency("book", "x".repeat(70_000)));
        assertThat(failure(output)).contains("longer than 65536 characters").contains("\"book\"");
    }

    @Test
    void aWorkflowHasNoModelToTell() {
        var workflow = Workflow.builder()
                .name("Flow")
                .steps(Step.of("x", input -> StepOutput.of("x")))
                .build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> workflow.run("Go", options().addDependencies(true)))
                .withMessageContaining("addDependencies");
    }
}
