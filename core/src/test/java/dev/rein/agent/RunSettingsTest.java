package dev.rein.agent;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.rein.model.ModelRequest;
import dev.rein.model.ModelSettings;
import dev.rein.model.Role;
import dev.rein.model.ToolCall;
import dev.rein.model.ToolChoice;
import dev.rein.model.ToolDefinition;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.run.event.RunStarted;
import dev.rein.runtime.Limits;
import dev.rein.runtime.RunOptions;
import dev.rein.team.Team;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What one run has of its own: by its options, and by functions of the agent. */
class RunSettingsTest {
    private static final String OWN = "Be kind.";

    private final TestModel model = TestModel.of(says("Hello"));

    private AgentBuilder agent() {
        return Agent.builder().name("Helper").model(model).instructions(OWN);
    }

    private static RunOptions options() {
        return RunOptions.defaults();
    }

    private static String system(TestModel model, int request) {
        var first = Objects.requireNonNull(model.asked(request).getFirst());
        assertThat(first.role()).isEqualTo(Role.SYSTEM);
        return first.content();
    }

    private static List<String> tools(ModelRequest request) {
        return request.tools().stream().map(ToolDefinition::name).toList();
    }

    private static String failure(RunOutput output) {
        assertThat(output.status()).isEqualTo(RunStatus.ERROR);
        return Objects.requireNonNull(output.failure()).message();
    }

    // ---- options

    @Test
    void instructionsOfARunFollowThoseOfTheAgent() {
        var agent = agent().build();
        agent.run("Hi", options().instructions("Answer in French.", " ", "Be brief."));
        agent.run("Hi");
        assertThat(system(model, 0)).isEqualTo("Be kind.\n\nAnswer in French.\n\nBe brief.");
        assertThat(system(model, 1)).isEqualTo(OWN);
    }

    @Test
    void severalOwnInstructionsStayTheBeginning() {
        var agent = agent().instructions("One.", "Two.").build();
        agent.run("Hi");
        agent.run("Hi", options().instructions("Three."));
        assertThat(system(model, 0)).isEqualTo("- One.\n- Two.");
        assertThat(system(model, 1)).isEqualTo("- One.\n- Two.\n\nThree.");
    }

    @Test
    void aRunHasAModelOfItsOwn() {
        var other = TestModel.named("other", says("Salut"));
        try (var events = agent().build().stream("Hi", options().model(other))) {
            var all = Events.rest(events);
            assertThat(Events.only(RunStarted.class, all))
                    .extracting(RunStarted::model)
                    .containsExactly("other");
            assertThat(events.output().text()).isEqualTo("Salut");
        }
        assertThat(model.requests()).isEmpty();
    }

    @Test
    void theCostLimitOfARunNeedsThePriceOfItsModel() {
        var agent = Agent.builder().model(model.priced(1, 2)).build();
        var limited = options().limits(Limits.none().cost(1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> agent.run("Hi", limited.model(TestModel.named("other", says("Salut")))))
                .withMessageContaining("model other has none");
        assertThat(agent.run("Hi", limited).isCompleted()).isTrue();
    }

    @Test
    void settingsOfTheRunComeBeforeThoseOfTheAgent() {
        var agent = agent().settings(
                        ModelSettings.builder().temperature(0.2).seed(7).build())
                .build();
        agent.run("Hi");
        agent.run(
                "Hi",
                options().settings(ModelSettings.builder().temperature(0.9).build()));
        assertThat(model.requests())
                .extracting(request -> request.settings().temperature())
                .containsExactly(0.2, 0.9);
        assertThat(model.requests())
                .extracting(request -> request.settings().seed())
                .containsOnly(7L);
    }

    @Test
    void aToolChoiceThatRequiresACallIsMetByTheFirstOne() {
        for (var choice : List.of(ToolChoice.REQUIRED, ToolChoice.of("search"))) {
            var calling = TestModel.of(calls("search"), says("Found"));
            var agent = Agent.builder()
                    .model(calling)
                    .tools(TestTools.tool("search", context -> "x"))
                    .settings(ModelSettings.builder().toolChoice(choice).seed(1).build())
                    .build();
            assertThat(agent.run("Hi").text()).isEqualTo("Found");
            assertThat(calling.requests())
                    .extracting(request -> request.settings().toolChoice())
                    .containsExactly(choice, ToolChoice.AUTO);
            assertThat(calling.requests().getLast().settings().seed()).isEqualTo(1);
        }
    }

    @Test
    void aRunHasToolsOfItsOwn() {
        var calling = TestModel.of(calls("own", "extra"), says("Done"));
        var agent = Agent.builder()
                .model(calling)
                .tools(TestTools.tool("own", context -> "1"))
                .build();
        var options = options().tools(TestTools.tool("extra", context -> "2"));
        assertThat(agent.run("Hi", options).tools())
                .extracting(each -> each.result())
                .containsExactly("1", "2");
        assertThat(tools(calling.requests().getFirst())).containsExactly("own", "extra");
        agent.run("Hi");
        assertThat(tools(calling.requests().getLast())).containsExactly("own");
    }

    @Test
    void toolsOfOneNameAreRefusedBeforeARunExists() {
        var tool = TestTools.tool("own", context -> "1");
        var agent = agent().tools(tool).build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> agent.run("Hi", options().tools(tool)))
                .withMessageContaining("two tools are named \"own\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options().tools(tool).tools(tool))
                .withMessageContaining("two tools are named \"own\"");
        var team = Team.builder().model(model).members(agent).build();
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        team.run("Hi", options().tools(TestTools.tool("delegate_task_to_member", context -> "1"))))
                .withMessageContaining("reserved for the leader of this team");
        assertThat(model.requests()).isEmpty();
    }

    @Test
    void theOptionsOfATeamAreForItsLeader() {
        var member = TestModel.of(says("Done"));
        var calling = TestModel.of(
                calls(new ToolCall("d1", "delegate_task_to_member", "{\"member_id\":\"helper\",\"task\":\"Work\"}")),
                says("Done"));
        var team = Team.builder()
                .model(model)
                .instructions("Lead.")
                .instructions(context -> "In " + context.metadata().get("city") + ".")
                .members(Agent.builder()
                        .name("Helper")
                        .model(member)
                        .instructions(
                                context -> "Works in " + context.metadata().get("city") + ".")
                        .build())
                .build();
        var output = team.run(
                "Hi",
                options()
                        .model(calling)
                        .metadata(Map.of("city", "Rome"))
                        .instructions("Answer in French.")
                        .settings(ModelSettings.builder().seed(3).build())
                        .tools(TestTools.tool("extra", context -> "2")));
        assertThat(output.isCompleted()).isTrue();
        assertThat(system(calling, 0)).contains("- Lead.").endsWith("\n\nIn Rome.\n\nAnswer in French.");
        assertThat(tools(calling.requests().getFirst())).containsExactly("extra", "delegate_task_to_member");
        assertThat(calling.requests())
                .allSatisfy(each -> assertThat(each.settings().seed()).isEqualTo(3));
        assertThat(system(member, 0)).isEqualTo("Works in Rome.");
        assertThat(tools(member.requests().getFirst())).isEmpty();
        assertThat(member.requests().getFirst().settings()).isEqualTo(ModelSettings.DEFAULTS);
    }

    @Test
    void aWorkflowRefusesThem() {
        var workflow = Workflow.builder()
                .id("flow")
                .steps(Step.of("a", agent().build()))
                .build();
        for (var options : List.of(
                options().instructions("Be brief."),
                options().model(model),
                options().settings(ModelSettings.builder().seed(3).build()),
                options().tools(TestTools.tool("extra", context -> "2")))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> workflow.run("Hi", options))
                    .withMessageContaining("workflow flow")
                    .withMessageContaining("give them to the agents of its steps");
        }
        assertThat(workflow.run("Hi", options().instructions(" ")).isCompleted())
                .isTrue();
    }

    // ---- functions

    @Test
    void functionsAreCalledOnceInEachRun() {
        var calling = TestModel.of(calls("now"), calls("now"), says("Done"));
        var texts = new AtomicInteger();
        var lists = new AtomicInteger();
        var agent = Agent.builder()
                .model(calling)
                .instructions(OWN)
                .instructions(context -> "You talk to " + context.userId() + ", " + texts.incrementAndGet() + ".")
                .tools(TestTools.tool("fixed", context -> "0"))
                .tools(context -> List.of(TestTools.tool("now", inner -> "at " + lists.incrementAndGet())))
                .build();
        var output = agent.run("Hi", options().userId("Odile"));
        assertThat(output.tools()).extracting(each -> each.result()).containsExactly("at 1", "at 2");
        assertThat(texts).hasValue(1);
        for (var i = 0; i < 3; i++) {
            assertThat(system(calling, i)).isEqualTo("Be kind.\n\nYou talk to Odile, 1.");
            assertThat(tools(calling.requests().get(i))).containsExactly("fixed", "now");
        }
        agent.run("Hi", options().userId("Otto"));
        assertThat(system(calling, 3)).isEqualTo("Be kind.\n\nYou talk to Otto, 2.");
    }

    @Test
    void aBlankTextAndNoToolsAddNothing() {
        agent().instructions(context -> " ").tools(context -> List.of()).build().run("Hi");
        assertThat(system(model, 0)).isEqualTo(OWN);
        assertThat(tools(model.requests().getFirst())).isEmpty();
    }

    @Test
    void theFailureOfAFunctionIsNamed() {
        assertThat(failure(agent().instructions(context -> {
                            throw new IllegalStateException("no calendar");
                        })
                        .build()
                        .run("Hi")))
                .isEqualTo("the instructions function of helper failed: IllegalStateException: no calendar");
        PerRun<List<Object>> fails = context -> {
            throw new IOException("no registry");
        };
        assertThat(failure(agent().tools(fails).build().run("Hi")))
                .isEqualTo("the tools function of helper failed: IOException: no registry");
        var tool = TestTools.tool("own", context -> "1");
        assertThat(failure(agent().tools(tool)
                        .tools(context -> List.of(tool))
                        .build()
                        .run("Hi")))
                .startsWith("the tools function of helper failed: ")
                .contains("two tools are named \"own\"");
        assertThat(failure(
                        agent().tools(context -> List.of(new Object())).build().run("Hi")))
                .contains("has no tool: put @Tool on a public method");
        assertThat(model.requests()).isEmpty();
    }

    // A function of a user's who knows nothing of nullness.
    @SuppressWarnings("NullAway")
    @Test
    void nullIsAFailure() {
        @Nullable String none = null;
        assertThat(failure(agent().instructions(context -> none).build().run("Hi")))
                .isEqualTo("the instructions function of helper failed: IllegalStateException: it returned null");
        assertThat(failure(agent().tools(context -> Arrays.asList((Object) null))
                        .build()
                        .run("Hi")))
                .contains("a tool is null");
    }

    @Test
    void aFunctionThatBlocksIsStopped() throws Exception {
        for (var builder : List.of(
                agent().instructions(context -> {
                    context.cancellation().sleep(Duration.ofHours(1));
                    return "late";
                }),
                agent().tools(context -> {
                    new CountDownLatch(1).await();
                    return List.of();
                }))) {
            var run = builder.build().start("Hi");
            await().atMost(Duration.ofMinutes(1)).until(() -> run.status() == RunStatus.RUNNING);
            run.cancel();
            assertThat(run.await(Duration.ofMinutes(1)).isCancelled()).isTrue();
        }
        assertThat(model.requests()).isEmpty();
    }

    @Test
    void noLockIsHeldWhileAFunctionWorks() throws Exception {
        var inside = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var run = agent().instructions(context -> {
                    inside.countDown();
                    go.await();
                    return "done";
                })
                .build()
                .start("Hi");
        assertThat(inside.await(1, TimeUnit.MINUTES)).isTrue();
        // Takes the lock of the run's tree.
        assertThat(run.output().status()).isEqualTo(RunStatus.RUNNING);
        go.countDown();
        assertThat(run.await().isCompleted()).isTrue();
        assertThat(system(model, 0)).endsWith("done");
    }
}
