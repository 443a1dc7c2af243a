package dev.rein.run;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.says;
import static dev.rein.agent.TestModel.saysAndHangs;
import static dev.rein.agent.TestTools.tool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.agent.Agent;
import dev.rein.agent.AgentBuilder;
import dev.rein.agent.Events;
import dev.rein.agent.TestModel;
import dev.rein.cancel.CancelCause;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.event.RunCancelled;
import dev.rein.run.event.RunContent;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.Terminal;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.session.EventPolicy;
import dev.rein.session.InMemorySessionStore;
import dev.rein.session.StateChange;
import dev.rein.session.StoredRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Storing of live runs: status, text and events. */
class StoringProgressTest {
    private final InMemorySessionStore memory = new InMemorySessionStore();

    private AgentBuilder agent(TestModel.Turn... turns) {
        return Agent.builder()
                .name("Stored")
                .model(TestModel.of(turns))
                .store(memory)
                .storeWait(Duration.ofMinutes(1));
    }

    private StoredRun row(String runId) {
        return memory.run(runId).orElseThrow();
    }

    private List<RunEvent> stored(String runId) {
        return memory.events(runId, -1, Integer.MAX_VALUE);
    }

    @Test
    void whatWasDeliveredIsStoredWhileTheRunWorks() throws Exception {
        var run = agent(saysAndHangs("One ", "two"))
                .build()
                .start("Go", RunOptions.defaults().sessionId("s-progress"));
        await().until(() -> row(run.id()).text().equals("One two"));
        var row = row(run.id());
        assertThat(row.status()).isEqualTo(RunStatus.RUNNING);
        assertThat(row.messages()).hasSize(2).last().satisfies(message -> {
            assertThat(message.content()).isEqualTo("One two");
            assertThat(message.interrupted()).isTrue();
        });
        run.cancel();
        Events.end(run);
    }

    @Test
    void eventsAreStoredBeforeTheLastOneIsSeen() throws Exception {
        var run = agent(calls("look"), says("Hello ", "you"))
                .tools(tool("look", _ -> "seen"))
                .build()
                .start("Go");
        var seen = new ArrayList<RunEvent>();
        try (var events = run.events()) {
            for (var event : events) {
                seen.add(event);
                if (event instanceof Terminal) {
                    assertThat(stored(run.id())).last().isEqualTo(event);
                }
            }
        }
        assertThat(stored(run.id()))
                .isEqualTo(seen.stream()
                        .filter(event -> !(event instanceof RunContent))
                        .toList());
    }

    @Test
    void thePolicySaysWhichEventsAreStored() throws Exception {
        var all = agent(says("Hello ", "you")).storeEvents(EventPolicy.ALL).build();
        var run = all.start("Go");
        Events.end(run);
        assertThat(stored(run.id())).isEqualTo(Events.of(run)).hasAtLeastOneElementOfType(RunContent.class);

        var none = agent(says("x")).storeEvents(EventPolicy.NONE).build().run("Go");
        assertThat(none.stored()).isTrue();
        assertThat(stored(none.runId())).isEmpty();

        var overridden = all.run("Go", RunOptions.defaults().storeEvents(EventPolicy.NONE));
        assertThat(stored(overridden.runId())).isEmpty();
    }

    @Test
    void theEventsOfATreeAreStoredWithItsRoot() throws Exception {
        var member = Agent.builder()
                .name("Member")
                .model(TestModel.of(says("below")))
                .build();
        var run = agent(calls("ask"), says("x"))
                .tools(tool("ask", _ -> member.run("Ask").runId()))
                .build()
                .start("Go");
        var output = Events.end(run);
        var child = String.valueOf(output.tools().getFirst().result());
        assertThat(stored(run.id()))
                .isEqualTo(Events.of(run).stream()
                        .filter(event -> !(event instanceof RunContent))
                        .toList())
                .anyMatch(event -> event.runId().equals(child) && event instanceof Terminal);
        assertThat(row(child).parentRunId()).as("it has no store of its own").isEqualTo(run.id());
    }

    @Test
    void aRunStoppedBeforeItsStartHasItsEventsToo() throws Exception {
        var id = UUID.randomUUID().toString();
        Runs.shared().cancel(id, CancelRequest.now());
        var output = agent(says("x")).build().run("Go", RunOptions.defaults().runId(id));
        assertThat(output.isCancelled()).isTrue();
        assertThat(Events.names(stored(id))).containsExactly("RunStarted", "RunCancelled");
    }

    @Test
    void whatCouldNotBeStoredMeanwhileIsStoredLater() throws Exception {
        var down = new AtomicBoolean(true);
        var failed = new AtomicInteger();
        var store = new TestStore(memory) {
            @Override
            public void save(List<StoredRun> runs, List<RunEvent> events) {
                if (down.get()) {
                    failed.incrementAndGet();
                    throw new IllegalStateException("the store is down");
                }
                super.save(runs, events);
            }
        };
        var run = agent(saysAndHangs("One")).store(store).build().start("Go");
        await().until(() -> failed.get() > 0);
        down.set(false);
        await().until(() -> row(run.id()).text().equals("One"));
        assertThat(Events.names(stored(run.id()))).containsExactly("RunStarted", "ModelRequestStarted");
        run.cancel();
        Events.end(run);
        assertThat(stored(run.id())).last().isInstanceOf(RunCancelled.class);
    }

    @Test
    void aStoreThatIsClosedUnderALiveRunIsNotTriedForEver() throws Exception {
        var closed = new AtomicBoolean();
        var attempts = new AtomicInteger();
        var store = new TestStore(memory) {
            @Override
            public Finished finish(StoredRun run, List<StateChange> changes, List<RunEvent> events) {
                attempts.incrementAndGet();
                throw new IllegalStateException("the store is closed");
            }

            @Override
            public boolean isClosed() {
                return closed.get();
            }
        };
        var run = agent(saysAndHangs("One"))
                .store(store)
                .storeWait(Duration.ofSeconds(20))
                .build()
                .start("Go");
        closed.set(true);
        run.cancel();
        var output = Events.end(run);
        assertThat(output.isCancelled()).isTrue();
        assertThat(output.stored()).isFalse();
        assertThat(attempts).hasValue(1);
    }

    // ---- whose store

    @Test
    void theStoreOfTheOptionsIsForComponentsThatHaveNone() throws Exception {
        var given = new InMemorySessionStore();
        var options = RunOptions.defaults().store(given).sessionId("s-given");
        var member = Agent.builder().model(TestModel.of(says("below"))).build();
        var run = Agent.builder()
                .model(TestModel.of(calls("ask"), says("x")))
                .tools(tool("ask", _ -> member.run("Ask").runId()))
                .build()
                .start("Go", options);
        var output = Events.end(run);
        assertThat(given.runs("s-given")).extracting(StoredRun::runId).containsExactly(run.id());
        var child =
                given.run(String.valueOf(output.tools().getFirst().result())).orElseThrow();
        assertThat(child.parentRunId()).isEqualTo(run.id());

        var own = agent(says("x")).build().run("Go", options);
        assertThat(given.run(own.runId())).isEmpty();
        assertThat(memory.run(own.runId())).isPresent();
    }

    // ---- the row wins

    private TestStore endedElsewhere(RunStatus status, @Nullable CancelCause cause, @Nullable RunFailure failure) {
        return new TestStore(memory) {
            @Override
            public Finished finish(StoredRun run, List<StateChange> changes) {
                var other = run.toBuilder()
                        .status(status)
                        .text("")
                        .messages(List.of())
                        .tools(List.of())
                        .metrics(null)
                        .cause(cause)
                        .effectiveMode(cause == null ? null : CancelMode.NOW)
                        .failure(failure)
                        .endedAt(Instant.EPOCH)
                        .build();
                super.finish(other, List.of());
                return super.finish(run, changes);
            }
        };
    }

    @Test
    void aRunThatWasEndedElsewhereIsShownAsItsRowSays() throws Exception {
        var failure = new RunFailure("ProcessLost", "it did not renew its lease", null);
        var store = endedElsewhere(RunStatus.ERROR, null, failure);
        var run = agent(says("Hello")).store(store).build().start("Go");
        var output = Events.end(run);
        assertThat(output.status()).isEqualTo(RunStatus.ERROR);
        assertThat(output.failure()).isEqualTo(failure);
        assertThat(output.cause())
                .isNotNull()
                .satisfies(cause -> assertThat(cause.kind()).isEqualTo(CancelKind.LEASE_LOST));
        assertThat(Events.only(Terminal.class, Events.of(run)))
                .singleElement()
                .satisfies(last -> assertThat(last.status()).isEqualTo(RunStatus.ERROR));
        assertThat(run.cancel().status()).isEqualTo(RunStatus.ERROR);
        assertThat(Runs.shared().cancel(run.id(), CancelRequest.now()).status()).isEqualTo(RunStatus.ERROR);
    }

    @Test
    void aRunThatWasCancelledElsewhereHasTheCauseOfItsRow() throws Exception {
        var cause = new CancelCause(CancelKind.USER, "enough", "ann", Instant.EPOCH);
        var run = agent(says("Hello"))
                .store(endedElsewhere(RunStatus.CANCELLED, cause, null))
                .build()
                .start("Go");
        var output = Events.end(run);
        assertThat(output.isCancelled()).isTrue();
        assertThat(output.cause()).isEqualTo(cause);
        assertThat(output.stored()).isTrue();
        assertThat(Events.only(RunCancelled.class, Events.of(run)))
                .singleElement()
                .satisfies(last -> assertThat(last.cause()).isEqualTo(cause));
    }
}
