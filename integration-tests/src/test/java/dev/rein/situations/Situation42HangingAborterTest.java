package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelRequest;
import dev.rein.cancel.Cancellation.Registration;
import dev.rein.run.RunContext;
import dev.rein.run.RunOutput;
import dev.rein.runtime.Runs;
import dev.rein.testkit.ScriptedModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Situation42HangingAborterTest {
    private static final Duration GRACE = Duration.ofMillis(300);

    private Gate hanging = new Gate();
    private Gate registered = new Gate();
    private Gate closed = new Gate();

    private final AtomicBoolean hasWaited = new AtomicBoolean();

    @AfterEach
    void release() {
        hanging.open();
        closed.open();
        Waiting.until("abandoned threads come back", () -> Runs.shared().abandonedThreads() == 0);
    }

    private Started start(Form form, Tools.Code tool) {
        var agent = Agent.builder()
                .model(ScriptedModel.create().toolCall("wait", "{}").answer("never asked for"))
                .tools(Tools.tool("wait", tool))
                .build();
        var run = form.start(agent, "Go");
        registered.awaitArrival();
        return run;
    }

    /** Two aborters: one hangs, the other releases the tool while the first one does. */
    private String waitForTheOther(RunContext context) {
        try (var _ = context.cancellation().onCancel(hanging::passDeaf);
                var _ = context.cancellation().onCancel(() -> {
                    hanging.awaitArrival();
                    closed.open();
                })) {
            registered.arrive();
            closed.passDeaf();
            return "released";
        }
    }

    @ParameterizedTest
    @EnumSource
    void cancelReturnsAtOnceTheOthersRunAndTheRunEndsWithItsGrace(Form form) {
        var output = Waiting.withGrowingLimit(
                grace -> stoppedWithin(grace, form),
                stopped -> !hasWaited.get() && stopped.abandoned().size() == 1);

        assertThat(hasWaited).as("cancel has waited").isFalse();
        assertThat(output.abandoned()).singleElement().satisfies(thread -> {
            assertThat(thread.what()).isEqualTo("aborter of tool wait");
            assertThat(thread.stack()).anyMatch(frame -> frame.contains("passDeaf"));
        });
    }

    private RunOutput stoppedWithin(Duration grace, Form form) {
        hanging = new Gate();
        registered = new Gate();
        closed = new Gate();
        var run = start(form, this::waitForTheOther);
        run.cancel(CancelRequest.now().grace(grace));
        hasWaited.set(run.isOver());
        var output = RunInvariants.checkCancelled(run);
        assertThat(output.stopTook()).isBetween(grace, grace.plus(Waiting.SOON));
        hanging.open();
        Waiting.until("abandoned threads come back", () -> Runs.shared().abandonedThreads() == 0);
        return output;
    }

    /** Its thread waits for the aborter when the grace ends, and is still there to be left behind afterwards. */
    @ParameterizedTest
    @EnumSource
    void aToolThatGoesDeafAfterItsHangingAborterWasLeftBehindIsLeftBehindToo(Form form) {
        var run = start(form, context -> {
            try {
                return waitForTheOther(context);
            } finally {
                hanging.passDeaf();
            }
        });

        run.cancel(CancelRequest.now().grace(GRACE));

        var output = RunInvariants.checkCancelled(run);
        assertThat(output.abandoned()).extracting("what").containsExactly("aborter of tool wait", "tool wait");
    }

    /** More than the threads that aborters get at first. */
    @Test
    void manyHangingAbortersHoldUpNoOtherRun() {
        var count = 64;
        var run = start(Form.START, context -> {
            var all = new ArrayList<Registration>();
            for (var i = 0; i < count; i++) {
                all.add(context.cancellation().onCancel(hanging::passDeaf));
            }
            registered.arrive();
            new CountDownLatch(1).await();
            return all;
        });
        run.cancel(CancelRequest.now().grace(GRACE));
        hanging.awaitArrival();

        for (var form : Form.values()) {
            var model = ScriptedModel.create().waitsForever();
            var other = form.start(Agent.of(model, ""), "Go");
            model.awaitWaiting(1);
            other.cancel(CancelRequest.now().grace(Waiting.NEVER));
            other.end(Waiting.SOON);
            assertThat(RunInvariants.checkCancelled(other).abandoned()).isEmpty();
        }
        RunInvariants.checkCancelled(run);
    }

    @ParameterizedTest
    @EnumSource
    void anAborterThatIsRegisteredAfterTheStopRunsAtOnceAndHangsOnlyItsOwnThread(Form form) {
        var late = new Gate();
        var run = start(form, context -> {
            registered.arrive();
            late.passDeaf();
            try (var _ = context.cancellation().onCancel(hanging::passDeaf)) {
                return "never used";
            }
        });
        run.cancel(CancelRequest.now().grace(Duration.ofSeconds(1)));
        late.open();
        hanging.awaitArrival();

        assertThat(RunInvariants.checkCancelled(run).abandoned())
                .extracting("what")
                .containsExactly("tool wait");
    }
}
