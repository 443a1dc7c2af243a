package dev.rein.run;

import static dev.rein.agent.TestModel.calls;
import static dev.rein.agent.TestModel.says;
import static dev.rein.agent.TestModel.saysAndHangs;
import static dev.rein.agent.TestTools.tool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.rein.agent.Agent;
import dev.rein.agent.Events;
import dev.rein.agent.Gate;
import dev.rein.agent.TestModel;
import dev.rein.cancel.CancelKind;
import dev.rein.model.ModelResponse;
import dev.rein.run.RunRejectedException.Reason;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.session.Session;
import dev.rein.session.StateChange;
import dev.rein.session.StoredRun;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Runs whose store is unavailable, or refuses some of them. */
class StoreDownTest extends StoringTestBase {
    @Test
    void aRunNeedsItsStoreAtTheStart() {
        var down = new AtomicBoolean(true);
        var model = TestModel.of(says("Hello"));
        var id = UUID.randomUUID().toString();
        var agent = agent().model(model).store(breakable(down)).build();
        assertThatExceptionOfType(RunRejectedException.class)
                .isThrownBy(() -> agent.start("Go", RunOptions.defaults().runId(id)))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.STORE_UNAVAILABLE))
                .withMessageContaining("storeOptional(true)")
                .withStackTraceContaining("disk is gone");
        assertThat(Runs.shared().find(id)).isEmpty();
        assertThat(model.requests()).isEmpty();
        down.set(false);
        assertThat(agent.run("Go", RunOptions.defaults().runId(id)).stored()).isTrue();
    }

    @Test
    void endsThatWaitForTheirStoreAreCounted() throws Exception {
        var down = new AtomicBoolean(true);
        var before = Runs.shared().pendingWrites();
        var lost = Runs.shared().lostWrites();
        var run = agent(says("Hello"))
                .store(breakable(down))
                .storeOptional(true)
                .storeWait(Duration.ofMillis(1))
                .build()
                .start("Go");
        assertThat(Events.end(run).stored()).isFalse();
        assertThat(Runs.shared().pendingWrites()).isEqualTo(before + 1);
        down.set(false);
        await().until(() -> Runs.shared().pendingWrites() == before);
        assertThat(Runs.shared().lostWrites()).isEqualTo(lost);
    }

    @Test
    void endsThatAreNeverStoredAreCounted() throws Exception {
        var store = new TestStore(memory) {
            @Override
            public Finished finish(StoredRun run, List<StateChange> changes) {
                throw new IllegalArgumentException("too odd");
            }
        };
        var before = Runs.shared().pendingWrites();
        var lost = Runs.shared().lostWrites();
        assertThat(agent(says("Hello")).store(store).build().run("Go").stored()).isFalse();
        await().until(() -> Runs.shared().lostWrites() == lost + 1);
        assertThat(Runs.shared().pendingWrites()).isEqualTo(before);
    }

    @Test
    void aRunWhoseStoreIsOptionalStartsAndIsWrittenWhenTheStoreIsBack() throws Exception {
        var down = new AtomicBoolean(true);
        var run = agent(says("Hello"))
                .store(breakable(down))
                .storeOptional(true)
                .storeWait(Duration.ofMillis(100))
                .build()
                .start("Go", RunOptions.defaults().sessionId("s-optional"));
        var output = Events.end(run);
        assertThat(output.isCompleted()).isTrue();
        assertThat(output.stored()).isFalse();
        down.set(false);
        await().until(() -> memory.run(run.id()).isPresent());
        assertThat(row(run.id()).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(memory.session("s-optional")).isPresent();
    }

    @Test
    void endsThatCantBeWrittenTogetherAreWrittenEachByItself() throws Exception {
        var together = new AtomicInteger();
        var store = new TestStore(parked()) {
            @Override
            public List<Finished> finish(List<End> ends) {
                together.set(ends.size());
                throw new StackOverflowError("no exception, and yet nothing may be lost");
            }
        };
        var say = new Gate();
        var agent = agent().model(TestModel.of((request, call) -> {
                    say.passDeaf();
                    return ModelResponse.of("x");
                }))
                .store(store)
                .storeWait(Duration.ofMillis(1))
                .build();
        var runs = List.of(agent.start("Go"), agent.start("Go"), agent.start("Go"), agent.start("Go"));
        say.open();
        for (var run : runs) {
            assertThat(Events.end(run).stored())
                    .as("while the store is held up")
                    .isFalse();
        }
        gate.open();
        for (var run : runs) {
            await().until(() -> memory.run(run.id()).orElseThrow().status(), RunStatus.COMPLETED::equals);
        }
        assertThat(together.get()).isGreaterThan(1);
    }

    /** Starts runs on threads of their own, which wait for the store. */
    private static List<FutureTask<RunHandle>> startAll(Agent agent, List<String> inputs) {
        var starts = inputs.stream()
                .map(input -> new FutureTask<>(() -> agent.start(input)))
                .toList();
        var threads = starts.stream().map(Thread.ofPlatform()::start).toList();
        await().until(() -> threads.stream().allMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING));
        return starts;
    }

    @Test
    void runsThatStartWhileTheStoreIsBusyAreWrittenTogether() throws Exception {
        var reached = new CountDownLatch(1);
        var together = new AtomicInteger();
        var store = new TestStore(memory) {
            @Override
            public boolean insert(StoredRun run) {
                reached.countDown();
                gate.passDeaf();
                return super.insert(run);
            }

            @Override
            public List<Boolean> insert(List<StoredRun> runs) {
                together.addAndGet(runs.size());
                return memory.insert(runs);
            }
        };
        var agent = agent().model(TestModel.of((request, call) -> ModelResponse.of("x")))
                .store(store)
                .build();
        var first = startAll(agent, List.of("Go"));
        reached.await();
        var others = startAll(agent, Collections.nCopies(20, "Go"));
        gate.open();
        assertThat(Events.end(first.getFirst().get()).stored()).isTrue();
        for (var run : others) {
            assertThat(Events.end(run.get()).stored()).isTrue();
        }
        assertThat(together.get()).isEqualTo(20);
    }

    @Test
    void aRunThatCantBeWrittenWithOthersIsRefusedAlone() throws Exception {
        var reached = new CountDownLatch(1);
        var store = new TestStore(memory) {
            @Override
            public boolean insert(StoredRun run) {
                reached.countDown();
                gate.passDeaf();
                if (run.input().text().equals("odd")) {
                    throw new IllegalArgumentException("too odd");
                }
                return super.insert(run);
            }
        };
        var agent = agent().model(TestModel.of((request, call) -> ModelResponse.of("x")))
                .store(store)
                .build();
        var first = startAll(agent, List.of("Go"));
        reached.await();
        var others = startAll(agent, List.of("Go", "odd", "Go"));
        gate.open();
        for (var run : List.of(first.getFirst(), others.getFirst(), others.getLast())) {
            assertThat(Events.end(run.get()).stored()).isTrue();
        }
        assertThatThrownBy(others.get(1)::get).hasRootCauseMessage("too odd");
    }

    @Test
    void aRunThatCantReadItsSessionFails() throws Exception {
        var down = new AtomicBoolean();
        var store = new TestStore(breakable(down)) {
            @Override
            public boolean insert(StoredRun run) {
                var inserted = super.insert(run);
                down.set(true);
                return inserted;
            }

            @Override
            public Finished finish(StoredRun run, List<StateChange> changes) {
                down.set(false);
                return super.finish(run, changes);
            }
        };
        var model = TestModel.of(says("x"));
        var run = agent().model(model)
                .store(store)
                .build()
                .start("Go", RunOptions.defaults().sessionId("s-unread"));
        var output = Events.end(run);
        assertThat(output.status()).isEqualTo(RunStatus.ERROR);
        assertThat(output.failure())
                .isNotNull()
                .satisfies(failure -> assertThat(failure.message()).startsWith("session s-unread could not be read"));
        assertThat(model.requests()).isEmpty();
        assertThat(Events.names(run)).containsExactly("RunStarted", "RunError");
    }

    @Test
    void aStopEndsTheWaitForASessionThatIsBeingRead() throws Exception {
        var store = new TestStore(memory) {
            @Override
            public Optional<Session> session(String sessionId) {
                gate.passDeaf();
                return super.session(sessionId);
            }
        };
        var run = agent(says("x"))
                .store(store)
                .storeWait(Duration.ofMillis(50))
                .build()
                .start("Go", RunOptions.defaults().sessionId("s-slow"));
        gate.awaitReached();
        run.cancel();
        var output = Events.end(run);
        assertThat(output.isCancelled()).isTrue();
        assertThat(output.abandoned()).isEmpty();
        assertThat(output.stored()).isFalse();
        gate.open();
        await().until(() -> row(run.id()).status() == RunStatus.CANCELLED);
    }

    @Test
    void theEndIsWrittenAgainUntilItIsTaken() throws Exception {
        var attempts = new AtomicInteger();
        var store = new TestStore(memory) {
            @Override
            public Finished finish(StoredRun run, List<StateChange> changes) {
                if (attempts.incrementAndGet() < 3) {
                    throw new IllegalStateException("busy");
                }
                return super.finish(run, changes);
            }
        };
        var run = agent(says("x"))
                .store(store)
                .storeWait(Duration.ofSeconds(20))
                .build()
                .start("Go");
        assertThat(Events.end(run).stored()).isTrue();
        assertThat(attempts).hasValue(3);
    }

    @Test
    void theEndIsWrittenAgainAfterAnErrorToo() throws Exception {
        var attempts = new AtomicInteger();
        var store = new TestStore(memory) {
            @Override
            public Finished finish(StoredRun run, List<StateChange> changes) {
                if (attempts.incrementAndGet() < 3) {
                    throw new OutOfMemoryError("for a moment");
                }
                return super.finish(run, changes);
            }
        };
        var run = agent(says("x"))
                .store(store)
                .storeWait(Duration.ofSeconds(20))
                .build()
                .start("Go");
        assertThat(Events.end(run).stored()).isTrue();
        assertThat(attempts).hasValue(3);
    }

    @Test
    void oneEndIsWrittenOnceInTheStoreThoughTwoComeIn() throws Exception {
        var run = agent(says("x")).build().start("Go");
        Events.end(run);
        var row = row(run.id());
        var late = row.toBuilder()
                .status(RunStatus.CANCELLED)
                .text("other")
                .messages(List.of())
                .tools(List.of())
                .metrics(null)
                .build();
        assertThat(memory.finish(late, List.of()).run()).isEqualTo(row);
        assertThat(row(run.id())).isEqualTo(row);
    }

    @Test
    void aRunCancelledForItsParentIsStoredWithThatCause() throws Exception {
        var memberModel = TestModel.of(saysAndHangs("x"));
        var member = agent().model(memberModel).build();
        var run = agent(calls("ask"))
                .tools(tool("ask", context -> member.run("Ask").text()))
                .build()
                .start("Go");
        memberModel.awaitRequests(1);
        var childId = Runs.shared().live().stream()
                .filter(live -> run.id().equals(live.parentRunId()))
                .findFirst()
                .orElseThrow()
                .runId();
        run.cancel();
        Events.end(run);
        assertThat(row(childId).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(row(childId).cause())
                .isNotNull()
                .satisfies(cause -> assertThat(cause.kind()).isEqualTo(CancelKind.PARENT));
    }
}
