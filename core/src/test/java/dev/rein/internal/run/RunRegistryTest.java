package dev.rein.internal.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.cancel.CancelRequest;
import dev.rein.internal.agent.ModelRunKind;
import dev.rein.run.RunInput;
import dev.rein.run.RunStatus;
import dev.rein.run.event.RunStarted;
import dev.rein.runtime.RunOptions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunRegistryTest {
    private static final CancelRequest REQUEST = CancelRequest.now().reason("kept");

    private static final Kernel KERNEL = new Kernel();

    private long now = 1_000;
    private final RunRegistry registry = new RunRegistry(() -> now);

    private void pass(Duration duration) {
        now += duration.toNanos();
    }

    private static Run run(String id) {
        var plan = new RunPlan(
                ModelRunKind.AGENT,
                TestComponents.settings("component"),
                RunInput.of("Go"),
                RunOptions.defaults(),
                List.of(),
                meta -> new RunStarted(meta, "model", "Test"),
                run -> null);
        return new Run(KERNEL, plan, id, null);
    }

    @Test
    void aLiveRunIsFoundByItsIdUntilItIsTakenOut() {
        var run = run("a");
        assertThat(registry.add(run)).isTrue();
        assertThat(registry.find("a")).isSameAs(run);
        assertThat(registry.size()).isEqualTo(1);
        run.scope().decide(RunStatus.COMPLETED);
        registry.remove(run);
        assertThat(registry.find("a")).isNull();
        assertThat(registry.endedStatus("a")).isEqualTo(RunStatus.COMPLETED);
        assertThat(registry.size()).isZero();
    }

    @Test
    void twoLiveRunsCantShareAnId() {
        var first = run("a");
        assertThat(registry.add(first)).isTrue();
        assertThat(registry.add(run("a"))).isFalse();
        assertThat(registry.find("a")).isSameAs(first);
    }

    @Test
    void aRunThatIsWithdrawnWasNeverThereAndTheEarlierOneOfItsIdIsStillKnown() {
        var first = run("a");
        registry.add(first);
        first.scope().decide(RunStatus.ERROR);
        registry.remove(first);
        var second = run("a");
        registry.add(second);
        registry.withdraw(second);
        assertThat(registry.find("a")).isNull();
        assertThat(registry.endedStatus("a")).isEqualTo(RunStatus.ERROR);
        assertThat(registry.endedStatus("b")).isNull();
    }

    @Test
    void endedRunsAreForgottenOldestFirstBeyondTheBound() {
        var again = run("run 0");
        for (var n = 0; n < RunRegistry.MOST_REMEMBERED; n++) {
            end(run("run " + n));
        }
        end(again);
        end(run("one more"));
        assertThat(registry.endedStatus("run 0")).as("it ended again").isEqualTo(RunStatus.COMPLETED);
        assertThat(registry.endedStatus("run 1")).as("the oldest").isNull();
        assertThat(registry.endedStatus("run 2")).isEqualTo(RunStatus.COMPLETED);
        assertThat(registry.endedStatus("one more")).isEqualTo(RunStatus.COMPLETED);
    }

    private void end(Run run) {
        registry.add(run);
        run.scope().decide(RunStatus.COMPLETED);
        registry.remove(run);
    }

    @Test
    void aStopIsKeptForAnIdAndTakenOnce() {
        registry.remember("a", REQUEST);
        registry.remember("a", CancelRequest.afterTurn());
        assertThat(registry.takeRemembered("b")).isNull();
        assertThat(registry.takeRemembered("a")).as("the first one").isEqualTo(REQUEST);
        assertThat(registry.takeRemembered("a")).isNull();
    }

    @Test
    void aKeptStopExpires() {
        registry.remember("a", REQUEST);
        registry.remember("b", REQUEST);
        pass(RunRegistry.REMEMBERED_FOR);
        assertThat(registry.takeRemembered("a")).isEqualTo(REQUEST);
        pass(Duration.ofNanos(1));
        assertThat(registry.takeRemembered("b")).isNull();
    }

    @Test
    void anExpiredStopMakesRoomForANewOneOfTheSameId() {
        registry.remember("a", REQUEST);
        pass(RunRegistry.REMEMBERED_FOR.plusSeconds(1));
        var second = CancelRequest.now().reason("second");
        registry.remember("a", second);
        assertThat(registry.takeRemembered("a")).isEqualTo(second);
    }

    @Test
    void keptStopsAreForgottenOldestFirstBeyondTheBound() {
        for (var n = 0; n <= RunRegistry.MOST_REMEMBERED; n++) {
            registry.remember("run " + n, REQUEST);
        }
        assertThat(registry.takeRemembered("run 0")).isNull();
        assertThat(registry.takeRemembered("run 1")).isEqualTo(REQUEST);
        assertThat(registry.takeRemembered("run " + RunRegistry.MOST_REMEMBERED))
                .isEqualTo(REQUEST);
    }
}
