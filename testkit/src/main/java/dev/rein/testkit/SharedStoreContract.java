package dev.rein.testkit;

import static dev.rein.testkit.SampleRuns.NOW;
import static dev.rein.testkit.SampleRuns.event;
import static dev.rein.testkit.SampleRuns.paused;
import static dev.rein.testkit.SampleRuns.run;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.CancelResult.Outcome;
import dev.rein.run.RunStatus;
import dev.rein.run.event.RunCancelled;
import dev.rein.session.SharedStore;
import dev.rein.session.SharedStore.News;
import dev.rein.session.SharedStore.StopRequests;
import dev.rein.session.StoredRun;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What every {@link SharedStore} must do besides, as JUnit tests. Give it a store whose lease lasts at least 10 s, so that no
 * lease ends by itself.
 */
public abstract class SharedStoreContract extends SessionStoreContract {
    private static final News NOTHING = new News(List.of(), List.of(), List.of());
    private static final CancelRequest REQUEST =
            CancelRequest.now().reason("enough").actor("ann");

    @Override
    protected abstract SharedStore store();

    private StoredRun insert(String id, RunStatus status, @Nullable String parent, String owner) {
        var run = run(id, status, parent, "s", "so far", NOW).ownedBy(owner, 1);
        store().insert(run);
        return run;
    }

    private StoredRun row(String id) {
        return store().run(id).orElseThrow();
    }

    /** A process that has died: no lease, and runs. */
    private void died(String owner) {
        store().leave(owner);
    }

    // ---- leases

    @Test
    void aLeaseIsRenewedUntilItsOwnerLeaves() {
        store().join("a");
        assertThat(store().renew("a")).isTrue();
        assertThat(store().look("a")).isEqualTo(NOTHING);
        store().leave("a");
        assertThat(store().renew("a")).isFalse();
        assertThat(store().renew("nobody")).isFalse();
    }

    @Test
    void anOwnerWithoutALeaseAndWithRunsIsDead() {
        store().join("a");
        store().join("b");
        insert("run", RunStatus.RUNNING, null, "a");
        assertThat(store().look("b").dead()).isEmpty();
        assertThat(store().endRunsOf("a")).as("it lives").isEmpty();
        died("a");
        assertThat(store().look("b").dead()).containsExactly("a");
        assertThat(store().look(null).dead()).containsExactly("a");
        assertThat(store().look("a").dead()).isEmpty();
    }

    @Test
    void theRunsOfTheDeadAreEndedWithWhatWasStoredOfThem() {
        store().join("a");
        var before = insert("run", RunStatus.RUNNING, null, "a");
        insert("child", RunStatus.RUNNING, "run", "a");
        insert("ended", RunStatus.COMPLETED, null, "a");
        insert("of another", RunStatus.RUNNING, null, "b");
        died("a");
        assertThat(store().endRunsOf("a"))
                .extracting(StoredRun::runId)
                .as("children before their parents")
                .containsExactly("child", "run");
        var after = row("run");
        assertThat(after.status()).isEqualTo(RunStatus.ERROR);
        assertThat(requireNonNull(after.failure()).message()).contains("process");
        assertThat(after.text()).isEqualTo("so far");
        assertThat(after.messages()).isEqualTo(before.messages());
        assertThat(after.endedAt()).isNotNull();
        assertThat(row("child").status()).isEqualTo(RunStatus.ERROR);
        assertThat(row("of another").status()).isEqualTo(RunStatus.RUNNING);
        assertThat(store().endRunsOf("a")).isEmpty();
        assertThat(store().look("b").dead()).doesNotContain("a");
    }

    @Test
    void aRunThatSaidNothingHasAValidConversationWhenItIsEnded() {
        store().insert(run("run", RunStatus.PENDING, null, "s").ownedBy("a", 1));
        store().endRunsOf("a");
        assertThat(row("run").messages()).hasSize(2);
    }

    @Test
    void aRunThatWasAskedToStopEndsCancelledWhenItsOwnerHasDied() {
        store().join("a");
        insert("run", RunStatus.RUNNING, null, "a");
        insert("child", RunStatus.RUNNING, "run", "a");
        store().append(List.of(event("run", 3, "so far")));
        store().ask("run", REQUEST);
        died("a");
        store().endRunsOf("a");
        assertThat(row("run").status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(requireNonNull(row("run").cause()).reason()).isEqualTo("enough");
        assertThat(requireNonNull(row("child").cause()).kind()).isEqualTo(CancelKind.PARENT);
        assertThat(store().events("run", 3, 10))
                .hasSize(2)
                .allMatch(event -> event instanceof RunCancelled)
                .last()
                .satisfies(last -> assertThat(last.runId()).isEqualTo("run"));
    }

    @Test
    void aPausedTreeOfTheDeadStaysForOthers() {
        store().join("a");
        var run = insert("run", RunStatus.RUNNING, null, "a");
        store().update(paused(run, "a", 1));
        insert("child", RunStatus.PAUSED, "run", "a");
        insert("lost", RunStatus.RUNNING, null, "a");
        insert("paused part", RunStatus.PAUSED, "lost", "a");
        died("a");
        assertThat(store().endRunsOf("a")).extracting(StoredRun::runId).containsExactly("paused part", "lost");
        assertThat(row("run")).isEqualTo(paused(run, "a", 1).ownedBy(null, 2));
        assertThat(row("child").status()).isEqualTo(RunStatus.PAUSED);
        assertThat(store().look("b").dead()).isEmpty();
    }

    // ---- stops

    @Test
    void aStopIsKeptForTheOwnerUntilItIsTaken() {
        store().join("a");
        insert("run", RunStatus.RUNNING, null, "a");
        var asked = store().ask("run", REQUEST).orElseThrow();
        assertThat(asked.outcome()).isEqualTo(Outcome.REQUESTED);
        assertThat(asked.taken()).isFalse();
        assertThat(store().isTaken("run")).isFalse();
        assertThat(store().look("b").stops()).isEmpty();
        assertThat(store().look("a").stops()).containsExactly(new StopRequests("run", List.of(REQUEST)));
        store().taken("b", List.of("run"));
        assertThat(store().isTaken("run")).as("only its owner takes it").isFalse();
        store().taken("a", List.of("run"));
        assertThat(store().isTaken("run")).isTrue();
        assertThat(store().look("a")).isEqualTo(NOTHING);
    }

    @Test
    void onlyAStrongerStopIsAddedToAnEarlierOne() {
        store().join("a");
        insert("run", RunStatus.RUNNING, null, "a");
        var soft = CancelRequest.afterTurn().reason("soon");
        store().ask("run", soft);
        store().taken("a", List.of("run"));
        assertThat(store().ask("run", CancelRequest.afterStep())).get().satisfies(asked -> {
            assertThat(asked.outcome()).isEqualTo(Outcome.ALREADY_REQUESTED);
            assertThat(asked.taken()).isTrue();
        });
        assertThat(store().ask("run", REQUEST).orElseThrow().outcome()).isEqualTo(Outcome.UPGRADED);
        assertThat(store().look("a").stops()).containsExactly(new StopRequests("run", List.of(soft, REQUEST)));
        died("a");
        store().endRunsOf("a");
        assertThat(requireNonNull(row("run").cause()).reason())
                .as("of the first")
                .isEqualTo("soon");
        assertThat(row("run").effectiveMode()).isEqualTo(CancelMode.NOW);
    }

    @Test
    void thereIsNothingToStopInARunThatIsUnknownOrHasEnded() {
        var ended = insert("run", RunStatus.COMPLETED, null, "a");
        assertThat(store().ask("unknown", REQUEST)).isEmpty();
        assertThat(store().ask("run", REQUEST)).contains(new SharedStore.Asked(ended, Outcome.ALREADY_FINISHED, true));
        assertThat(row("run")).isEqualTo(ended);
        assertThat(store().isTaken("unknown")).isTrue();
    }

    @Test
    void aRunOfADeadOwnerIsStoppedAtOnce() {
        insert("run", RunStatus.RUNNING, null, "dead");
        var asked = store().ask("run", REQUEST).orElseThrow();
        assertThat(asked.taken()).isTrue();
        assertThat(asked.run()).isEqualTo(row("run"));
        assertThat(row("run").status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(requireNonNull(row("run").cause()).actor()).isEqualTo("ann");
    }

    @Test
    void aPausedRunIsStoppedAtOnceAndItsOwnerIsTold() {
        store().join("a");
        var run = insert("run", RunStatus.RUNNING, null, "a");
        insert("child", RunStatus.PAUSED, "run", "a");
        store().update(paused(run, "a", 1));
        var asked = store().ask("run", REQUEST).orElseThrow();
        assertThat(asked.outcome()).isEqualTo(Outcome.REQUESTED);
        assertThat(asked.taken()).isTrue();
        assertThat(row("run").status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(row("run").pause()).isNull();
        assertThat(row("child").status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(store().adopt("run", 1, "a"))
                .as("an approval comes too late")
                .isEmpty();
        assertThat(store().look("a").lost()).containsExactly("run");
        store().taken("a", List.of("run"));
        assertThat(store().look("a")).isEqualTo(NOTHING);
    }

    // ---- paused runs

    @Test
    void aPausedRunIsAdoptedByOne() {
        store().join("a");
        var run = insert("run", RunStatus.RUNNING, null, "a");
        assertThat(store().adopt("run", 1, "b")).as("it is not paused").isEmpty();
        store().update(paused(run, "a", 1));
        assertThat(store().adopt("run", 2, "b")).as("another epoch").isEmpty();
        var adopted = store().adopt("run", 1, "b").orElseThrow();
        assertThat(adopted.status()).isEqualTo(RunStatus.RUNNING);
        assertThat(adopted.owner()).isEqualTo("b");
        assertThat(adopted.epoch()).isEqualTo(2);
        assertThat(adopted.pause()).isEqualTo(paused(run, "a", 1).pause());
        assertThat(store().adopt("run", 1, "c")).isEmpty();
        assertThat(store().look("a").lost()).containsExactly("run");
        store().update(paused(run, "a", 1));
        assertThat(row("run")).as("the former owner can't write any more").isEqualTo(adopted);
    }

    @Test
    void whoAdoptsARunHasAllBelowIt() {
        store().join("a");
        var run = insert("run", RunStatus.RUNNING, null, "a");
        insert("child", RunStatus.PAUSED, "run", "a");
        insert("ended", RunStatus.COMPLETED, "run", "a");
        insert("of another tree", RunStatus.PAUSED, "x", "a");
        store().update(paused(run, "a", 1));
        store().adopt("run", 1, "a");
        assertThat(row("child").epoch()).as("it was its owner's").isEqualTo(1);
        store().update(paused(run, "a", 1));
        store().adopt("run", 1, "b");
        assertThat(row("child").owner()).isEqualTo("b");
        assertThat(row("child").epoch()).isEqualTo(2);
        assertThat(row("child").status()).isEqualTo(RunStatus.PAUSED);
        assertThat(store().finish(run("child", RunStatus.CANCELLED, "run", "s").ownedBy("a", 1), List.of())
                        .run()
                        .status())
                .as("the former owner can't write any more")
                .isEqualTo(RunStatus.PAUSED);
        assertThat(store().look("a").lost()).as("it learns of the tree").containsExactly("run");
        assertThat(row("ended").owner()).isEqualTo("a");
        assertThat(row("of another tree").owner()).isEqualTo("a");
        died("b");
        store().endRunsOf("b");
        assertThat(row("child").status()).as("with its tree").isEqualTo(RunStatus.ERROR);
    }

    @Test
    void anOwnersOwnPausedRunGoesOnInItsEpoch() {
        store().join("a");
        store().update(paused(insert("run", RunStatus.RUNNING, null, "a"), "a", 1));
        assertThat(store().adopt("run", 1, "a").orElseThrow().epoch()).isEqualTo(1);
        assertThat(store().look("a")).isEqualTo(NOTHING);
    }

    @Test
    void aPausedRunCanBeLeftToOthers() {
        store().join("a");
        var run = insert("run", RunStatus.RUNNING, null, "a");
        store().update(paused(run, "a", 1));
        store().join("b");
        store().letGo("a", List.of("run"));
        assertThat(row("run").owner()).isNull();
        assertThat(store().finish(run("run", RunStatus.CANCELLED, null, "s").ownedBy("a", 1), List.of())
                        .run()
                        .status())
                .isEqualTo(RunStatus.PAUSED);
        assertThat(store().adopt("run", row("run").epoch(), "b")).isPresent();
        assertThat(store().look("a")).isEqualTo(NOTHING);
    }
}
