package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.CancelResult;
import dev.rein.run.Decision;
import dev.rein.run.RunOutput;
import dev.rein.run.RunRejectedException;
import dev.rein.run.RunStatus;
import dev.rein.run.StepOutput;
import dev.rein.run.event.RunEvent;
import dev.rein.runtime.Component;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.LeakCheck;
import dev.rein.testkit.MessageRules;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.workflow.Loop;
import dev.rein.workflow.OnTimeout;
import dev.rein.workflow.Parallel;
import dev.rein.workflow.Step;
import dev.rein.workflow.Steps;
import dev.rein.workflow.Workflow;
import dev.rein.workflow.WorkflowStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class Situation28CancelWhilePausedTest {
    private static final int ROUNDS = 300;

    /** What waits for people, and where. */
    enum Waits {
        A_TOOL_OF_AN_AGENT,
        A_TOOL_OF_A_MEMBER,
        A_TOOL_OF_A_SUB_TEAM,
        A_TOOL_OF_AN_AGENT_IN_A_STEP,
        A_TOOL_IN_A_BRANCH,
        A_TOOL_IN_A_NESTED_WORKFLOW,
        A_STEP,
        A_STEP_WITH_INPUT,
        A_LOOP,
        A_REVIEW,
        A_REVIEW_IN_A_BRANCH_OF_A_NESTED_WORKFLOW,
        A_REVIEW_WITH_A_TIME,
        AN_EXTERNAL_STEP
    }

    private final InMemorySessionStore store = new InMemorySessionStore();
    private final AtomicInteger paid = new AtomicInteger();
    private final AtomicInteger later = new AtomicInteger();

    static Stream<Arguments> waitsAndForms() {
        return Stream.of(Waits.values())
                .flatMap(waits -> Stream.of(Form.values()).map(form -> Arguments.of(waits, form)));
    }

    private Agent payer() {
        return Agent.builder()
                .name("Payer")
                .store(store)
                .storeWait(Waiting.LONG)
                .model(ScriptedModel.of(Script.text("I pay.").thenToolCall("pay", "{}"), Script.text("Paid.")))
                .tools(Tools.tool("pay", _ -> "paid " + paid.incrementAndGet()).withConfirmation("Pay?"))
                .build();
    }

    private static Script delegates(String member) {
        return Teams.delegates(member);
    }

    private Workflow workflow(WorkflowStep step) {
        return Workflow.builder()
                .name("Flow")
                .store(store)
                .storeWait(Waiting.LONG)
                .steps(step, Step.of("later", _ -> StepOutput.of("later " + later.incrementAndGet())))
                .build();
    }

    private Step paying() {
        return Step.of("pay", _ -> StepOutput.of("paid " + paid.incrementAndGet()));
    }

    private static Step drafting() {
        return Step.of("draft", _ -> StepOutput.of("draft")).review("Pay it like this?");
    }

    private Component component(Waits waits) {
        return switch (waits) {
            case A_TOOL_OF_AN_AGENT -> payer();
            case A_TOOL_OF_A_MEMBER ->
                Teams.of("Team", ScriptedModel.of(delegates("payer"), Script.text("Done.")), payer())
                        .store(store)
                        .storeWait(Waiting.LONG)
                        .build();
            case A_TOOL_OF_A_SUB_TEAM -> {
                var sub = Teams.of("Sub", ScriptedModel.of(delegates("payer"), Script.text("Done.")), payer())
                        .build();
                yield Teams.of("Team", ScriptedModel.of(delegates("sub"), Script.text("Done.")), sub)
                        .store(store)
                        .storeWait(Waiting.LONG)
                        .build();
            }
            case A_TOOL_OF_AN_AGENT_IN_A_STEP -> workflow(Step.of("pay", payer()));
            case A_TOOL_IN_A_BRANCH ->
                workflow(Parallel.of("both", Step.of("pay", payer()), Step.of("beside", _ -> StepOutput.of("beside"))));
            case A_TOOL_IN_A_NESTED_WORKFLOW ->
                workflow(Step.of(
                        "nested",
                        Workflow.builder()
                                .name("Nested")
                                .steps(Step.of("pay", payer()))
                                .build()));
            case A_STEP -> workflow(paying().confirm("Pay?"));
            case A_STEP_WITH_INPUT -> workflow(paying().userInput("How much?", "amount"));
            case A_LOOP -> workflow(Loop.of("loop", paying()).maxIterations(1).confirm("Pay?"));
            case A_REVIEW -> workflow(Steps.of("all", drafting(), paying()));
            case A_REVIEW_IN_A_BRANCH_OF_A_NESTED_WORKFLOW ->
                workflow(Step.of(
                        "nested",
                        Workflow.builder()
                                .name("Nested")
                                .steps(
                                        Parallel.of(
                                                "both", drafting(), Step.of("beside", _ -> StepOutput.of("beside"))),
                                        paying())
                                .build()));
            case A_REVIEW_WITH_A_TIME ->
                workflow(Steps.of("all", drafting().reviewTimeout(Duration.ofDays(1), OnTimeout.APPROVE), paying()));
            case AN_EXTERNAL_STEP -> workflow(Step.external("pay", "Pay it"));
        };
    }

    private static Decision approval(Waits waits, RunOutput paused) {
        var id = paused.requirements().getFirst().id();
        return switch (waits) {
            case A_STEP_WITH_INPUT -> Decision.input(id, Map.of("amount", 3));
            case AN_EXTERNAL_STEP -> Decision.result(id, "paid");
            default -> Decision.confirm(id);
        };
    }

    /** Runs until it waits for people. */
    private static RunHandle paused(Component component, Form form, RunOptions options) {
        var id = UUID.randomUUID().toString();
        var withId = options.runId(id);
        try {
            var output = switch (form) {
                case RUN -> component.run("Pay it", withId);
                case STREAM -> {
                    try (var stream = component.stream("Pay it", withId)) {
                        stream.forEach(_ -> {});
                        yield stream.output();
                    }
                }
                case START -> component.start("Pay it", withId).await(Waiting.LONG);
            };
            assertThat(output.status()).as("failure: %s", output.failure()).isEqualTo(RunStatus.PAUSED);
            assertThat(output.requirements()).hasSize(1);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return Runs.shared().handle(id).orElseThrow();
    }

    private static RunOutput end(RunHandle run) {
        Waiting.until("the end of " + run.id(), () -> run.output().status().isTerminal());
        return run.output();
    }

    private static void refused(Component component, RunHandle run, Decision decision) {
        assertThatThrownBy(() -> component.continueRun(run.id(), decision))
                .isInstanceOf(RunRejectedException.class)
                .extracting(e -> ((RunRejectedException) e).reason())
                .isEqualTo(RunRejectedException.Reason.NOT_ASKED);
        assertThatThrownBy(() -> component.continueStream(run.id(), decision).close())
                .isInstanceOf(RunRejectedException.class);
    }

    private void theRowsAreCancelled(RunOutput output) {
        var row = store.run(output.runId()).orElseThrow();
        assertThat(row.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(row.text()).isEqualTo(output.text());
        assertThat(row.cause()).isEqualTo(output.cause());
        RunInvariants.assertCanGoOn(row.messages());
        output.memberResponses().forEach(this::theRowsAreCancelled);
    }

    @ParameterizedTest
    @MethodSource("waitsAndForms")
    void itEndsAtOnceALaterApprovalIsRefusedAndTheToolNeverRuns(Waits waits, Form form) {
        var component = component(waits);
        try (var _ = LeakCheck.begin()) {
            var run = paused(component, form, RunOptions.defaults());
            var approval = approval(waits, run.output());
            var events = new ArrayList<RunEvent>();

            var told = run.cancel(CancelRequest.now()
                    .grace(Waiting.NEVER)
                    .reason("too expensive")
                    .actor("the boss"));

            refused(component, run, approval);
            assertThat(told.outcome()).isEqualTo(CancelResult.Outcome.REQUESTED);
            var output = end(run);
            assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
            var cause = Objects.requireNonNull(output.cause());
            assertThat(cause.kind()).isEqualTo(CancelKind.USER);
            assertThat(cause.actor()).isEqualTo("the boss");
            assertThat(output.requirements()).isEmpty();
            refused(component, run, approval);
            assertThat(paid).hasValue(0);
            assertThat(later).hasValue(0);
            run.events().forEach(events::add);
            RunInvariants.checkEvents(events, output);
            theRowsAreCancelled(output);
            assertThat(Runs.shared().find(run.id())).isEmpty();
            assertThat(run.cancel().outcome()).isEqualTo(CancelResult.Outcome.ALREADY_FINISHED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aGracefulStopDoesNotWaitForPeople(CancelMode mode) {
        for (var waits : Waits.values()) {
            var component = component(waits);
            var run = paused(component, Form.START, RunOptions.defaults());
            var approval = approval(waits, run.output());

            run.cancel(CancelRequest.of(mode).grace(Waiting.NEVER));

            refused(component, run, approval);
            assertThat(end(run).status()).as("%s", waits).isEqualTo(RunStatus.CANCELLED);
        }
        assertThat(paid).hasValue(0);
        assertThat(later).hasValue(0);
    }

    @ParameterizedTest
    @EnumSource(
            value = Waits.class,
            names = {"A_TOOL_OF_A_MEMBER", "A_TOOL_OF_AN_AGENT_IN_A_STEP"})
    void theOneThatAsksMayBeStoppedAlone(Waits waits) throws Exception {
        var component = component(waits);
        var run = paused(component, Form.START, RunOptions.defaults());
        var approval = approval(waits, run.output());
        var asking = run.output().requirements().getFirst().runId();
        assertThat(asking).isNotEqualTo(run.id());

        Runs.shared().cancel(asking, CancelRequest.now().grace(Waiting.NEVER));

        refused(component, run, approval);
        var output = end(run);
        // A team's leader is told and goes on; a workflow's step has failed.
        assertThat(output.status())
                .isEqualTo(waits == Waits.A_TOOL_OF_A_MEMBER ? RunStatus.COMPLETED : RunStatus.ERROR);
        assertThat(output.memberResponses().getFirst().isCancelled()).isTrue();
        assertThat(paid).hasValue(0);
    }

    @ParameterizedTest
    @EnumSource(
            value = Waits.class,
            names = {"A_TOOL_OF_AN_AGENT", "A_TOOL_OF_A_MEMBER", "A_STEP"})
    void theNextTurnOfTheSessionIsAccepted(Waits waits) {
        var options = RunOptions.defaults().sessionId("conversation");
        var run = paused(component(waits), Form.RUN, options);
        run.cancel(CancelRequest.now());
        end(run);

        var model = ScriptedModel.of("I see.");
        var next = Agent.builder()
                .model(model)
                .store(store)
                .storeWait(Waiting.LONG)
                .addHistory(10)
                .build();
        assertThat(next.run("And now?", options).isCompleted()).isTrue();

        MessageRules.checkAll(model.request(1).messages());
        assertThat(model.request(1).messages())
                .anyMatch(message -> message.content().equals("Pay it"));
    }

    /**
     * The approval is taken before the stop, or refused. Taken first, it lets the tool run, once, unless the stop came before
     * that began; refused, the tool never runs.
     */
    @ParameterizedTest
    @EnumSource(
            value = Waits.class,
            names = {
                "A_TOOL_OF_AN_AGENT",
                "A_TOOL_OF_A_MEMBER",
                "A_TOOL_IN_A_NESTED_WORKFLOW",
                "A_STEP",
                "A_LOOP",
                "A_REVIEW"
            })
    void anApprovalAndAStopAtOnceHaveOneWinner(Waits waits) throws Exception {
        var stopsWon = 0;
        var approvalsWon = 0;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var round = 0; round < ROUNDS; round++) {
                paid.set(0);
                var component = component(waits);
                var run = paused(component, Form.START, RunOptions.defaults());
                var approval = approval(waits, run.output());
                var together = new CyclicBarrier(2);
                var delay = round % 40;
                var cancelling = threads.submit(() -> {
                    together.await();
                    spin(delay * 10);
                    return run.cancel(CancelRequest.now().grace(Waiting.NEVER));
                });
                var approving = threads.submit(() -> {
                    together.await();
                    spin(100);
                    try {
                        component.continueRun(run.id(), approval);
                        return true;
                    } catch (RunRejectedException e) {
                        return false;
                    }
                });

                var told = cancelling.get();
                var approved = approving.get();
                var output = end(run);
                var ran = paid.get();

                if (!approved) {
                    stopsWon++;
                    assertThat(ran).as("calls after a refused approval").isZero();
                    assertThat(told.effective()).isTrue();
                } else {
                    approvalsWon++;
                }
                if (told.effective()) {
                    assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
                    assertThat(ran).isBetween(0, 1);
                } else {
                    assertThat(told.outcome()).isEqualTo(CancelResult.Outcome.ALREADY_FINISHED);
                    assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
                    assertThat(approved).isTrue();
                    assertThat(ran).isEqualTo(1);
                }
                assertThat(store.run(run.id()).orElseThrow().status()).isEqualTo(output.status());
            }
        }
        assertThat(stopsWon).as("rounds that the stop won").isPositive();
        assertThat(approvalsWon).as("rounds that the approval won").isPositive();
    }

    /** Moves the two against each other by microseconds. */
    private static void spin(int microseconds) {
        var end = System.nanoTime() + microseconds * 1_000L;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    /** Nothing but the tool call itself is under way between the decision and the tool. */
    @Test
    void aStopAfterTheApprovalWasTakenStopsTheToolThatItLetRun() {
        var gate = new Gate();
        var agent = Agent.builder()
                .model(ScriptedModel.create().toolCall("pay", "{}").answer("never asked for"))
                .tools(Tools.waiting("pay", gate).withConfirmation("Pay?"))
                .store(store)
                .storeWait(Waiting.LONG)
                .build();
        var run = paused(agent, Form.START, RunOptions.defaults());
        agent.continueRun(
                run.id(),
                Decision.confirm(run.output().requirements().getFirst().id()));
        gate.awaitArrival();

        run.cancel(CancelRequest.now().grace(Waiting.NEVER));

        var output = end(run);
        assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(output.tools().getFirst().result()).isNull();
        assertThat(store.run(run.id()).orElseThrow().messages().getLast().content())
                .isNotBlank();
    }
}
