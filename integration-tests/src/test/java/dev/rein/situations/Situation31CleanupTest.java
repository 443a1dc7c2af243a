package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.agent.AgentBuilder;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.RunOutput;
import dev.rein.runtime.Limits;
import dev.rein.runtime.Runs;
import dev.rein.session.InMemorySessionStore;
import dev.rein.testkit.ScriptedModel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Situation31CleanupTest {
    private static final Duration EACH = Duration.ofMillis(300);
    private static final Duration ALL = Duration.ofMillis(500);

    private final InMemorySessionStore store = new InMemorySessionStore();
    private final ScriptedModel model = ScriptedModel.create().waitsForever();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final Gate hanging = new Gate();

    @AfterEach
    void nothingIsLeftBehind() {
        hanging.open();
        Waiting.until("abandoned threads come back", () -> Runs.shared().abandonedThreads() == 0);
    }

    private AgentBuilder agent() {
        return Agent.builder().model(model).store(store).storeWait(Waiting.LONG);
    }

    private RunOutput cancelled(Form form, Agent agent) {
        var run = form.start(agent, "Go");
        model.awaitWaiting(1);
        run.cancel();
        return RunInvariants.checkCancelled(run, store);
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @EnumSource
    void aCleanupThatTakesAWhileIsNeitherInterruptedNorCut(Form form) {
        var output = cancelled(
                form,
                agent().onCancel((context, cause) -> {
                            Thread.sleep(200); // blocks on purpose
                            assertThat(Thread.currentThread().isInterrupted()).isFalse();
                            assertThat(Runs.shared().find(context.runId())).isPresent();
                            assertThat(store.run(context.runId()).orElseThrow().endedAt())
                                    .isNull();
                            seen.add(cause.kind() + " " + context.cancellation().isCancelled());
                        })
                        .build());

        assertThat(seen).containsExactly("USER true");
        assertThat(output.stopTook()).isGreaterThanOrEqualTo(Duration.ofMillis(200));
        assertThat(output.abandoned()).isEmpty();
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @EnumSource
    void aCleanupThatHangsIsCutAtItsLimitAndTheRunIsCancelledAllTheSame(Form form) {
        var output = Waiting.withGrowingLimit(
                limit -> {
                    seen.clear();
                    var stopped = cancelled(
                            form,
                            agent().hookTimeouts(limit, limit.multipliedBy(2))
                                    .onCancel((_, _) -> hanging.passDeaf())
                                    .onCancel((_, _) -> seen.add("the other one"))
                                    .build());
                    assertThat(stopped.stopTook()).isBetween(limit, limit.plus(Waiting.SOON));
                    return stopped;
                },
                stopped -> stopped.abandoned().size() == 1 && !seen.isEmpty());

        assertThat(seen).containsExactly("the other one");
        assertThat(output.abandoned()).singleElement().satisfies(thread -> {
            assertThat(thread.what()).contains("cleanup");
            assertThat(thread.stack()).anyMatch(frame -> frame.contains("passDeaf"));
        });
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @EnumSource
    void aCleanupThatIsCutIsInterrupted(Form form) {
        cancelled(
                form,
                agent().hookTimeouts(EACH, ALL)
                        .onCancel((_, _) -> {
                            try {
                                hanging.pass();
                            } catch (InterruptedException e) {
                                seen.add("interrupted");
                            }
                        })
                        .build());

        Waiting.until("the interrupt", () -> seen.contains("interrupted"));
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @EnumSource
    void cleanupsRunBesideEachOther(Form form) {
        var meet = new CyclicBarrier(3);
        var agent = agent().hookTimeouts(Waiting.LONG, Waiting.LONG);
        for (var i = 0; i < 3; i++) {
            agent.onCancel((_, _) -> {
                meet.await(Waiting.LONG.toSeconds(), TimeUnit.SECONDS);
                seen.add("met");
            });
        }

        cancelled(form, agent.build());
        assertThat(seen).containsExactly("met", "met", "met");
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @EnumSource
    void cleanupsRunAfterTheRunsOwnCodeHasReturned(Form form) {
        var tool = new Gate();
        var agent = Agent.builder()
                .model(ScriptedModel.create().toolCall("slow", "{}"))
                .store(store)
                .storeWait(Waiting.LONG)
                .tools(Tools.tool("slow", context -> {
                    context.onCancelled(() -> seen.add("cleanup of the tool"));
                    tool.passDeaf();
                    seen.add("tool");
                    return "done";
                }))
                .onCancel((_, _) -> seen.add("cleanup of the agent"))
                .build();
        var run = form.start(agent, "Go");
        tool.awaitArrival();
        run.cancel(CancelRequest.now().grace(Waiting.NEVER));
        tool.open();

        RunInvariants.checkCancelled(run, store);
        assertThat(seen).first().isEqualTo("tool");
        assertThat(seen).containsExactlyInAnyOrder("tool", "cleanup of the tool", "cleanup of the agent");
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @EnumSource
    void whateverStopsARunItsCleanupsRun(Form form) {
        var agent = agent().limits(Limits.none().deadline(Duration.ofMillis(50)))
                .onCancel((_, cause) -> seen.add(cause.kind().name()))
                .build();

        RunInvariants.checkCancelled(form.start(agent, "Go"), store);
        assertThat(seen).containsExactly(CancelKind.DEADLINE.name());
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @EnumSource
    void noCleanupRunsForARunThatCompletes(Form form) {
        var agent = Agent.builder()
                .model(ScriptedModel.of("done"))
                .onCancel((_, _) -> seen.add("cleanup"))
                .build();

        assertThat(RunInvariants.check(form.start(agent, "Go")).isCompleted()).isTrue();
        assertThat(seen).isEmpty();
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @EnumSource
    void aCleanupCanNotStartWorkInTheNameOfItsRun(Form form) {
        var other = ScriptedModel.of("never asked for");
        cancelled(
                form,
                agent().onCancel((_, _) ->
                                seen.add(Agent.of(other, "").run("Go").status().name()))
                        .build());

        assertThat(seen).containsExactly("CANCELLED");
        assertThat(other.callsStarted()).isZero();
    }
}
