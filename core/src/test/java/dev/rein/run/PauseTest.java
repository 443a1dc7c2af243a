package dev.rein.run;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rein.GrowingLimit;
import dev.rein.agent.Agent;
import dev.rein.agent.Events;
import dev.rein.agent.Gate;
import dev.rein.agent.TestModel;
import dev.rein.agent.TestTools;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.model.ToolCall;
import dev.rein.runtime.Limits;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.team.Team;
import dev.rein.workflow.OnError;
import dev.rein.workflow.Parallel;
import dev.rein.workflow.Router;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Paused runs: decisions resume them, and a stop ends them at once and for good. */
class PauseTest {
    private final AtomicInteger paid = new AtomicInteger();
    private final InMemorySessionStore store = new InMemorySessionStore();
    private final TestModel model = TestModel.of(calls("pay"), says("Paid."));
    private final Agent agent = Agent.builder()
            .name("Payer")
            .store(store)
            .storeWait(Duration.ofMinutes(1))
            .model(model)
            .tools(TestTools.tool("pay", _ -> "paid " + paid.incrementAndGet()).withConfirmation("Pay?"))
            .build();

    private static String requirement(RunOutput output) {
        assertThat(output.status()).isEqualTo(RunStatus.PAUSED);
        return output.requirements().getFirst().id();
    }

    @Test
    void aGatedToolPausesTheRunAndAConfirmationLetsItGoOn() throws Exception {
        String id;
        String runId;
        try (var stream = agent.stream("Pay it")) {
            assertThat(Events.names(Events.rest(stream)))
                    .containsExactly(
                            "RunStarted",
                            "ModelRequestStarted",
                            "ModelRequestCompleted",
                            "RunContentCompleted",
                            "RunPaused");
            runId = stream.runId();
            id = requirement(stream.output());
        }
        assertThat(Runs.shared().find(runId).orElseThrow().status()).isEqualTo(RunStatus.PAUSED);
        assertThat(paid).hasValue(0);

        try (var stream = agent.continueStream(runId, Decision.confirm(id))) {
            var events = Events.rest(stream);
            assertThat(Events.names(events))
                    .containsExactly(
                            "RunContinued",
                            "ToolCallStarted",
                            "ToolCallCompleted",
                            "ModelRequestStarted",
                            "RunContent",
                            "ModelRequestCompleted",
                            "RunContentCompleted",
                            "RunCompleted");
            assertThat(events.getFirst().index()).isEqualTo(5);
            assertThat(stream.output().text()).isEqualTo("Paid.");
        }
        assertThat(paid).hasValue(1);
        assertThat(store.run(runId).orElseThrow().status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void aRejectionIsReadByTheModelAndTheToolNeverRuns() throws Exception {
        var paused = agent.run("Pay it");
        var output =
                Events.end(agent.continueRun(paused.runId(), Decision.reject(requirement(paused), "too expensive")));
        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(paid).hasValue(0);
        assertThat(model.told(1).content()).isEqualTo("The user did not allow this call: too expensive");
    }

    @ParameterizedTest
    @EnumSource
    void aStopWhilePausedIsAtOnceAndFinalAndALaterApprovalIsRefused(CancelMode mode) throws Exception {
        var paused = agent.run("Pay it");
        var id = requirement(paused);
        var run = Runs.shared().handle(paused.runId()).orElseThrow();

        assertThat(run.cancel(CancelRequest.of(mode)).stopping()).isTrue();
        assertThatThrownBy(() -> agent.continueRun(paused.runId(), Decision.confirm(id)))
                .isInstanceOf(RunRejectedException.class)
                .extracting(e -> ((RunRejectedException) e).reason())
                .isEqualTo(RunRejectedException.Reason.NOT_ASKED);
        var output = Events.end(run);

        assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(paid).hasValue(0);
        assertThat(store.run(run.id()).orElseThrow().status()).isEqualTo(RunStatus.CANCELLED);
        assertThatThrownBy(() -> agent.continueRun(run.id(), Decision.confirm(id)))
                .hasMessageContaining("is CANCELLED and accepts no further decisions");
    }

    @Test
    void theRunsRowSaysThatItIsPaused() {
        var paused = agent.run("Pay it");
        org.awaitility.Awaitility.await()
                .until(() -> store.run(paused.runId()).orElseThrow().status() == RunStatus.PAUSED);
        assertThat(agent.cancelRun(paused.runId())).isTrue();
    }

    @Test
    void decisionsThatDoNotFitAreRefusedAndChangeNothing() throws Exception {
        var paused = agent.run("Pay it");
        var id = requirement(paused);
        assertThatThrownBy(() -> agent.continueRun(paused.runId(), Decision.confirm("other")))
                .hasMessageContaining("does not wait for requirement other; it waits for " + id);
        assertThatThrownBy(() -> agent.continueRun(paused.runId(), Decision.result(id, "x")))
                .hasMessageContaining("RESULT does not answer");
        assertThatThrownBy(() -> agent.continueRun(paused.runId(), Decision.confirm(id), Decision.reject(id)))
                .hasMessageContaining("two decisions");
        assertThatThrownBy(() -> agent.continueRun("nobody", Decision.confirm(id)))
                .hasMessageContaining("no run with id");
        assertThat(Events.end(agent.continueRun(paused.runId(), Decision.confirm(id)))
                        .isCompleted())
                .isTrue();
    }

    @Test
    void aPauseHasATimeLimitAndTheDeadlineStandsStill() throws Exception {
        var output = GrowingLimit.play(
                limit -> {
                    var run = Agent.builder()
                            .model(TestModel.of(calls("pay"), says("Paid.")))
                            .tools(TestTools.tool("pay", _ -> "ok").withConfirmation("Pay?"))
                            .limits(Limits.none().deadline(limit).pause(limit.multipliedBy(2)))
                            .build()
                            .start("Go");
                    org.awaitility.Awaitility.await().until(() -> run.status().isTerminal());
                    return run.output();
                },
                stopped -> reason(stopped).startsWith("nobody decided"));
        assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(Objects.requireNonNull(output.cause()).kind()).isEqualTo(CancelKind.DEADLINE);
        assertThat(reason(output)).startsWith("nobody decided within ");
    }

    private static String reason(RunOutput output) {
        return Objects.requireNonNull(output.cause()).reason();
    }

    @Test
    void userInputIsPutOverTheArgumentsAndAnExternalToolIsGivenItsResult() throws Exception {
        var seen = new java.util.concurrent.atomic.AtomicReference<String>();
        var schema = com.fasterxml.jackson.databind.node.JsonNodeFactory.instance
                .objectNode()
                .put("type", "object");
        var tools = new Object[] {
            dev.rein.tool.ToolSpec.of("book", "books", schema, (arguments, _) -> {
                        seen.set(arguments.toString());
                        return "booked";
                    })
                    .withUserInput("Which seat?", "seat"),
            dev.rein.tool.ToolSpec.external("scan", "scans", schema, "Scan it")
        };
        var model = TestModel.of(
                calls(new ToolCall("1", "book", "{\"seat\":\"any\",\"day\":1}"), new ToolCall("2", "scan", "{}")),
                says("Done."));
        var traveller = Agent.builder().model(model).tools(tools).build();
        var paused = traveller.run("Go");
        assertThat(paused.requirements())
                .extracting(Requirement::kind)
                .containsExactly(Requirement.Kind.USER_INPUT, Requirement.Kind.EXTERNAL_EXECUTION);
        var first = traveller.continueRun(
                paused.runId(), Decision.input(paused.requirements().getFirst().id(), Map.of("seat", "12A")));
        assertThat(first.await().status()).isEqualTo(RunStatus.PAUSED);
        assertThat(first.output().requirements()).hasSize(1);
        var output = Events.end(traveller.continueRun(
                paused.runId(), Decision.result(paused.requirements().getLast().id(), "scanned")));
        assertThat(output.isCompleted()).isTrue();
        assertThat(seen.get()).isEqualTo("{\"seat\":\"12A\",\"day\":1}");
        assertThat(model.told(1).content()).isEqualTo("scanned");
    }

    @Test
    void aMemberThatPausesPausesItsTeamAndGoesOnWithIt() throws Exception {
        var team = Team.builder()
                .name("Team")
                .model(TestModel.of(
                        calls(new ToolCall(
                                "1", "delegate_task_to_member", "{\"member_id\":\"payer\",\"task\":\"Pay\"}")),
                        says("All paid.")))
                .members(agent)
                .build();
        String id;
        String runId;
        try (var stream = team.stream("Go")) {
            assertThat(Events.names(Events.rest(stream))).endsWith("RunPaused", "TeamRunPaused");
            runId = stream.runId();
            id = requirement(stream.output());
        }
        try (var stream = team.continueStream(runId, Decision.confirm(id))) {
            assertThat(Events.names(Events.rest(stream)))
                    .startsWith("TeamRunContinued", "RunContinued")
                    .endsWith("TeamRunCompleted");
            assertThat(stream.output().text()).isEqualTo("All paid.");
        }
    }

    @Test
    void aBranchThatPausesLetsTheOthersFinishFirst() throws Exception {
        var gate = new Gate();
        var workflow = Workflow.builder()
                .name("Flow")
                .steps(
                        Parallel.of("both", Step.of("pay", agent), Step.of("other", _ -> {
                            gate.pass();
                            return StepOutput.of("done");
                        })),
                        Step.of("after", input -> StepOutput.of("after " + input.content("other"))))
                .build();
        var run = workflow.start("Go");
        gate.awaitReached();
        model.awaitRequests(1);
        assertThat(run.status()).isEqualTo(RunStatus.RUNNING);
        gate.open();
        var paused = run.await(Duration.ofMinutes(1));
        var id = requirement(paused);
        assertThat(Events.names(Events.rest(run.events())))
                .contains("StepCompleted", "StepExecutorPaused")
                .endsWith("WorkflowPaused");
        var output = Events.end(workflow.continueRun(run.id(), Decision.confirm(id)));
        assertThat(output.text()).isEqualTo("after done");
    }

    @Test
    void aRunThatOnlyWaitsForAPausedSubAgentIsPausedToo() throws Exception {
        var outer = Agent.of(TestModel.of(calls("hire"), says("Hired.")), "");
        var hiring = Agent.builder()
                .name("Boss")
                .model(outer.settings().model())
                .tools(TestTools.tool("hire", _ -> agent.start("Pay").id()))
                .build();
        var run = hiring.start("Go");
        var paused = run.await(Duration.ofMinutes(1));
        assertThat(paused.text()).isEqualTo("Hired.");
        assertThat(Events.end(hiring.continueRun(run.id(), Decision.confirm(requirement(paused))))
                        .status())
                .isEqualTo(RunStatus.COMPLETED);
        assertThat(paid).hasValue(1);
    }

    @Test
    void stepsAskPeople() throws Exception {
        var workflow = Workflow.builder()
                .steps(
                        Step.of("sure", _ -> StepOutput.of("was sure")).confirm("Sure?"),
                        Step.of(
                                        "name",
                                        input -> StepOutput.of(
                                                "Hello " + input.values().get("name")))
                                .userInput("Who?", "name"),
                        Step.external("lab", "Measure it"),
                        Router.asking(
                                "way",
                                "Which way?",
                                Step.of("a", _ -> StepOutput.of("A")),
                                Step.of("b", _ -> StepOutput.of("B"))))
                .build();
        RunHandle run;
        try (var stream = workflow.stream("Go")) {
            assertThat(Events.names(Events.rest(stream)))
                    .containsExactly("WorkflowStarted", "StepPaused", "WorkflowPaused");
            run = Runs.shared().handle(stream.runId()).orElseThrow();
        }
        try (var stream = workflow.continueStream(run.id(), Decision.confirm(requirement(run.output())))) {
            assertThat(Events.names(Events.rest(stream)))
                    .containsExactly(
                            "StepContinued",
                            "StepStarted",
                            "StepOutput",
                            "StepCompleted",
                            "StepPaused",
                            "WorkflowPaused");
        }
        workflow.continueRun(run.id(), Decision.input(requirement(run.output()), Map.of("name", "Ada")))
                .await();
        workflow.continueRun(run.id(), Decision.result(requirement(run.output()), "42"))
                .await();
        var output = workflow.continueRun(run.id(), Decision.choose(requirement(run.output()), "b"))
                .await();
        assertThat(output.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(output.steps()).extracting(StepOutput::content).containsExactly("was sure", "Hello Ada", "42", "B");
    }

    @Test
    void aFailedStepMayPauseTheRunUntilPeopleDecide() throws Exception {
        var tries = new AtomicInteger();
        var workflow = Workflow.builder()
                .steps(Step.of("flaky", _ -> {
                            if (tries.incrementAndGet() == 1) {
                                throw new IllegalStateException("no luck");
                            }
                            return StepOutput.of("now");
                        })
                        .onError(OnError.PAUSE))
                .build();
        var paused = workflow.run("Go");
        assertThat(paused.requirements().getFirst().message()).contains("no luck");
        assertThat(Events.end(workflow.continueRun(paused.runId(), Decision.retry(requirement(paused))))
                        .text())
                .isEqualTo("now");
    }

    @Test
    void whoWaitsNeverGetsARunThatIsNeitherPausedNorEnded() throws Exception {
        var cleanup = new Gate();
        var handle = new AtomicReference<RunHandle>();
        var armed = new AtomicBoolean();
        // Is read when the state is copied, between the end of the wait and the output.
        var state = new HashMap<String, Object>() {
            private static final long serialVersionUID = 1L;

            @Override
            public void forEach(BiConsumer<? super String, ? super Object> action) {
                var run = handle.get();
                if (run != null && armed.compareAndSet(true, false)) {
                    run.cancel();
                }
                super.forEach(action);
            }
        };
        state.put("key", "value");
        var run = Agent.builder()
                .model(TestModel.of(calls("note", "pay"), says("Paid.")))
                .tools(
                        TestTools.tool("note", context -> {
                            context.sessionState().put("map", state);
                            return "ok";
                        }),
                        TestTools.tool("pay", _ -> "paid").withConfirmation("Pay?"))
                .onCancel((_, _) -> cleanup.pass())
                .build()
                .start("Pay it");
        assertThat(Events.end(run).status()).isEqualTo(RunStatus.PAUSED);
        handle.set(run);
        armed.set(true);
        CompletableFuture<RunOutput> awaited = CompletableFuture.supplyAsync(() -> Events.rested(run));
        cleanup.awaitReached();
        assertThat(armed).isFalse();
        // Time for a wait that is over too early.
        var ended = CompletableFuture.anyOf(
                awaited, new CompletableFuture<>().completeOnTimeout("", 200, TimeUnit.MILLISECONDS));
        ended.get(1, TimeUnit.MINUTES);
        cleanup.open();

        assertThat(awaited.get(1, TimeUnit.MINUTES).status()).isEqualTo(RunStatus.CANCELLED);
    }
}
