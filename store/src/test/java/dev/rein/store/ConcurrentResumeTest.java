package dev.rein.store;

import static dev.rein.store.ReleasedRuns.confirmed;
import static dev.rein.store.ReleasedRuns.leave;
import static dev.rein.store.ReleasedRuns.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.run.Decision;
import dev.rein.run.RunRejectedException;
import dev.rein.testkit.Script;
import dev.rein.testkit.ScriptedModel;
import dev.rein.tool.Tool;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Of many calls that let a paused run go on at once, one does; the others are told why they don't. */
class ConcurrentResumeTest extends TwoProcesses {
    private static final int RUNS = 15;
    private static final int CALLS = 8;

    static final class Booking {
        @Tool(value = "Books a seat", requiresConfirmation = true)
        public String book() {
            return "a seat";
        }
    }

    private Agent agent(Script... script) {
        return Agent.builder()
                .name("Booker")
                .model(ScriptedModel.of(script))
                .tools(new Booking())
                .store(store)
                .storeWait(Duration.ofMinutes(1))
                .build();
    }

    private static Script asks() {
        return Script.toolCall("book", "{}");
    }

    private static List<String> refusals(Agent agent, String runId, Decision... decisions) throws Exception {
        var barrier = new CyclicBarrier(CALLS);
        Callable<Boolean> call = () -> {
            barrier.await();
            return agent.continueRun(runId, decisions).await(LONG).isCompleted();
        };
        try (var threads = Executors.newFixedThreadPool(CALLS)) {
            return threads.invokeAll(Stream.generate(() -> call).limit(CALLS).toList()).stream()
                    .flatMap(each -> {
                        try {
                            assertThat(each.get()).isTrue();
                            return Stream.empty();
                        } catch (ExecutionException e) {
                            assertThat(e.getCause()).isInstanceOf(RunRejectedException.class);
                            return Stream.of(e.getCause().getMessage());
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    })
                    .toList();
        }
    }

    private static void check(List<String> refusals) {
        assertThat(refusals)
                .hasSize(CALLS - 1)
                .allSatisfy(why ->
                        assertThat(why).containsAnyOf("does not wait for requirement", "accepts no further decisions"));
    }

    @Test
    void oneOfThisProcess() throws Exception {
        for (var i = 0; i < RUNS; i++) {
            var agent = agent(asks(), Script.text("Booked."));
            var paused = agent.run("Go", SESSION);
            var asked = paused.requirements().getFirst().id();
            check(refusals(agent, paused.runId(), Decision.confirm(asked)));
        }
    }

    @Test
    void oneThatAnotherProcessHasLeft() throws Exception {
        for (var i = 0; i < RUNS; i++) {
            var left = leave(other, agent(asks()).start("Go", SESSION));
            check(refusals(agent(Script.text("Booked.")), left.runId(), confirmed(left)));
            assertThat(row(other, left.runId()).status().isTerminal()).isTrue();
        }
    }
}
