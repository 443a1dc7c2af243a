package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelKind;
import dev.rein.model.Model;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.run.StepOutput;
import dev.rein.runtime.Component;
import dev.rein.runtime.Limits;
import dev.rein.runtime.RunOptions;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.workflow.OnError;
import dev.rein.workflow.Parallel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Situations 29 and 30 for teams and workflows. */
class Situation30LimitsOfATreeTest {
    private static final Duration DEADLINE = Duration.ofMillis(250);

    /** Three agents of one run. */
    enum Three {
        TEAM,
        WORKFLOW,
        TEAM_IN_A_WORKFLOW
    }

    private final InMemorySessionStore store = new InMemorySessionStore();

    static Stream<Arguments> threesAndForms() {
        return Stream.of(Three.values())
                .flatMap(three -> Stream.of(Form.values()).map(form -> Arguments.of(three, form)));
    }

    private static RunOptions with(Limits limits) {
        return RunOptions.defaults().limits(limits);
    }

    private static void stopped(RunOutput output, CancelKind kind, String reason) {
        assertThat(output.isCancelled()).isTrue();
        var cause = Objects.requireNonNull(output.cause());
        assertThat(cause.kind()).isEqualTo(kind);
        assertThat(cause.reason()).contains(reason);
        assertThat(output.abandoned()).isEmpty();
    }

    private static Agent sleeping() {
        return Agent.builder()
                .name("Part")
                .model(ScriptedModel.create().toolCall("sleep", "{}"))
                .tools(Tools.tool("sleep", _ -> {
                    Thread.sleep(Duration.ofMinutes(1)); // blocks on purpose
                    return "slept";
                }))
                .build();
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("dev.rein.situations.Tree#withForms")
    void theDeadlineOfTheWholeEndsEveryPart(Tree tree, Form form) {
        var output = Waiting.withGrowingLimit(
                limit -> {
                    var options = with(Limits.none().deadline(limit));
                    var stopped = RunInvariants.checkCancelled(
                            form.start(tree.around(sleeping(), store), "Go", options), store);
                    assertThat(stopped.metrics().duration()).isBetween(limit, limit.plus(Waiting.SOON));
                    return stopped;
                },
                stopped -> !stopped.memberResponses().isEmpty());

        stopped(output, CancelKind.DEADLINE, "did not end within");
        stopped(Tree.part(output), CancelKind.PARENT, "did not end within");
        assertThat(Tree.part(output)).isNotSameAs(output);
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @EnumSource
    void aFunctionOfAStepIsEndedByTheDeadlineOfItsWorkflow(Form form) {
        var workflow = Workflow.builder()
                .store(store)
                .storeWait(Waiting.LONG)
                .limits(Limits.none().deadline(DEADLINE))
                .steps(Step.of("sleep", _ -> {
                            Thread.sleep(Duration.ofMinutes(1)); // blocks on purpose
                            return StepOutput.of("slept");
                        })
                        .retries(3)
                        .onError(OnError.SKIP))
                .build();

        stopped(RunInvariants.checkCancelled(form.start(workflow, "Go"), store), CancelKind.DEADLINE, "250 ms");
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @EnumSource
    void theTimeLimitOfAStepEndsTheRunInItAndTheStepFails(Form form) {
        var output = Waiting.withGrowingLimit(
                limit -> {
                    var workflow = Workflow.builder()
                            .store(store)
                            .storeWait(Waiting.LONG)
                            .steps(
                                    Step.of("slow", sleeping()).timeout(limit).onError(OnError.SKIP),
                                    Step.of("last", _ -> StepOutput.of(Tree.LAST)))
                            .build();
                    return RunInvariants.check(form.start(workflow, "Go"), store);
                },
                ended -> !ended.memberResponses().isEmpty());

        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(output.text()).isEqualTo(Tree.LAST);
        assertThat(output.steps().getFirst().error()).contains("did not end within");
        stopped(output.memberResponses().getFirst(), CancelKind.PARENT, "did not end within");
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @EnumSource
    void theDeadlineOfAMemberEndsItAlone(Form form) {
        var model = ScriptedModel.create().waitsForever();
        var member = Agent.builder()
                .name("Part")
                .model(model)
                .limits(Limits.none().deadline(DEADLINE))
                .build();

        var output = RunInvariants.check(form.start(Tree.TEAM.around(member, store), "Go"), store);

        assertThat(output.isCompleted()).isTrue();
        assertThat(output.text()).isEqualTo(Tree.LAST);
        stopped(Tree.part(output), CancelKind.DEADLINE, "250 ms");
    }

    private Component three(Three three, Model talker) {
        var one = Teams.member("one", talker);
        var two = Teams.member("two", talker);
        var last = Teams.member("three", talker);
        return switch (three) {
            case TEAM ->
                Teams.of(
                                "Team",
                                ScriptedModel.of(
                                        Teams.delegates("one", "two", "three").withoutUsage()),
                                one,
                                two,
                                last)
                        .store(store)
                        .storeWait(Waiting.LONG)
                        .build();
            case WORKFLOW ->
                Workflow.builder()
                        .store(store)
                        .storeWait(Waiting.LONG)
                        .steps(Parallel.of("all", Step.of("a", one), Step.of("b", two), Step.of("c", last)))
                        .build();
            case TEAM_IN_A_WORKFLOW -> {
                var leader = ScriptedModel.of(Teams.delegates("one", "two").withoutUsage());
                yield Workflow.builder()
                        .store(store)
                        .storeWait(Waiting.LONG)
                        .steps(Parallel.of(
                                "all",
                                Step.of(
                                        "team",
                                        Teams.of("Team", leader, one, two).build()),
                                Step.of("c", last)))
                        .build();
            }
        };
    }

    private static long used(RunOutput output) {
        return output.metrics().usage().totalTokens()
                + output.memberResponses().stream()
                        .mapToLong(Situation30LimitsOfATreeTest::used)
                        .sum();
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("threesAndForms")
    void threeAgentsHaveOneBudgetAndNoStreamGoesOverByMoreThanAChunk(Three three, Form form) {
        var limit = 400;
        var talker = ScriptedModel.of(Script.forever(Duration.ofMillis(1)).withoutUsage())
                .repeating();

        var output = RunInvariants.checkCancelled(
                form.start(three(three, talker), "Go", with(Limits.none().tokens(limit))), store);

        stopped(output, CancelKind.BUDGET, "tokens: 400 were allowed");
        assertThat(talker.callsStarted()).isLessThanOrEqualTo(3);
        // Four characters are a token by the estimate; a chunk of "wordNNN " is two.
        var roundedOff = 5 * 2;
        var chunks = 3 * 2;
        assertThat(used(output)).isBetween((long) limit - roundedOff, (long) limit + chunks);
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("threesAndForms")
    void theBudgetClosesTheConnectionsOfAllThree(Three three, Form form) {
        try (var provider = FakeProvider.start()) {
            provider.byDefault(Script.forever(Duration.ofMillis(2)));

            var output = RunInvariants.checkCancelled(
                    form.start(
                            three(three, Api.CHAT.at(provider)),
                            "Go",
                            with(Limits.none().tokens(400))),
                    store);

            stopped(output, CancelKind.BUDGET, "tokens: 400 were allowed");
            Waiting.until("no connection is left", () -> provider.openConnections() == 0);
        }
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @MethodSource("dev.rein.situations.Tree#withForms")
    void toolCallsOfAllPartsCountForTheWhole(Tree tree, Form form) {
        var model = ScriptedModel.create().toolCall("look", "{}").repeating();
        var part = Agent.builder()
                .name("Part")
                .model(model)
                .tools(Tools.instant("look"))
                .build();

        var output = RunInvariants.checkCancelled(
                form.start(tree.around(part, store), "Go", with(Limits.none().toolCalls(5))), store);

        stopped(output, CancelKind.BUDGET, "tool calls: 5 were allowed");
        assertThat(Tree.part(output).tools()).hasSizeBetween(3, 5);
    }
}
