package dev.rein.testkit;

import static dev.rein.testkit.SampleRuns.NOW;
import static dev.rein.testkit.SampleRuns.event;
import static dev.rein.testkit.SampleRuns.paused;
import static dev.rein.testkit.SampleRuns.run;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.CancelResult.Outcome;
import dev.rein.run.RunStatus;
import dev.rein.run.event.RunCancelled;
import dev.rein.session.SessionPolicy;
import dev.rein.session.SharedStore;
import dev.rein.session.SharedStore.CancelRequests;
import dev.rein.session.SharedStore.LiveQuery;
import dev.rein.session.SharedStore.LostRun;
import dev.rein.session.SharedStore.SessionEntry.Result;
import dev.rein.session.SharedStore.Updates;
import dev.rein.session.StoredRun;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What every {@link SharedStore} must do besides, as JUnit tests. The lease of {@link #store()} must last at least 10 s, so that
 * none expires during a test.
 */
public abstract class SharedStoreContract extends SessionStoreContract {
    private static final CancelRequest REQUEST =
            CancelRequest.now().reason("enough").actor("ann");

    private static final Duration SHORT_LEASE = Duration.ofMillis(500);

    @Override
    protected abstract SharedStore store();

    /** Opens one more store on the same data, whose leases have another length. The test closes it. */
    protected abstract SharedStore store(Duration lease);

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
        store().deregister(owner);
    }

    // ---- runs that go from hand to hand

    @Test
    void everyFormerOwnerHearsThatARunWasPassedOn() {
        store().register("a");
        store().register("b");
        store().register("c");
        insert("run", RunStatus.PAUSED, null, "a");
        store().update(paused(row("run"), "a", 1));
        var second = store().adopt("run", 1, "b").orElseThrow();
        store().update(paused(row("run"), "b", second.epoch()));
        var third = store().adopt("run", second.epoch(), "c").orElseThrow();
        var lost = List.of(new LostRun("run", third.epoch()));
        assertThat(store().poll("a").lostRuns()).isEqualTo(lost);
        assertThat(store().poll("b").lostRuns()).isEqualTo(lost);
        assertThat(store().poll("c").lostRuns()).isEmpty();
        store().acknowledge("a", store().poll("a"));
        assertThat(store().poll("a").lostRuns()).isEmpty();
        assertThat(store().poll("b").lostRuns()).isEqualTo(lost);
        // It comes back to one that has not heard yet: that has nothing to hear any more.
        store().update(paused(row("run"), "c", third.epoch()));
        store().adopt("run", third.epoch(), "b");
        assertThat(store().poll("b").lostRuns()).isEmpty();
        assertThat(store().poll("c").lostRuns()).hasSize(1);
    }

    // ---- lists and followers

    private List<String> live(LiveQuery query) {
        return store().live(query).stream().map(StoredRun::runId).toList();
    }

    @Test
    void liveRunsOfAllOwnersAreListedWithoutTheirContent() {
        insert("1", RunStatus.RUNNING, null, "a");
        insert("child", RunStatus.RUNNING, "1", "a");
        insert("2", RunStatus.PAUSED, null, "b");
        insert("ended", RunStatus.COMPLETED, null, "a");
        store().insert(run("other session", RunStatus.PENDING, null, "t", "", NOW.plusSeconds(9)));
        assertThat(live(new LiveQuery(null, null, null, null, null, false, 100)))
                .containsExactly("1", "2", "other session");
        assertThat(live(new LiveQuery(null, null, "s", null, null, true, 100)))
                .containsExactlyInAnyOrder("1", "child", "2");
        assertThat(live(new LiveQuery(null, null, "s", null, null, false, 1))).hasSize(1);
        assertThat(live(new LiveQuery(null, null, null, null, "a", false, 2))).containsExactly("2", "other session");
        assertThat(live(new LiveQuery(null, null, null, "nobody", null, true, 100)))
                .isEmpty();
        assertThat(live(new LiveQuery(null, "no such component", null, null, null, true, 100)))
                .isEmpty();
        var first = store().live(new LiveQuery(null, null, "s", null, null, false, 1))
                .getFirst();
        assertThat(first.status()).isEqualTo(RunStatus.RUNNING);
        assertThat(first.owner()).isEqualTo("a");
        assertThat(first.sessionId()).isEqualTo("s");
        assertThat(store().statuses(List.of("1", "ended", "unknown")))
                .isEqualTo(Map.of("1", RunStatus.RUNNING, "ended", RunStatus.COMPLETED));
        assertThat(store().statuses(List.of())).isEmpty();
    }

    @Test
    void theEventsOfAFollowedTreeArePassedOnAndNotStored() {
        store().register("a");
        insert("run", RunStatus.RUNNING, null, "a");
        store().publish("run", List.of(event("run", 0, "text")));
        assertThat(store().published("run", -1, 10)).as("nobody follows it").isEmpty();
        assumeTrue(store().follow("run", Duration.ofMinutes(1)), "the store passes no events on");
        assertThat(store().follow("unknown", Duration.ofMinutes(1))).isFalse();
        assertThat(store().followed("a")).containsExactly("run");
        assertThat(store().followed("b")).isEmpty();
        store().publish("run", List.of(event("run", 0, "text"), event("run", 1, "text")));
        store().publish("run", List.of(event("run", 1, "text"), event("run", 2, "text")));
        assertThat(store().published("run", -1, 10))
                .extracting(each -> each.index())
                .containsExactly(0L, 1L, 2L);
        assertThat(store().published("run", 0, 1))
                .extracting(each -> each.index())
                .containsExactly(1L);
        assertThat(store().follow("run", Duration.ofMillis(1))).isTrue();
        assertThat(store().followed("a")).as("the longer time holds").containsExactly("run");
        assertThat(store().events("run", -1, 10)).isEmpty();
        store().delete(List.of("s"));
        assertThat(store().published("run", -1, 10)).isEmpty();
    }

    // ---- turns

    private static StoredRun turn(String id, String owner) {
        return run(id, RunStatus.PENDING, null, "s", "", NOW).ownedBy(owner, 1);
    }

    @Test
    void theTurnsOfASessionGoRoundInTheOrderOfTheirEntry() {
        assumeTrue(store().keepsTurns(), "the store does not keep turns");
        store().register("a");
        store().register("b");
        assertThat(store().enter(turn("1", "a"), SessionPolicy.QUEUE).result()).isEqualTo(Result.HAS_TURN);
        assertThat(store().enter(turn("2", "b"), SessionPolicy.QUEUE).result()).isEqualTo(Result.WAITS);
        assertThat(store().enter(turn("3", "a"), SessionPolicy.QUEUE).result()).isEqualTo(Result.WAITS);
        assertThat(store().enter(turn("2", "a"), SessionPolicy.QUEUE).result()).isEqualTo(Result.ID_USED);
        assertThat(store().turns("a")).isEmpty();
        assertThat(store().turns("b")).isEmpty();
        store().finish(run("1", RunStatus.COMPLETED, null, "s", "", NOW).ownedBy("a", 1), List.of());
        assertThat(store().turns("a")).isEmpty();
        assertThat(store().turns("b")).containsExactly("2");
        died("b");
        assertThat(store().turns("a")).as("the dead hold up nobody").containsExactly("3");
    }

    @Test
    void aBusySessionRefusesRunsThatAreToBeAlone() {
        assumeTrue(store().keepsTurns(), "the store does not keep turns");
        store().register("a");
        store().register("b");
        assertThat(store().enter(turn("1", "a"), SessionPolicy.REJECT).result()).isEqualTo(Result.HAS_TURN);
        var refused = store().enter(turn("2", "b"), SessionPolicy.REJECT);
        assertThat(refused.result()).isEqualTo(Result.BUSY);
        assertThat(refused.other()).isEqualTo("1");
        assertThat(store().run("2")).isEmpty();
        store().update(run("1", RunStatus.PAUSED, null, "s", "", NOW).ownedBy("a", 1));
        assertThat(store().enter(turn("2", "b"), SessionPolicy.REJECT).result()).isEqualTo(Result.BUSY);
        assertThat(store().enter(turn("3", "b"), SessionPolicy.QUEUE).result())
                .as("a paused run has given its turn away")
                .isEqualTo(Result.HAS_TURN);
    }

    // ---- leases

    @Test
    void aLeaseIsRenewedUntilItsOwnerIsDeregistered() {
        store().register("a");
        assertThat(store().renew("a")).isTrue();
        assertThat(store().poll("a")).isEqualTo(Updates.NONE);
        store().deregister("a");
        assertThat(store().renew("a")).isFalse();
        assertThat(store().renew("nobody")).isFalse();
    }

    @Test
    void aRenewedLeaseLastsLongerThanItsFirstTerm() {
        try (var shortLived = store(SHORT_LEASE)) {
            shortLived.register("a");
            insert("run", RunStatus.RUNNING, null, "a");
            var firstTermEnds = System.nanoTime() + SHORT_LEASE.toNanos();
            var isSecondTermKnown = false;
            while (!isSecondTermKnown) {
                var before = System.nanoTime();
                assertThat(shortLived.renew("a")).isTrue();
                var dead = store().poll("b").deadOwners();
                var after = System.nanoTime();
                // An answer that took longer than a lease says nothing.
                if (after - before < SHORT_LEASE.toNanos()) {
                    assertThat(dead).isEmpty();
                    isSecondTermKnown = after > firstTermEnds;
                }
            }
        }
    }

    @Test
    void anOwnerWithoutALeaseAndWithRunsIsDead() {
        store().register("a");
        store().register("b");
        insert("run", RunStatus.RUNNING, null, "a");
        assertThat(store().poll("b").deadOwners()).isEmpty();
        assertThat(store().endRunsOf("a")).as("it lives").isEmpty();
        died("a");
        assertThat(store().poll("b").deadOwners()).containsExactly("a");
        assertThat(store().poll(null).deadOwners()).containsExactly("a");
        assertThat(store().poll("a").deadOwners()).isEmpty();
    }

    @Test
    void theRunsOfTheDeadAreEndedWithWhatWasStoredOfThem() {
        store().register("a");
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
        assertThat(store().poll("b").deadOwners()).doesNotContain("a");
    }

    @Test
    void aRunThatSaidNothingHasAValidConversationWhenItIsEnded() {
        store().insert(run("run", RunStatus.PENDING, null, "s").ownedBy("a", 1));
        store().endRunsOf("a");
        assertThat(row("run").messages()).hasSize(2);
    }

    @Test
    void aRunThatWasAskedToStopEndsCancelledWhenItsOwnerHasDied() {
        store().register("a");
        insert("run", RunStatus.RUNNING, null, "a");
        insert("child", RunStatus.RUNNING, "run", "a");
        store().append(List.of(event("run", 3, "so far")));
        store().requestCancel("run", REQUEST);
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
        store().register("a");
        var run = insert("run", RunStatus.RUNNING, null, "a");
        store().update(paused(run, "a", 1));
        insert("child", RunStatus.PAUSED, "run", "a");
        insert("lost", RunStatus.RUNNING, null, "a");
        insert("paused part", RunStatus.PAUSED, "lost", "a");
        died("a");
        assertThat(store().endRunsOf("a")).extracting(StoredRun::runId).containsExactly("paused part", "lost");
        assertThat(row("run")).isEqualTo(paused(run, "a", 1).ownedBy(null, 2));
        assertThat(row("child").status()).isEqualTo(RunStatus.PAUSED);
        assertThat(store().poll("b").deadOwners()).isEmpty();
    }

    // ---- stops

    @Test
    void aStopIsKeptForTheOwnerUntilItIsAcknowledged() {
        store().register("a");
        insert("run", RunStatus.RUNNING, null, "a");
        var asked = store().requestCancel("run", REQUEST).orElseThrow();
        assertThat(asked.outcome()).isEqualTo(Outcome.REQUESTED);
        assertThat(asked.acknowledged()).isFalse();
        assertThat(store().isAcknowledged("run")).isFalse();
        assertThat(store().poll("b").cancelRequests()).isEmpty();
        assertThat(store().poll("a").cancelRequests()).containsExactly(new CancelRequests("run", List.of(REQUEST)));
        store().acknowledge("b", store().poll("b"));
        assertThat(store().isAcknowledged("run"))
                .as("only its owner acknowledges it")
                .isFalse();
        store().acknowledge("a", store().poll("a"));
        assertThat(store().isAcknowledged("run")).isTrue();
        assertThat(store().poll("a")).isEqualTo(Updates.NONE);
    }

    @Test
    void aRequestThatComesBetweenThePollAndItsAcknowledgementStaysUnacknowledged() {
        store().register("a");
        insert("run", RunStatus.RUNNING, null, "a");
        var soft = CancelRequest.afterTurn().reason("soon");
        store().requestCancel("run", soft);
        var seen = store().poll("a");
        store().requestCancel("run", REQUEST);
        store().acknowledge("a", seen);
        assertThat(store().isAcknowledged("run")).isFalse();
        var next = store().poll("a");
        assertThat(next.cancelRequests()).containsExactly(new CancelRequests("run", List.of(soft, REQUEST)));
        store().acknowledge("a", next);
        assertThat(store().isAcknowledged("run")).isTrue();
        assertThat(store().poll("a")).isEqualTo(Updates.NONE);
    }

    @Test
    void aRunThatIsLostAgainBetweenThePollAndItsAcknowledgementIsReportedAgain() {
        store().register("a");
        store().register("b");
        var run = insert("run", RunStatus.RUNNING, null, "a");
        store().update(paused(run, "a", 1));
        store().adopt("run", 1, "b");
        var seen = store().poll("a");
        store().update(paused(run, "b", 2));
        store().adopt("run", 2, "a");
        store().update(paused(run, "a", 3));
        store().adopt("run", 3, "c");
        store().acknowledge("a", seen);
        assertThat(store().poll("a").lostRuns()).containsExactly(new LostRun("run", 4));
    }

    @Test
    void onlyAStrongerStopIsAddedToAnEarlierOne() {
        store().register("a");
        insert("run", RunStatus.RUNNING, null, "a");
        var soft = CancelRequest.afterTurn().reason("soon");
        store().requestCancel("run", soft);
        store().acknowledge("a", store().poll("a"));
        assertThat(store().requestCancel("run", CancelRequest.afterStep()))
                .get()
                .satisfies(asked -> {
                    assertThat(asked.outcome()).isEqualTo(Outcome.ALREADY_REQUESTED);
                    assertThat(asked.acknowledged()).isTrue();
                });
        assertThat(store().requestCancel("run", REQUEST).orElseThrow().outcome())
                .isEqualTo(Outcome.UPGRADED);
        assertThat(store().poll("a").cancelRequests())
                .containsExactly(new CancelRequests("run", List.of(soft, REQUEST)));
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
        assertThat(store().requestCancel("unknown", REQUEST)).isEmpty();
        assertThat(store().requestCancel("run", REQUEST))
                .contains(new SharedStore.CancelReceipt(ended, Outcome.ALREADY_FINISHED, true));
        assertThat(row("run")).isEqualTo(ended);
        assertThat(store().isAcknowledged("unknown")).isTrue();
    }

    @Test
    void aRunOfADeadOwnerIsStoppedAtOnce() {
        insert("run", RunStatus.RUNNING, null, "dead");
        var asked = store().requestCancel("run", REQUEST).orElseThrow();
        assertThat(asked.acknowledged()).isTrue();
        assertThat(asked.run()).isEqualTo(row("run"));
        assertThat(row("run").status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(requireNonNull(row("run").cause()).actor()).isEqualTo("ann");
    }

    @Test
    void aPausedRunIsStoppedAtOnceAndItsOwnerIsNotified() {
        store().register("a");
        var run = insert("run", RunStatus.RUNNING, null, "a");
        insert("child", RunStatus.PAUSED, "run", "a");
        store().update(paused(run, "a", 1));
        var asked = store().requestCancel("run", REQUEST).orElseThrow();
        assertThat(asked.outcome()).isEqualTo(Outcome.REQUESTED);
        assertThat(asked.acknowledged()).isTrue();
        assertThat(row("run").status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(row("run").pause()).isNull();
        assertThat(row("child").status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(store().adopt("run", 1, "a"))
                .as("an approval comes too late")
                .isEmpty();
        assertThat(store().poll("a").lostRuns()).extracting(LostRun::runId).containsExactly("run");
        store().acknowledge("a", store().poll("a"));
        assertThat(store().poll("a")).isEqualTo(Updates.NONE);
    }

    @Test
    void theOwnerOfALiveRunInADeletedSessionIsAskedToStopIt() {
        store().register("a");
        store().register("b");
        insert("run", RunStatus.RUNNING, null, "a");
        insert("child", RunStatus.RUNNING, "run", "a");
        insert("ended", RunStatus.COMPLETED, null, "b");
        insert("of the dead", RunStatus.RUNNING, null, "nobody");
        var soft = CancelRequest.afterTurn().reason("soon");
        store().requestCancel("run", soft);
        store().acknowledge("a", store().poll("a"));
        assertThat(store().delete(List.of("s"))).isEqualTo(1);
        assertThat(store().run("run")).isEmpty();
        assertThat(store().poll("b")).isEqualTo(Updates.NONE);
        var seen = store().poll("a");
        assertThat(seen.cancelRequests()).singleElement().satisfies(requests -> {
            assertThat(requests.runId()).isEqualTo("run");
            assertThat(requests.requests()).hasSize(2).first().isEqualTo(soft);
            assertThat(requests.requests().getLast().mode()).isEqualTo(CancelMode.NOW);
            assertThat(requests.requests().getLast().reason()).contains("session s was deleted");
        });
        assertThat(store().insert(
                                run("late child", RunStatus.PENDING, "run", "s").ownedBy("a", 1)))
                .as("it would bring the session back")
                .isFalse();
        assertThat(store().session("s")).isEmpty();
        store().acknowledge("a", seen);
        assertThat(store().poll("a")).isEqualTo(Updates.NONE);
        assertThat(store().insert(run("new", RunStatus.PENDING, null, "s"))).isTrue();
    }

    @Test
    void nothingIsKeptForAnOwnerThatIsDeregistered() {
        store().register("a");
        insert("run", RunStatus.RUNNING, null, "a");
        store().delete(List.of("s"));
        store().deregister("a");
        assertThat(store().poll("a")).isEqualTo(Updates.NONE);
        assertThat(store().poll("b")).isEqualTo(Updates.NONE);
    }

    // ---- paused runs

    @Test
    void aPausedRunIsAdoptedByOne() {
        store().register("a");
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
        assertThat(store().poll("a").lostRuns()).extracting(LostRun::runId).containsExactly("run");
        store().update(paused(run, "a", 1));
        assertThat(row("run")).as("the former owner can't write any more").isEqualTo(adopted);
    }

    @Test
    void whoAdoptsARunHasAllBelowIt() {
        store().register("a");
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
        assertThat(store().poll("a").lostRuns())
                .as("it learns of the tree")
                .extracting(LostRun::runId)
                .containsExactly("run");
        assertThat(row("ended").owner()).isEqualTo("a");
        assertThat(row("of another tree").owner()).isEqualTo("a");
        died("b");
        store().endRunsOf("b");
        assertThat(row("child").status()).as("with its tree").isEqualTo(RunStatus.ERROR);
    }

    @Test
    void anOwnersOwnPausedRunGoesOnInItsEpoch() {
        store().register("a");
        store().update(paused(insert("run", RunStatus.RUNNING, null, "a"), "a", 1));
        assertThat(store().adopt("run", 1, "a").orElseThrow().epoch()).isEqualTo(1);
        assertThat(store().poll("a")).isEqualTo(Updates.NONE);
    }

    @Test
    void aPausedRunCanBeReleasedToOthers() {
        store().register("a");
        var run = insert("run", RunStatus.RUNNING, null, "a");
        var child = insert("child", RunStatus.PAUSED, "run", "a");
        store().update(paused(run, "a", 1));
        store().register("b");
        assertThat(store().release("a", List.of("run"))).containsExactly("run");
        assertThat(row("run").owner()).isNull();
        assertThat(row("child")).isEqualTo(child.ownedBy(null, 2));
        assertThat(store().finish(run("run", RunStatus.CANCELLED, null, "s").ownedBy("a", 1), List.of())
                        .run()
                        .status())
                .isEqualTo(RunStatus.PAUSED);
        assertThat(store().adopt("run", row("run").epoch(), "b")).isPresent();
        assertThat(store().poll("a")).isEqualTo(Updates.NONE);
    }

    @Test
    void onlyThePausedRunsOfTheirOwnerAreReleased() {
        store().register("a");
        store().register("b");
        var running = insert("running", RunStatus.RUNNING, null, "a");
        var below = insert("below", RunStatus.PAUSED, "running", "a");
        var ended = insert("ended", RunStatus.COMPLETED, null, "a");
        var ofAnother = insert("of another", RunStatus.RUNNING, null, "b");
        store().update(paused(ofAnother, "b", 1));
        assertThat(store().release("a", List.of("running", "below", "ended", "of another", "unknown")))
                .isEmpty();
        assertThat(row("running")).isEqualTo(running);
        assertThat(row("below")).isEqualTo(below);
        assertThat(row("ended")).isEqualTo(ended);
        assertThat(row("of another").owner()).isEqualTo("b");
    }
}
