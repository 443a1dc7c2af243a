package dev.rein.internal.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.internal.agent.ModelRunKind;
import dev.rein.run.ComponentKind;
import dev.rein.run.RunInput;
import dev.rein.run.RunStatus;
import dev.rein.run.event.RunStarted;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.RunSelector;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunRegistryTest {
    private static final Kernel KERNEL = new Kernel();

    private final RunRegistry registry = new RunRegistry();

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
        for (var n = 0; n < RunRegistry.MAX_ENDED; n++) {
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
    void anEndedRunIsKnownOnlyToThoseWhoMayStopIt() {
        end(run("a"));
        assertThat(registry.endedStatus("a", RunSelector.all().component(ComponentKind.AGENT, "component")))
                .isEqualTo(RunStatus.COMPLETED);
        assertThat(registry.endedStatus("a", RunSelector.all().component(ComponentKind.AGENT, "other")))
                .isNull();
        assertThat(registry.endedStatus("a", RunSelector.all().user("user"))).isNull();
    }
}
