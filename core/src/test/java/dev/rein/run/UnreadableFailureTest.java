package dev.rein.run;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.hangs;
import static dev.rein.agent.TestModel.says;
import static dev.rein.agent.TestTools.tool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rein.agent.Agent;
import dev.rein.agent.Events;
import dev.rein.agent.TestModel;
import dev.rein.session.InMemorySessionStore;
import dev.rein.session.StateChange;
import dev.rein.session.StoredRun;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Exceptions whose message cannot be read. */
class UnreadableFailureTest {
    /** An exception whose getMessage() fails. */
    private static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new NoClassDefFoundError("no message");
        }
    }

    @Test
    void aFailureWithoutAReadableMessageEndsTheRun() throws Exception {
        var run = Agent.builder()
                .model(TestModel.of(says("Hello")))
                .before("broken", (input, context) -> {
                    throw new Unreadable();
                })
                .build()
                .start("Hi");
        var output = Events.end(run);
        assertThat(output.isError()).isTrue();
        assertThat(Objects.requireNonNull(output.failure()).type()).isEqualTo("Unreadable");
        assertThat(Objects.requireNonNull(output.failure()).message()).contains("the message is unavailable");
    }

    @Test
    void aToolsFailureWithoutAReadableMessageIsToldToTheModel() throws Exception {
        var run = Agent.builder()
                .model(TestModel.of(calls("broken"), says("Hello")))
                .tools(tool("broken", context -> {
                    throw new Unreadable();
                }))
                .build()
                .start("Hi");
        var output = Events.end(run);
        assertThat(output.text()).isEqualTo("Hello");
        assertThat(output.tools().getFirst().result()).startsWith("Error: Unreadable: the message is unavailable");
    }

    @Test
    void aListenerWithAnUnreadableFailureIsNotifiedOfTheNextRun() throws Exception {
        var ended = new ArrayBlockingQueue<String>(10);
        var agent = Agent.builder()
                .model(TestModel.of(says("Hello"), says("Hello")))
                .listener(new RunListener() {
                    @Override
                    public void runEnded(RunInfo run, RunOutput output) {
                        ended.add(run.runId());
                        throw new Unreadable();
                    }
                })
                .build();
        var first = agent.run("Hi").runId();
        assertThat(ended.poll(60, TimeUnit.SECONDS)).isEqualTo(first);
        var second = agent.run("Hi").runId();
        assertThat(ended.poll(60, TimeUnit.SECONDS)).isEqualTo(second);
    }

    @Test
    void aCleanupWithAnUnreadableFailureIsOver() throws Exception {
        var model = TestModel.of(hangs());
        var run = Agent.builder()
                .model(model)
                .onCancel((context, cause) -> {
                    throw new Unreadable();
                })
                .build()
                .start("Hi");
        model.awaitRequests(1);
        run.cancel();
        assertThat(Events.end(run).abandoned()).isEmpty();
    }

    @Test
    void anEndIsStoredAfterUnreadableFailuresOfTheStore() throws Exception {
        var failures = new AtomicInteger();
        var store = new TestStore(new InMemorySessionStore()) {
            @Override
            public Finished finish(StoredRun run, List<StateChange> changes) {
                if (failures.getAndIncrement() < 2) {
                    throw new Unreadable();
                }
                return super.finish(run, changes);
            }
        };
        var output = Agent.builder()
                .model(TestModel.of(says("Hello")))
                .store(store)
                .storeWait(Duration.ofSeconds(60))
                .build()
                .run("Hi");
        assertThat(output.stored()).isTrue();
        assertThat(store.run(output.runId()).orElseThrow().status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void aStoreWithAnUnreadableFailureIsUnavailable() {
        var store = new TestStore(new InMemorySessionStore()) {
            @Override
            public boolean insert(StoredRun run) {
                throw new Unreadable();
            }
        };
        var agent =
                Agent.builder().model(TestModel.of(says("Hello"))).store(store).build();
        assertThatThrownBy(() -> agent.start("Hi"))
                .isInstanceOf(RunRejectedException.class)
                .hasMessageContaining("Unreadable");
    }

    @Test
    void whatIsPrintedOfARunDoesNotNeedTheMessage() throws Exception {
        var run = Agent.builder()
                .model(TestModel.of(says("Hello")))
                .before("broken", (input, context) -> {
                    throw new Unreadable();
                })
                .build()
                .start("Hi");
        Events.end(run);
        assertThat(Objects.requireNonNull(run.output().failure()).toString()).contains("Unreadable");
        assertThat(Events.of(run).getLast().toString()).contains("Unreadable");
    }
}
