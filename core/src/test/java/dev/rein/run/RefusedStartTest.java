package dev.rein.run;

import static dev.rein.agent.TestModel.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.rein.agent.Agent;
import dev.rein.agent.AgentBuilder;
import dev.rein.agent.Gate;
import dev.rein.agent.TestModel;
import dev.rein.run.RunRejectedException.Reason;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.session.StateChange;
import dev.rein.session.StoredRun;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A start that is refused because of its store leaves no run behind that seems to wait. */
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT) // each test waits for its own store
class RefusedStartTest {
    private final InMemorySessionStore memory = new InMemorySessionStore();
    private final String id = UUID.randomUUID().toString();

    private static AgentBuilder agent() {
        return Agent.builder().model(TestModel.of(says("x")));
    }

    private RunRejectedException refused(AgentBuilder agent) {
        return assertThatExceptionOfType(RunRejectedException.class)
                .isThrownBy(
                        () -> agent.build().start("Go", RunOptions.defaults().runId(id)))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.STORE_UNAVAILABLE))
                .actual();
    }

    private void assertRowEnds() {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> memory.run(id)
                        .map(row -> row.status() == RunStatus.ERROR)
                        .orElse(false));
        assertThat(Objects.requireNonNull(memory.run(id).orElseThrow().failure())
                        .message())
                .contains("refused");
        assertThat(Runs.shared().find(id)).isEmpty();
    }

    @Test
    void aRowThatIsWrittenAfterTheRefusalEnds() throws Exception {
        var gate = new Gate();
        var refused = refused(agent().store(new TestStore(memory) {
            @Override
            public boolean insert(StoredRun run) {
                gate.passDeaf();
                return super.insert(run);
            }
        }));
        assertThat(refused).hasMessageContaining("did not answer within 5000 ms");
        assertThat(memory.run(id)).isEmpty();
        gate.open();
        assertRowEnds();
    }

    @Test
    void aRowThatWasWrittenAlthoughTheWriteFailedEnds() {
        var refused = refused(agent().store(new TestStore(memory) {
            @Override
            public boolean insert(StoredRun run) {
                super.insert(run);
                throw new IllegalStateException("the connection broke");
            }
        }));
        assertThat(refused).hasMessageContaining("the connection broke");
        assertRowEnds();
    }

    @Test
    void theRefusalSaysWhyTheStoreTakesNothing() {
        var full = new AtomicBoolean(true);
        var store = new TestStore(memory) {
            @Override
            public Finished finish(StoredRun run, List<StateChange> changes) {
                if (full.get()) {
                    throw new IllegalStateException("disk full");
                }
                return super.finish(run, changes);
            }
        };
        var agent = agent().store(store).storeWait(Duration.ofMillis(1));
        assertThat(agent.build().run("Go").stored()).isFalse();
        assertThat(refused(agent)).hasMessageContaining("disk full").hasStackTraceContaining("disk full");
        full.set(false);
    }
}
