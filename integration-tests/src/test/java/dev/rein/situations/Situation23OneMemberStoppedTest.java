package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.run.StepOutput;
import dev.rein.runtime.Component;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.team.TeamMode;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.MessageRules;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.workflow.OnError;
import dev.rein.workflow.Step;
import dev.rein.workflow.Workflow;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Situation23OneMemberStoppedTest {
    private final FakeProvider provider =
            FakeProvider.start().byDefault(Script.text("Half a story").hangAfter(2));
    private final InMemorySessionStore store = new InMemorySessionStore();
    private final Component writer = Teams.member("Writer", Api.CHAT.at(provider));
    private final AtomicInteger later = new AtomicInteger();

    @AfterEach
    void close() {
        provider.close();
    }

    /** Starts a run, and stops the one of these below it alone once that has said half of what it has to say. */
    private Started withOneStopped(Form form, Component top, String componentId) {
        var run = form.start(top, "Go");
        var exchange = provider.awaitRequest(1).awaitHanging();
        Waiting.until("what was sent is delivered", () -> run.deliveredTimes("Half a") == 1);
        var below = Runs.shared().live().stream()
                .filter(live ->
                        live.rootRunId().equals(run.id()) && live.componentId().equals(componentId))
                .findFirst()
                .orElseThrow();

        assertThat(Runs.shared()
                        .cancel(
                                below.runId(),
                                CancelRequest.now().grace(Waiting.NEVER).reason("not needed"))
                        .effective())
                .isTrue();

        exchange.awaitClosed(Waiting.SOON);
        return run;
    }

    private static RunOutput stopped(RunOutput output, CancelKind kind) {
        assertThat(output.isCancelled()).isTrue();
        assertThat(Objects.requireNonNull(output.cause()).kind()).isEqualTo(kind);
        assertThat(output.text()).isEqualTo("Half a");
        return output;
    }

    @ParameterizedTest
    @EnumSource
    void theTeamGoesOnAndItsLeaderIsTold(Form form) {
        var leader = ScriptedModel.of(Teams.delegates("writer"), Script.text("Then without."));
        var team = Teams.of("Team", leader, writer)
                .store(store)
                .storeWait(Waiting.LONG)
                .build();

        var output = RunInvariants.check(withOneStopped(form, team, "writer"), store);

        assertThat(output.isCompleted()).isTrue();
        assertThat(output.text()).isEqualTo("Then without.");
        assertThat(output.requests()).isEmpty();
        stopped(output.memberResponses().getFirst(), CancelKind.USER);
        assertThat(leader.request(2).messages().getLast().content())
                .contains("writer was stopped: not needed")
                .contains("Half a");
        MessageRules.checkAll(leader.request(2).messages());
    }

    @ParameterizedTest
    @EnumSource
    void aSubTeamThatIsStoppedTakesItsMembersWithItAndTheTopGoesOn(Form form) {
        var leader = ScriptedModel.of(Teams.delegates("sub"), Script.text("Then without."));
        var subLeader = ScriptedModel.of(Teams.delegates("writer"));
        var sub = Teams.of("Sub", subLeader, writer).build();
        var top = Teams.of("Top", leader, sub)
                .store(store)
                .storeWait(Waiting.LONG)
                .build();

        var output = RunInvariants.check(withOneStopped(form, top, "sub"), store);

        assertThat(output.isCompleted()).isTrue();
        var inner = stopped(output.memberResponses().getFirst(), CancelKind.USER);
        stopped(inner.memberResponses().getFirst(), CancelKind.PARENT);
        assertThat(leader.request(2).messages().getLast().content()).contains("sub was stopped: not needed");
        assertThat(subLeader.callsStarted()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void theOthersOfABroadcastAnswer(Form form) {
        var leader = ScriptedModel.of(Teams.broadcasts(), Script.text("Then without."));
        var other = Teams.member("Other", ScriptedModel.of("Here."));
        var team = Teams.of("Team", leader, writer, other)
                .mode(TeamMode.BROADCAST)
                .store(store)
                .storeWait(Waiting.LONG)
                .build();

        var output = RunInvariants.check(withOneStopped(form, team, "writer"), store);

        assertThat(output.isCompleted()).isTrue();
        assertThat(leader.request(2).messages().getLast().content())
                .contains("writer was stopped: not needed")
                .contains("other:\nHere.");
    }

    @ParameterizedTest
    @EnumSource
    void aLeaderMayHandTheRequestOverToAnotherMember(Form form) {
        var leader = ScriptedModel.of(Teams.delegates("writer"), Teams.delegates("other"));
        var other = Teams.member("Other", ScriptedModel.of(" Here."));
        var team = Teams.of("Team", leader, writer, other)
                .mode(TeamMode.ROUTE)
                .store(store)
                .storeWait(Waiting.LONG)
                .build();

        var run = form.start(team, "Go");
        var exchange = provider.awaitRequest(1).awaitHanging();
        Waiting.until("what was sent is delivered", () -> run.delivered().equals("Half a"));
        Runs.shared().live().stream()
                .filter(live ->
                        live.componentId().equals("writer") && live.rootRunId().equals(run.id()))
                .forEach(live -> Runs.shared().cancel(live.runId(), CancelRequest.now()));
        exchange.awaitClosed(Waiting.SOON);

        var output = RunInvariants.check(run, store);
        assertThat(output.isCompleted()).isTrue();
        assertThat(output.text()).isEqualTo(" Here.");
    }

    // ---- the same in a workflow

    private Workflow workflow(OnError onCancelled) {
        return Workflow.builder()
                .name("Flow")
                .store(store)
                .storeWait(Waiting.LONG)
                .steps(
                        Step.of("write", writer).retries(3).onCancelled(onCancelled),
                        Step.of("later", _ -> StepOutput.of("later " + later.incrementAndGet())))
                .build();
    }

    @ParameterizedTest
    @EnumSource
    void aStepWhoseRunIsStoppedFailsTheWorkflowUnlessToldOtherwiseAndIsNotTriedAgain(Form form) {
        var output = RunInvariants.check(withOneStopped(form, workflow(OnError.FAIL), "writer"), store);

        assertThat(output.status()).isEqualTo(RunStatus.ERROR);
        assertThat(Objects.requireNonNull(output.failure()).message()).contains("its run was cancelled: not needed");
        assertThat(later).hasValue(0);
        assertThat(output.steps())
                .singleElement()
                .satisfies(step -> assertThat(step.content()).isEqualTo("Half a"));
        assertThat(provider.requestCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aStepWhoseRunIsStoppedMayBeSkipped(Form form) {
        var output = RunInvariants.check(withOneStopped(form, workflow(OnError.SKIP), "writer"), store);

        assertThat(output.isCompleted()).isTrue();
        assertThat(output.text()).isEqualTo("later 1");
        assertThat(output.steps()).extracting(StepOutput::success).containsExactly(false, true);
        stopped(output.memberResponses().getFirst(), CancelKind.USER);
        assertThat(provider.requestCount()).isEqualTo(1);
    }
}
