package dev.rein.bench.walk;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rein.bench.walk.Plan.Form;
import dev.rein.bench.walk.Plan.Store;
import dev.rein.run.event.RunEvent;
import dev.rein.session.InMemorySessionStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** That the rules notice what breaks them. */
class RulesTest {

    private static Outcome outcome() throws InterruptedException {
        var plan = LongStream.iterate(0, seed -> seed + 1)
                .mapToObj(PlanGenerator::plan)
                .filter(each -> each.form() == Form.START
                        && each.store() == Store.MEMORY
                        && each.stops().isEmpty()
                        && each.root() instanceof Node.AgentNode)
                .findFirst()
                .orElseThrow();
        return new CaseRun(plan, new InMemorySessionStore(), "rules-test-" + System.nanoTime())
                .toTheEnd()
                .orElseThrow();
    }

    private static void refuses(Consumer<List<RunEvent>> change, String rule) throws InterruptedException {
        var outcome = outcome();
        var events = new ArrayList<>(outcome.events());
        change.accept(events);

        assertThatThrownBy(() -> Rules.check(new Outcome(outcome.run(), outcome.output(), events, true)))
                .isInstanceOf(Breach.class)
                .hasMessageStartingWith(rule);
    }

    @Test
    void aRunThatKeepsTheRulesIsAccepted() throws InterruptedException {
        var outcome = outcome();
        assertThatCode(() -> Rules.check(outcome)).doesNotThrowAnyException();
    }

    @Test
    void aMissingEventIsNoticed() throws InterruptedException {
        refuses(events -> events.remove(1), "rule 5: the index");
    }

    @Test
    void anEventAfterTheEndIsNoticed() throws InterruptedException {
        refuses(events -> events.add(events.getLast()), "rule 5");
    }

    @Test
    void aMissingEndIsNoticed() throws InterruptedException {
        refuses(List::removeLast, "rule 5");
    }

    @Test
    void aStartAfterAStopHasReturnedIsNoticed() throws InterruptedException {
        var outcome = outcome();
        var begun = outcome.events().getFirst().meta().createdAt().minus(Duration.ofSeconds(1));
        var request = dev.rein.cancel.CancelRequest.now();
        outcome.run()
                .journal()
                .stopped(
                        request,
                        new dev.rein.run.CancelResult(
                                outcome.output().runId(),
                                dev.rein.run.CancelResult.Outcome.REQUESTED,
                                dev.rein.run.RunStatus.CANCELLING,
                                dev.rein.cancel.CancelMode.NOW,
                                null,
                                null),
                        begun);

        assertThatThrownBy(() -> new EventRules(outcome).check()).hasMessageStartingWith("rule 2");
    }
}
