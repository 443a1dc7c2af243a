package dev.rein.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.agent.Agent;
import dev.rein.agent.Events;
import dev.rein.agent.Gate;
import dev.rein.agent.TestModel;
import dev.rein.run.event.RunEvent;
import dev.rein.runtime.RunHandle;
import dev.rein.session.EventPolicy;
import dev.rein.session.InMemorySessionStore;
import dev.rein.session.StateChange;
import dev.rein.session.StoredRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Writes of many runs are batched and delay no run. */
class StoringManyTest {
    private static final int RUNS = 120;
    private static final int MOST_AT_ONE_GO = 50;

    private final InMemorySessionStore memory = new InMemorySessionStore();
    private final Gate talk = new Gate();
    private final List<RunHandle> runs = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        runs.forEach(RunHandle::cancel);
        for (var run : runs) {
            run.await();
        }
    }

    /** Runs that answer with one word when the gate opens. */
    private void start(TestStore store) {
        var agent = Agent.builder()
                .name("Stored")
                .model(TestModel.of((request, call) -> {
                    talk.pass();
                    return TestModel.saysAndHangs("word").respond(request, call);
                }))
                .store(store)
                .build();
        for (var i = 0; i < RUNS; i++) {
            runs.add(agent.start("Go"));
        }
        await().until(() -> storedAs(RunStatus.RUNNING) == RUNS);
    }

    private long storedAs(RunStatus status) {
        return runs.stream()
                .filter(run -> memory.run(run.id()).orElseThrow().status() == status)
                .count();
    }

    private long storedWithText() {
        return runs.stream()
                .filter(run -> memory.run(run.id()).orElseThrow().text().equals("word"))
                .count();
    }

    @Test
    void anEndWaitsForOneGoOnly() throws Exception {
        var written = new CopyOnWriteArrayList<Object>();
        var slow = new Gate();
        start(new TestStore(memory) {
            @Override
            public void save(List<StoredRun> changed, List<RunEvent> more) {
                if (talk.isOpen()) {
                    slow.passDeaf();
                    written.add(changed.size());
                }
                super.save(changed, more);
            }

            @Override
            public Finished finish(StoredRun run, List<StateChange> changes) {
                written.add(run.runId());
                return super.finish(run, changes);
            }
        });

        talk.open();
        slow.awaitReached();
        var first = runs.getFirst();
        first.cancel();
        assertThat(Events.end(first).stored())
                .as("within the time it waits for its store")
                .isFalse();
        slow.open();

        await().until(() -> storedWithText() == RUNS);
        assertThat(written.get(1)).as("after the first go, of %s", written).isEqualTo(first.id());
        assertThat(written.stream().filter(Integer.class::isInstance).map(Integer.class::cast))
                .allMatch(size -> size <= MOST_AT_ONE_GO);
    }

    @Test
    void aStoreThatIsDownIsAskedNowAndThenAndGetsAllWhenItIsBack() {
        var asked = new CopyOnWriteArrayList<Long>();
        start(new TestStore(memory) {
            @Override
            public void save(List<StoredRun> changed, List<RunEvent> more) {
                if (talk.isOpen() && asked.size() < 2) {
                    asked.add(System.nanoTime());
                    throw new UncheckedIOException(new IOException("disk is gone"));
                }
                super.save(changed, more);
            }
        });

        talk.open();

        await().until(() -> storedWithText() == RUNS);
        assertThat(IntStream.range(1, asked.size()).mapToLong(i -> asked.get(i) - asked.get(i - 1)))
                .hasSize(1)
                .allMatch(apart -> apart >= Duration.ofMillis(200).toNanos());
    }

    @Test
    void aRunThatIsFasterThanItsStoreLosesNoEvent() throws Exception {
        var slow = new Gate();
        var chunks = new String[12_000];
        Arrays.fill(chunks, "x");
        var run = Agent.builder()
                .model(TestModel.of(TestModel.says(chunks)))
                .store(new TestStore(memory) {
                    @Override
                    public void save(List<StoredRun> changed, List<RunEvent> more) {
                        slow.passDeaf();
                        super.save(changed, more);
                    }
                })
                .storeEvents(EventPolicy.ALL)
                .storeWait(Duration.ofMinutes(1))
                .build()
                .start("Go");
        slow.awaitReached();
        // The run waits for its store, or has gone on without it.
        var before = new AtomicInteger();
        await().pollInterval(Duration.ofMillis(200)).until(() -> {
            var now = run.output().text().length();
            return now > 9_000 && before.getAndSet(now) == now;
        });
        slow.open();
        var output = Events.end(run);

        assertThat(output.text()).hasSize(12_000);
        var indexes = new ArrayList<Long>();
        for (var page = memory.events(run.id(), -1, 5_000);
                !page.isEmpty();
                page = memory.events(run.id(), indexes.getLast(), 5_000)) {
            page.forEach(event -> indexes.add(event.index()));
        }
        assertThat(indexes).hasSizeGreaterThan(12_000);
        assertThat(indexes.getLast()).isEqualTo(indexes.size() - 1L);
    }
}
