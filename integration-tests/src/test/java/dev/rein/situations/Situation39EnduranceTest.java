package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.run.RunOutput;
import dev.rein.runtime.DisconnectPolicy;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.RunOptions;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.FakeProvider;
import dev.rein.testkit.LeakCheck;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Situation39EnduranceTest {
    /** Give 100000 and time for a long one. */
    private static final int CYCLES = Integer.getInteger("rein.cycles", 20_000);

    /** More than the kernel remembers of runs that ended. */
    private static final int WARM_UP = 11_000;

    private static final int WORKERS = 2;
    private static final long HEAP_NOISE = 16L << 20;
    private static final long LONGEST_HEAD_NANOS = 300_000;

    private final AtomicInteger cancelled = new AtomicInteger();
    private final Agent sub = Agent.of(
            ScriptedModel.of(Script.text("One, two, three.")).repeating().keep(0), "");
    private final List<Agent> agents = List.of(
            Agent.of(ScriptedModel.always("Once upon a time there was a dragon").keep(0), ""),
            Agent.of(ScriptedModel.create().waitsForever().repeating().keep(0), ""),
            Agent.builder()
                    .model(ScriptedModel.create()
                            .answerBy(request -> request.messages().size() > 1
                                    ? Script.text("There.")
                                    : Script.text("Let me look.")
                                            .thenToolCall("look", "{}")
                                            .thenToolCall("ask", "{}"))
                            .repeating()
                            .keep(0))
                    .tools(
                            Tools.instant("look"),
                            Tools.tool("ask", _ -> sub.run("How many?").text()))
                    .onCancel((_, _) -> {})
                    .build());

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static void spinForSomeTime(long most) {
        var until = System.nanoTime() + ThreadLocalRandom.current().nextLong(most);
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
    }

    private static Agent any(List<Agent> agents) {
        return agents.get(ThreadLocalRandom.current().nextInt(agents.size()));
    }

    private void cycle(List<Agent> from) throws Exception {
        var agent = any(from);
        var output = switch (ThreadLocalRandom.current().nextInt(3)) {
            case 0 -> startAndCancel(agent);
            case 1 -> streamAndLeave(agent);
            default -> runAndCancel(agent);
        };
        if (!output.status().isTerminal() || output.isError()) {
            throw new AssertionError("it ended " + output);
        }
        if (output.isCancelled()) {
            cancelled.incrementAndGet();
        }
    }

    private static RunOutput startAndCancel(Agent agent) throws Exception {
        RunHandle run = agent.start("Go");
        spinForSomeTime(LONGEST_HEAD_NANOS);
        run.cancel();
        return run.await(Waiting.LONG);
    }

    private static RunOutput streamAndLeave(Agent agent) {
        // One that waits for ever shows two events, and the third would never come.
        var events = ThreadLocalRandom.current().nextInt(3);
        try (var stream = agent.stream("Go")) {
            var iterator = stream.iterator();
            for (var i = 0; i < events; i++) {
                iterator.next();
            }
            stream.close();
            return stream.output();
        }
    }

    private static RunOutput runAndCancel(Agent agent) {
        var id = UUID.randomUUID().toString();
        Thread.ofVirtual().start(() -> {
            spinForSomeTime(LONGEST_HEAD_NANOS);
            agent.cancelRun(id);
        });
        return agent.run("Go", RunOptions.defaults().runId(id));
    }

    private void cycles(int count, List<Agent> from, Duration atMost) throws Exception {
        try (var threads = Executors.newFixedThreadPool(WORKERS)) {
            Callable<Void> work = () -> {
                for (var i = 0; i < count / WORKERS; i++) {
                    cycle(from);
                }
                return null;
            };
            var all = new ArrayList<Callable<Void>>();
            for (var i = 0; i < WORKERS; i++) {
                all.add(work);
            }
            for (var done : threads.invokeAll(all, atMost.toSeconds(), TimeUnit.SECONDS)) {
                done.get();
            }
        }
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void thousandsOfCancelledRunsLeaveNothing() throws Exception {
        cycles(WARM_UP, agents, Duration.ofMinutes(1));
        cancelled.set(0);
        var before = heap();
        try (var _ = LeakCheck.begin().within(Waiting.LONG)) {
            cycles(CYCLES, agents, Duration.ofMinutes(25));
        }
        assertThat(cancelled).hasValueGreaterThan(CYCLES / 10);
        assertThat(Runs.shared().live()).isEmpty();
        assertThat(Runs.shared().abandonedThreads()).isZero();
        Waiting.until("the heap is back", () -> heap() - before < HEAP_NOISE);
    }

    @ParameterizedTest
    @EnumSource
    void cancelledRunsAgainstAServerLeaveNoConnection(Api api) throws Exception {
        try (var warm = FakeProvider.start()) {
            Agent.of(api.at(warm), "").run("Go");
        }
        try (var _ = LeakCheck.begin().within(Waiting.LONG);
                var provider = FakeProvider.start()) {
            provider.byDefault(Script.forever(Duration.ofMillis(1)));
            cycles(CYCLES / 100, List.of(Agent.of(api.at(provider), "")), Duration.ofMinutes(1));
            Waiting.until("no connection is left", () -> provider.openConnections() == 0);
        }
    }

    @Test
    void cancelledRunsWithAStoreAreAllThere() throws Exception {
        var store = new InMemorySessionStore();
        var agent = Agent.builder()
                .model(ScriptedModel.create().waitsForever().repeating().keep(0))
                .store(store)
                .storeWait(Waiting.LONG)
                .build();
        var runs = CYCLES / 20;
        for (var i = 0; i < runs; i++) {
            var run = agent.start(
                    "Go", RunOptions.defaults().sessionId("session " + i % 10).onDisconnect(DisconnectPolicy.CONTINUE));
            spinForSomeTime(LONGEST_HEAD_NANOS);
            run.cancel();
            var output = run.await(Waiting.LONG);
            assertThat(store.run(run.id()).orElseThrow().status()).isEqualTo(output.status());
        }
        var stored = 0;
        for (var i = 0; i < 10; i++) {
            stored += store.runs("session " + i).size();
        }
        assertThat(stored).isEqualTo(runs);
    }
}
