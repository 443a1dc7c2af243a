package dev.rein.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.agent.Agent;
import dev.rein.model.Model;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.run.CancelResult;
import dev.rein.run.RunStatus;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.Terminal;
import dev.rein.runtime.RunHandle;
import dev.rein.session.InMemorySessionStore;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class Situation04CompleteVersusCancelRaceTest {
    private static final int RACES = Integer.getInteger("rein.races", 20_000);

    /** Nanoseconds, learnt while racing, so that both sides win often on any machine. */
    private long head = 10_000;

    private static final class Instant implements Model {
        @Override
        public String id() {
            return "instant";
        }

        @Override
        public String provider() {
            return "Test";
        }

        @Override
        public ModelResponse respond(ModelRequest request, ModelCall call) {
            call.text("a");
            call.text("b");
            return ModelResponse.of("ab");
        }
    }

    @Test
    void neitherSideEverWinsTwice() throws Exception {
        neitherSideEverWinsTwice(RACES);
    }

    @Tag("thorough")
    @Test
    void neitherSideEverWinsTwiceInManyRaces() throws Exception {
        neitherSideEverWinsTwice(5 * RACES);
    }

    private void neitherSideEverWinsTwice(int races) throws Exception {
        var agent = Agent.of(new Instant(), "");
        var wins = raceOnTwoThreads(races, () -> race(agent));

        assertThat(wins.get(RunStatus.COMPLETED))
                .as("races that the completion won")
                .isGreaterThan(races / 100);
        assertThat(wins.get(RunStatus.CANCELLED))
                .as("races that the cancel won")
                .isGreaterThan(races / 100);
    }

    @Test
    void theStoreHasTheSameWinner() throws Exception {
        var races = RACES / 4;
        var store = new InMemorySessionStore();
        var agent = Agent.builder()
                .model(new Instant())
                .store(store)
                .storeWait(Waiting.LONG)
                .build();
        raceOnTwoThreads(races, () -> {
            var run = agent.start("Go");
            var result = cancelSometime(run);
            var output = run.await(Waiting.LONG);
            assertTruth(result, output.status());
            var row = store.run(run.id()).orElseThrow();
            assertThat(row.status()).isEqualTo(output.status());
            assertThat(row.text()).isEqualTo(output.text());
            assertThat(row.cause()).isEqualTo(output.cause());
            return output.status();
        });
    }

    private RunStatus race(Agent agent) throws Exception {
        var run = agent.start("Go");
        var result = cancelSometime(run);
        var output = run.await(Waiting.LONG);
        assertTruth(result, output.status());
        var events = new ArrayList<RunEvent>();
        run.events().forEach(events::add);
        if (events.stream().filter(Terminal.class::isInstance).count() != 1
                || !(events.getLast() instanceof Terminal last)
                || last.status() != output.status()
                || run.status() != output.status()) {
            throw new AssertionError("not one end: " + output.status() + " with " + events);
        }
        return output.status();
    }

    private CancelResult cancelSometime(RunHandle run) {
        var until = System.nanoTime() + ThreadLocalRandom.current().nextLong(Math.max(2, head * 2));
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        var result = run.cancel();
        // Nobody minds a lost update: it is a guess.
        head = Math.clamp(head + (result.effective() ? 200 : -200), 0, 10_000_000);
        return result;
    }

    private static void assertTruth(CancelResult told, RunStatus status) {
        var expected = told.effective() ? RunStatus.CANCELLED : RunStatus.COMPLETED;
        if (status != expected || (!told.effective() && told.status() != status)) {
            throw new AssertionError("told " + told + ", but it is " + status);
        }
    }

    private static Map<RunStatus, Integer> raceOnTwoThreads(int races, Callable<RunStatus> race) throws Exception {
        try (var threads = Executors.newFixedThreadPool(2)) {
            Callable<List<RunStatus>> half = () -> {
                var ends = new ArrayList<RunStatus>();
                for (var i = 0; i < races / 2; i++) {
                    ends.add(race.call());
                }
                return ends;
            };
            var wins = new EnumMap<RunStatus, Integer>(Map.of(RunStatus.COMPLETED, 0, RunStatus.CANCELLED, 0));
            for (var ends : threads.invokeAll(List.of(half, half), 4, TimeUnit.MINUTES)) {
                ends.get().forEach(end -> wins.merge(end, 1, Integer::sum));
            }
            return wins;
        }
    }
}
