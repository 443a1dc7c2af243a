package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.run.StepOutput;
import dev.rein.run.ToolExecution;
import dev.rein.run.event.ToolCallCompleted;
import dev.rein.runtime.Component;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.workflow.Parallel;
import dev.rein.workflow.Step;
import dev.rein.workflow.StepFunction;
import dev.rein.workflow.Workflow;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Situations 16 to 19 in members and in steps. */
class Situation16DeafPartTest {
    private static final Duration GRACE = Duration.ofMillis(200);

    private final InMemorySessionStore store = new InMemorySessionStore();
    private final Gate gate = new Gate();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicInteger later = new AtomicInteger();

    @AfterEach
    void nothingLoopsOn() {
        stop.set(true);
        Waiting.until("abandoned threads come back", () -> Runs.shared().abandonedThreads() == 0);
    }

    private String swallow() {
        try {
            gate.pass();
        } catch (Throwable e) {
            // On purpose: careless code catches everything and says that all is well.
        }
        return "ok";
    }

    private String burn() {
        gate.arrive();
        var end = System.nanoTime() + Waiting.LONG.toNanos();
        while (!stop.get() && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        return "burnt";
    }

    private static Agent calling(String tool, Tools.Code code) {
        return Agent.builder()
                .name("Part")
                .model(ScriptedModel.create().answer(Script.text("Let me.").thenToolCall(tool, "{}")))
                .tools(Tools.tool(tool, code))
                .build();
    }

    private Workflow function(StepFunction code) {
        return Workflow.builder()
                .name("Flow")
                .store(store)
                .storeWait(Waiting.LONG)
                .steps(
                        Step.of("running", code).retries(2),
                        Step.of("later", _ -> StepOutput.of("later " + later.incrementAndGet())))
                .build();
    }

    private RunOutput cancelled(Form form, Component component, CancelRequest request) {
        var run = form.start(component, "Go", RunOptions.defaults().sessionId("conversation"));
        gate.awaitArrival();
        run.cancel(request);
        var output = RunInvariants.checkCancelled(run, store);
        assertThat(output.messages()).noneMatch(message -> message.content().equals(Tree.LAST));
        assertThat(later).hasValue(0);
        return output;
    }

    @ParameterizedTest
    @MethodSource("dev.rein.situations.Tree#withForms")
    void aPartWhoseToolSwallowsTheStopIsStoppedAndNothingUsesItsValue(Tree tree, Form form) {
        var part = calling("swallow", _ -> swallow());

        var output =
                cancelled(form, tree.around(part, store), CancelRequest.now().grace(Waiting.NEVER));

        assertThat(Tree.part(output).tools())
                .singleElement()
                .extracting("result")
                .isNull();
        assertThat(output.abandoned()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aFunctionOfAStepThatSwallowsTheStopHasNoResult(Form form) {
        var output = cancelled(
                form,
                function(_ -> StepOutput.of(swallow())),
                CancelRequest.now().grace(Waiting.NEVER));

        assertThat(output.steps()).singleElement().satisfies(step -> {
            assertThat(step.success()).isFalse();
            assertThat(step.content()).isEmpty();
        });
    }

    @ParameterizedTest
    @MethodSource("dev.rein.situations.Tree#withForms")
    void aPartWhoseToolLoopsIsAbandonedAndTheWholeEndsWithOneGrace(Tree tree, Form form) {
        var part = calling("burn", context -> {
            var result = burn();
            context.sessionState().put("late", true);
            return result;
        });

        var output =
                cancelled(form, tree.around(part, store), CancelRequest.now().grace(GRACE));

        // One instant for the whole tree, however deep it is.
        assertThat(output.stopTook()).isBetween(GRACE, GRACE.plus(Waiting.SOON));
        assertThat(Tree.part(output).abandoned()).singleElement().satisfies(thread -> {
            assertThat(thread.what()).isEqualTo("tool burn");
            assertThat(thread.stack()).anyMatch(frame -> frame.contains("burn"));
        });
        whatItDoesLaterChangesNothing(output);
    }

    @ParameterizedTest
    @EnumSource
    void aFunctionOfAStepThatLoopsIsAbandoned(Form form) {
        var output = cancelled(
                form,
                function(input -> {
                    var result = burn();
                    input.sessionState().put("late", true);
                    return StepOutput.of(result);
                }),
                CancelRequest.now().grace(GRACE));

        assertThat(output.abandoned())
                .singleElement()
                .satisfies(thread -> assertThat(thread.stack()).anyMatch(frame -> frame.contains("burn")));
        whatItDoesLaterChangesNothing(output);
    }

    private void whatItDoesLaterChangesNothing(RunOutput output) {
        var row = store.run(output.runId());
        var session = store.session("conversation");

        stop.set(true);
        Waiting.until("the thread comes back", () -> Runs.shared().abandonedThreads() == 0);

        assertThat(store.run(output.runId())).isEqualTo(row);
        assertThat(store.session("conversation")).isEqualTo(session);
        assertThat(session.orElseThrow().state()).doesNotContainKey("late");
    }

    @ParameterizedTest
    @EnumSource
    void twoOfFourMembersAreDoneAndTheirAnswersAreKept(Form form) {
        var output = fourMembers(form, CancelMode.NOW);

        assertThat(output.isCancelled()).isTrue();
        assertThat(output.tools()).extracting(ToolExecution::result).containsExactly("done", "done", null, null);
        assertThat(output.memberResponses())
                .extracting(RunOutput::status)
                .containsExactly(RunStatus.COMPLETED, RunStatus.COMPLETED, RunStatus.CANCELLED, RunStatus.CANCELLED);
        assertThat(output.messages().stream()
                        .map(message -> message.content())
                        .filter(content -> content.contains("effects are unknown")))
                .hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void afterTurnKeepsTheAnswersOfAllFourMembers(Form form) {
        var output = fourMembers(form, CancelMode.AFTER_TURN);

        assertThat(output.isCancelled()).isTrue();
        assertThat(output.tools()).extracting(ToolExecution::result).containsExactly("done", "done", "done", "done");
    }

    private RunOutput fourMembers(Form form, CancelMode mode) {
        var slow = ScriptedModel.of(
                Script.text("done").hangAfter(1), Script.text("done").hangAfter(1));
        var quick = ScriptedModel.always("done");
        var leader = ScriptedModel.of(Teams.delegates("a", "b", "c", "d"), Script.text("never asked for"));
        var team = Teams.of(
                        "Team",
                        leader,
                        Teams.member("a", quick),
                        Teams.member("b", quick),
                        Teams.member("c", slow),
                        Teams.member("d", slow))
                .store(store)
                .storeWait(Waiting.LONG)
                .build();
        var run = form.start(team, "Go");
        slow.awaitWaiting(2);
        run.awaitEvents(ToolCallCompleted.class, 2);
        run.cancel(CancelRequest.of(mode).grace(Waiting.NEVER));
        if (mode != CancelMode.NOW) {
            slow.release();
        }
        var output = RunInvariants.check(run, store);
        assertThat(leader.callsStarted()).isEqualTo(1);
        return output;
    }

    @ParameterizedTest
    @EnumSource
    void aMembersToolThatStopsItsOwnRunStopsTheMemberAlone(Form form) {
        var cleaned = new AtomicBoolean();
        var part = calling("give_up", context -> {
            context.cancel(CancelRequest.now().reason("gave up"));
            cleaned.set(!Thread.currentThread().isInterrupted());
            return "not used";
        });
        var leader = ScriptedModel.of(Teams.delegates("part"), Script.text("Then without."));
        var output = RunInvariants.check(
                form.start(
                        Teams.of("Team", leader, part)
                                .store(store)
                                .storeWait(Waiting.LONG)
                                .build(),
                        "Go"),
                store);

        assertThat(output.isCompleted()).isTrue();
        assertThat(cleaned).isTrue();
        assertThat(Tree.part(output).isCancelled()).isTrue();
        assertThat(leader.request(2).messages().getLast().content()).contains("gave up");
    }

    @ParameterizedTest
    @EnumSource
    void aFunctionOfAStepThatStopsItsOwnRunStopsTheWorkflow(Form form) {
        var cleaned = new AtomicBoolean();
        var workflow = Workflow.builder()
                .store(store)
                .storeWait(Waiting.LONG)
                .steps(
                        Parallel.of("both", Step.of("give up", input -> {
                            input.context().cancel(CancelRequest.now().reason("gave up"));
                            cleaned.set(!Thread.currentThread().isInterrupted());
                            return StepOutput.of("not used");
                        })),
                        Step.of("later", _ -> StepOutput.of("later " + later.incrementAndGet())))
                .build();

        var output = RunInvariants.checkCancelled(form.start(workflow, "Go"), store);

        assertThat(Objects.requireNonNull(output.cause()).kind()).isEqualTo(CancelKind.USER);
        assertThat(output.cause().reason()).isEqualTo("gave up");
        assertThat(cleaned).isTrue();
        assertThat(later).hasValue(0);
        assertThat(Composite.results(output, "give up")).noneMatch(StepOutput::success);
    }
}
