package dev.rein.os.internal.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.agent.Agent;
import dev.rein.cancel.CancelKind;
import dev.rein.run.RunStatus;
import dev.rein.runtime.DisconnectPolicy;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.Runs;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Disconnect timers of runs. */
class RunServiceTest {
    private final Agent writer =
            Agent.of(ScriptedModel.of(Script.text("Once ").thenHang()).repeating(), "");
    private final RunService runs = new RunService(Runs.shared(), null, 1 << 20, null);

    @AfterEach
    void close() {
        runs.close();
    }

    @Test
    void theDisconnectTimerEndsWithTheRun() throws Exception {
        var run = writer.start("Go");
        leave(run, Duration.ofDays(1));
        assertThat(runs.pendingDisconnects()).isEqualTo(1);
        run.cancel();
        run.await();
        await().until(() -> runs.pendingDisconnects() == 0);
    }

    @Test
    void theDisconnectTimerCancelsALiveRun() throws Exception {
        var run = writer.start("Go");
        leave(run, Duration.ofMillis(1));
        var output = run.await();
        assertThat(output.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(output.cause()).returns(CancelKind.DISCONNECT, cause -> cause.kind());
        assertThat(runs.pendingDisconnects()).isZero();
    }

    /** A client starts to follow the run, and disconnects. */
    private void leave(RunHandle run, Duration cancelAfter) {
        try (var _ = runs.follow(run)) {
            runs.clientDisconnected(run, DisconnectPolicy.cancelAfter(cancelAfter));
        }
    }

    @Test
    void aClientThatComesBackDisarmsTheTimerAndTheLastToLeaveArmsItAgain() throws Exception {
        var run = writer.start("Go");
        leave(run, Duration.ofDays(1));
        assertThat(runs.pendingDisconnects()).isEqualTo(1);
        var first = runs.follow(run);
        assertThat(runs.pendingDisconnects()).isZero();
        var second = runs.follow(run);
        first.close();
        assertThat(runs.pendingDisconnects()).isZero();
        second.close();
        assertThat(runs.pendingDisconnects()).isEqualTo(1);
        run.cancel();
        run.await();
        await().until(() -> runs.pendingDisconnects() == 0);
    }

    @Test
    void theTimerIsNotArmedWhileAnotherClientFollows() throws Exception {
        var run = writer.start("Go");
        try (var _ = runs.follow(run)) {
            leave(run, Duration.ofMillis(1));
            assertThat(runs.pendingDisconnects()).isZero();
            assertThat(run.status().isTerminal()).isFalse();
        }
        assertThat(run.await().cause()).returns(CancelKind.DISCONNECT, cause -> cause.kind());
    }
}
