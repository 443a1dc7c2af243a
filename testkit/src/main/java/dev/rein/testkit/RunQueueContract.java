package dev.rein.testkit;

import static dev.rein.testkit.SampleRuns.NOW;
import static dev.rein.testkit.SampleRuns.event;
import static dev.rein.testkit.SampleRuns.paused;
import static dev.rein.testkit.SampleRuns.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.cancel.CancelCause;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.cancel.CancelStage;
import dev.rein.queue.DurableOptions;
import dev.rein.queue.PlaceQuery;
import dev.rein.queue.PlaceState;
import dev.rein.queue.QueuedRun;
import dev.rein.queue.RunQueue;
import dev.rein.queue.RunQueue.Claim;
import dev.rein.queue.RunQueue.Claimable;
import dev.rein.queue.RunQueue.Enqueued;
import dev.rein.run.CancelResult.Outcome;
import dev.rein.run.ComponentKind;
import dev.rein.run.RunFailure;
import dev.rein.run.RunStatus;
import dev.rein.session.SessionPolicy;
import dev.rein.session.StateChange;
import dev.rein.session.StoredRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every {@link RunQueue} must do besides, as JUnit tests. */
public abstract class RunQueueContract extends SharedStoreContract {
    private static final String WORKER = "worker";

    private static final List<Claimable> AGENT = List.of(new Claimable(ComponentKind.AGENT, "agent", 100));

    @Override
    protected abstract RunQueue store();

    private static StoredRun pending(String id, @Nullable String session) {
        return StoredRun.builder(id, ComponentKind.AGENT, "agent")
                .sessionId(session)
                .epoch(1)
                .createdAt(NOW)
                .build();
    }

    private static QueuedRun place(String id, int priority, DurableOptions options, boolean inOrder) {
        return new QueuedRun(
                id,
                ComponentKind.AGENT,
                "agent",
                priority,
                options.notBefore(),
                0,
                options.attempts(),
                options.backoff(),
                inOrder,
                options.idempotencyKey(),
                Map.of("limits", Map.of("tokens", 7)),
                true,
                null);
    }

    private Enqueued enqueue(String id, DurableOptions options) {
        return store().enqueue(
                        pending(id, "s"), place(id, 0, options, false), SessionPolicy.ALLOW, options.maxQueued());
    }

    private Enqueued.Result enqueueInOrder(String id, SessionPolicy policy) {
        var inOrder = policy == SessionPolicy.QUEUE;
        return store().enqueue(pending(id, "s"), place(id, 0, DurableOptions.defaults(), inOrder), policy, 100)
                .result();
    }

    private void enqueue(String id) {
        assertThat(enqueue(id, DurableOptions.defaults()).result()).isEqualTo(Enqueued.Result.QUEUED);
    }

    private List<String> claim(int most) {
        return store().claim(WORKER, AGENT, most).stream()
                .map(claim -> claim.run().runId())
                .toList();
    }

    private Claim claimOne() {
        var claims = store().claim(WORKER, AGENT, 1);
        assertThat(claims).hasSize(1);
        return claims.getFirst();
    }

    private StoredRun stored(String id) {
        return store().run(id).orElseThrow();
    }

    private QueuedRun queued(String id) {
        return store().queued(id).orElseThrow();
    }

    private StoredRun failed(Claim claim) {
        return claim.run().ended(RunStatus.ERROR, null, null, new RunFailure("Broken", "it broke", null), NOW);
    }

    private static StoredRun cancelled(Claim claim, CancelKind kind) {
        return claim.run()
                .ended(RunStatus.CANCELLED, new CancelCause(kind, "it ended", null, NOW), CancelMode.NOW, null, NOW);
    }

    // ---- in

    @Test
    void aQueuedRunIsPendingAndHasNoOwner() {
        enqueue("run", DurableOptions.defaults().idempotencyKey("key").attempts(5));
        assertThat(stored("run").status()).isEqualTo(RunStatus.PENDING);
        assertThat(stored("run").owner()).isNull();
        assertThat(queued("run"))
                .isEqualTo(place(
                        "run",
                        0,
                        DurableOptions.defaults().idempotencyKey("key").attempts(5),
                        false));
        assertThat(store().queued("other")).isEmpty();
    }

    @Test
    void aKeyIsThatOfOneRunAlsoAfterItsEnd() {
        var options = DurableOptions.defaults().idempotencyKey("key");
        enqueue("first", options);
        var second = enqueue("second", options);
        assertThat(second.result()).isEqualTo(Enqueued.Result.KEY_USED);
        assertThat(second.other()).isEqualTo(stored("first"));
        store().requestCancel("first", CancelRequest.now());
        assertThat(enqueue("third", options).result()).isEqualTo(Enqueued.Result.KEY_USED);
        assertThat(store().run("second")).isEmpty();
    }

    @Test
    void ofManyStartsWithOneKeyAtTheSameTimeOneIsStored() throws Exception {
        var options = DurableOptions.defaults().idempotencyKey("key");
        var results = atOnce(8, i -> enqueue("run " + i, options).result());
        assertThat(results).containsOnlyOnce(Enqueued.Result.QUEUED);
        assertThat(results).filteredOn(Enqueued.Result.KEY_USED::equals).hasSize(7);
        assertThat(claim(10)).isEmpty();
        store().register(WORKER);
        assertThat(claim(10)).hasSize(1);
    }

    @Test
    void theQueueIsBoundedAlsoForStartsAtTheSameTime() throws Exception {
        var options = DurableOptions.defaults().maxQueued(3);
        var results = atOnce(8, i -> enqueue("run " + i, options).result());
        assertThat(results).filteredOn(Enqueued.Result.QUEUED::equals).hasSize(3);
        assertThat(results).filteredOn(Enqueued.Result.FULL::equals).hasSize(5);
        store().register(WORKER);
        assertThat(claim(1)).hasSize(1);
        assertThat(enqueue("next", options).result()).isEqualTo(Enqueued.Result.QUEUED);
    }

    @Test
    void anIdIsUsedOnce() {
        enqueue("run");
        assertThat(enqueue("run", DurableOptions.defaults()).result()).isEqualTo(Enqueued.Result.ID_USED);
    }

    // ---- claims

    @Test
    void theHighestPriorityIsClaimedFirstAndThenTheOldest() {
        store().register(WORKER);
        for (var each : List.of("a", "b", "c")) {
            store().enqueue(
                            pending(each, null),
                            place(each, each.equals("c") ? 9 : 0, DurableOptions.defaults(), false),
                            SessionPolicy.ALLOW,
                            100);
        }
        assertThat(claim(1)).containsExactly("c");
        assertThat(claim(5)).containsExactly("a", "b");
        assertThat(claim(5)).isEmpty();
    }

    @Test
    void aClaimHasTheOwnerAHigherEpochAndTheIndexOfTheNextEvent() {
        store().register(WORKER);
        enqueue("run");
        store().append(List.of(event("run", 4, "text")));
        var claim = claimOne();
        assertThat(claim.run().owner()).isEqualTo(WORKER);
        assertThat(claim.run().epoch()).isEqualTo(2);
        assertThat(claim.nextIndex()).isEqualTo(5);
        assertThat(claim.place().attempt()).isEqualTo(1);
        assertThat(claim.place().options()).isEqualTo(Map.of("limits", Map.of("tokens", 7)));
    }

    @Test
    void aProcessClaimsOnlyWhatItCanRunAndAsManyAsItSays() {
        store().register(WORKER);
        enqueue("a");
        enqueue("b");
        enqueue("c");
        assertThat(store().claim(WORKER, List.of(new Claimable(ComponentKind.TEAM, "agent", 9)), 9))
                .isEmpty();
        assertThat(store().claim(WORKER, List.of(new Claimable(ComponentKind.AGENT, "other", 9)), 9))
                .isEmpty();
        assertThat(store().claim(WORKER, List.of(new Claimable(ComponentKind.AGENT, "agent", 2)), 9))
                .hasSize(2);
    }

    @Test
    void aProcessWithoutALeaseClaimsNothing() {
        enqueue("run");
        assertThat(claim(1)).isEmpty();
    }

    @Test
    void nobodyClaimsARunBeforeItsTime() {
        store().register(WORKER);
        enqueue("later", DurableOptions.defaults().notBefore(Instant.now().plusSeconds(3_600)));
        enqueue("now", DurableOptions.defaults().notBefore(Instant.now().minusSeconds(3_600)));
        assertThat(claim(5)).containsExactly("now");
    }

    @Test
    void everyRunIsClaimedOnceByProcessesAtTheSameTime() throws Exception {
        store().register(WORKER);
        IntStream.range(0, 60).forEach(i -> enqueue("run " + i));
        var claimed = atOnce(6, _ -> {
            var all = new ArrayList<String>();
            for (var some = claim(3); !some.isEmpty(); some = claim(3)) {
                all.addAll(some);
            }
            return all;
        });
        var all = claimed.stream().flatMap(List::stream).toList();
        // Those that others had locked are left out, and found by the next claim.
        var rest = claim(60);
        assertThat(all.size() + rest.size()).isEqualTo(60);
        var distinct = new HashSet<>(all);
        distinct.addAll(rest);
        assertThat(distinct).hasSize(60);
    }

    @Test
    void runsOfASessionInOrderAreClaimedOneAfterTheOther() {
        store().register(WORKER);
        enqueueInOrder("first", SessionPolicy.QUEUE);
        enqueueInOrder("second", SessionPolicy.QUEUE);
        var first = claimOne();
        assertThat(first.run().runId()).isEqualTo("first");
        assertThat(claim(5)).isEmpty();
        store().finish(first.run().ended(RunStatus.COMPLETED, null, null, null, NOW), List.of());
        assertThat(claim(5)).containsExactly("second");
    }

    @Test
    void aRunInOrderWaitsForOneThatIsNotDurable() {
        store().register(WORKER);
        store().enter(run("direct", RunStatus.PENDING, null, "s", "", NOW).ownedBy(WORKER, 1), SessionPolicy.QUEUE);
        enqueueInOrder("durable", SessionPolicy.QUEUE);
        assertThat(claim(5)).isEmpty();
        store().finish(run("direct", RunStatus.COMPLETED, null, "s", "", NOW).ownedBy(WORKER, 1), List.of());
        assertThat(claim(5)).containsExactly("durable");
    }

    @Test
    void aRunThatIsNotDurableWaitsForAQueuedOne() {
        store().register(WORKER);
        enqueueInOrder("durable", SessionPolicy.QUEUE);
        var direct = run("direct", RunStatus.PENDING, null, "s", "", NOW).ownedBy(WORKER, 1);
        assertThat(store().enter(direct, SessionPolicy.QUEUE).other()).isEqualTo("durable");
        assertThat(enqueueInOrder("rejected", SessionPolicy.REJECT)).isEqualTo(Enqueued.Result.BUSY);
        assertThat(store().turns(WORKER)).isEmpty();
        store().requestCancel("durable", CancelRequest.now());
        assertThat(store().turns(WORKER)).containsExactly("direct");
    }

    @Test
    void aProcessFindsWhatItHasClaimed() {
        store().register(WORKER);
        enqueue("a");
        enqueue("b");
        var claim = claimOne();
        assertThat(store().claims(WORKER)).containsExactly(claim);
        assertThat(store().claims("other")).isEmpty();
        store().finish(claim.run().ended(RunStatus.COMPLETED, null, null, null, NOW), List.of());
        assertThat(store().claims(WORKER)).isEmpty();
    }

    // ---- lists

    private List<String> listed(PlaceQuery query) {
        return store().places(query).items().stream()
                .map(place -> place.run().runId() + " " + place.state())
                .toList();
    }

    @Test
    void placesAreListedByWhatHasBecomeOfTheirRuns() {
        store().register(WORKER);
        enqueue("done", DurableOptions.defaults().idempotencyKey("key"));
        store().finish(claimOne().run().ended(RunStatus.COMPLETED, null, null, null, NOW), List.of());
        enqueue("broken", DurableOptions.defaults().attempts(1));
        store().finish(failed(claimOne()), List.of());
        enqueue("works");
        claimOne();
        enqueue("stopped");
        store().requestCancel("stopped", CancelRequest.now());
        enqueue("waits");

        assertThat(listed(PlaceQuery.all()))
                .containsExactly(
                        "waits QUEUED", "stopped CANCELLED", "works RUNNING", "broken FAILED", "done COMPLETED");
        assertThat(listed(PlaceQuery.all()
                        .states(Set.of(PlaceState.FAILED, PlaceState.QUEUED))
                        .oldestFirst(true)))
                .containsExactly("broken FAILED", "waits QUEUED");
        var second = store().places(PlaceQuery.all().page(2, 2));
        assertThat(second.total()).isEqualTo(5);
        assertThat(second.items()).extracting(place -> place.run().runId()).containsExactly("works", "broken");
        assertThat(store().places(PlaceQuery.all().oldestFirst(true))
                        .items()
                        .getFirst()
                        .run())
                .isEqualTo(queued("done"));
    }

    @Test
    void placesAreThoseOfASessionAndAUser() {
        for (var user : List.of("ann", "bob")) {
            var run = StoredRun.builder(user, ComponentKind.AGENT, "agent")
                    .sessionId("s-" + user)
                    .userId(user)
                    .epoch(1)
                    .createdAt(NOW)
                    .build();
            store().enqueue(run, place(user, 0, DurableOptions.defaults(), false), SessionPolicy.ALLOW, 100);
        }
        assertThat(listed(PlaceQuery.all().userId("ann"))).containsExactly("ann QUEUED");
        assertThat(listed(PlaceQuery.all().sessionId("s-bob"))).containsExactly("bob QUEUED");
        assertThat(listed(PlaceQuery.all().sessionId("s-bob").userId("ann"))).isEmpty();
    }

    // ---- stops

    @Test
    void aStopOfAQueuedRunEndsItAtOnce() {
        store().register(WORKER);
        enqueue("run");
        var receipt = store().requestCancel("run", CancelRequest.now().reason("enough"))
                .orElseThrow();
        assertThat(receipt.outcome()).isEqualTo(Outcome.REQUESTED);
        assertThat(receipt.acknowledged()).isTrue();
        assertThat(stored("run").status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(stored("run").cause()).returns(CancelStage.PENDING, CancelCause::stage);
        assertThat(queued("run").isQueued()).isFalse();
        assertThat(claim(1)).isEmpty();
    }

    @Test
    void aStopBetweenTheClaimAndItsReturnIsNotLost() {
        store().register(WORKER);
        enqueue("run");
        var claim = claimOne();
        assertThat(store().requestCancel("run", CancelRequest.now())
                        .orElseThrow()
                        .acknowledged())
                .isFalse();
        store().unclaim(claim, 0);
        assertThat(stored("run").status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(claim(1)).isEmpty();
    }

    @Test
    void aStopWhileItsProcessDiesIsNotLost() {
        store().register(WORKER);
        enqueue("run");
        claimOne();
        store().requestCancel("run", CancelRequest.now());
        store().deregister(WORKER);
        store().endRunsOf(WORKER);
        assertThat(stored("run").status()).isEqualTo(RunStatus.CANCELLED);
    }

    @Test
    void aStopWhileAnExecutionFailsEndsTheRun() {
        store().register(WORKER);
        enqueue("run");
        var claim = claimOne();
        store().requestCancel("run", CancelRequest.now());
        assertThat(store().finish(failed(claim), List.of()).run().status().isTerminal())
                .isTrue();
        assertThat(claim(1)).isEmpty();
    }

    // ---- again

    @Test
    void aReturnedClaimDoesNotCountAndIsFencedOff() {
        store().register(WORKER);
        enqueue("run");
        var first = claimOne();
        assertThat(store().unclaim(first, 0)).isTrue();
        assertThat(store().unclaim(first, 0)).isFalse();
        var second = claimOne();
        assertThat(second.place().attempt()).isEqualTo(1);
        assertThat(second.run().epoch()).isGreaterThan(first.run().epoch());
        assertThat(store().unclaim(first, 0)).isFalse();
        assertThat(store().unclaim(second, 3_600_000)).isTrue();
        assertThat(claim(1)).isEmpty();
    }

    @Test
    void aFailedExecutionIsFollowedByAnotherUntilNoneIsLeft() {
        store().register(WORKER);
        enqueue("run", DurableOptions.defaults().attempts(2).backoff(Duration.ZERO));
        var first = claimOne();
        var finished = store().finish(failed(first), List.of(new StateChange("key", null, 1)));
        assertThat(finished.run().status()).isEqualTo(RunStatus.PENDING);
        assertThat(finished.run().owner()).isNull();
        assertThat(queued("run").error()).contains("it broke");
        assertThat(store().session("s").orElseThrow().state()).isEmpty();
        var second = claimOne();
        assertThat(second.place().attempt()).isEqualTo(2);
        assertThat(store().finish(failed(second), List.of()).run().status()).isEqualTo(RunStatus.ERROR);
        assertThat(claim(1)).isEmpty();
    }

    @Test
    void anExecutionThatHasFailedIsFollowedByAWait() {
        store().register(WORKER);
        enqueue("run", DurableOptions.defaults().backoff(Duration.ofHours(1)));
        store().finish(failed(claimOne()), List.of());
        assertThat(queued("run").isQueued()).isTrue();
        assertThat(claim(1)).isEmpty();
    }

    @Test
    void whatAGuardrailHasEndedIsNotRepeated() {
        store().register(WORKER);
        enqueue("run");
        var end = claimOne()
                .run()
                .ended(RunStatus.ERROR, null, null, new RunFailure("Refused", "no", null, "judge"), NOW);
        assertThat(store().finish(end, List.of()).run().status()).isEqualTo(RunStatus.ERROR);
    }

    @Test
    void aProcessThatEndsHandsItsRunsOver() {
        store().register(WORKER);
        enqueue("run", DurableOptions.defaults().attempts(1));
        store().finish(cancelled(claimOne(), CancelKind.SHUTDOWN), List.of());
        var again = claimOne();
        assertThat(again.place().attempt()).isEqualTo(1);
        assertThat(store().finish(cancelled(again, CancelKind.USER), List.of())
                        .run()
                        .status())
                .isEqualTo(RunStatus.CANCELLED);
    }

    @Test
    void theRunsOfADeadProcessAreExecutedAgainUntilNoAttemptIsLeft() {
        store().register(WORKER);
        enqueue("run", DurableOptions.defaults().attempts(2));
        var first = claimOne();
        store().insert(run("child", RunStatus.RUNNING, "run", "s", "", NOW).ownedBy(WORKER, 1));
        store().deregister(WORKER);
        store().endRunsOf(WORKER);
        assertThat(stored("run").status()).isEqualTo(RunStatus.PENDING);
        assertThat(queued("run").error()).contains("has ended, or was suspended");
        store().register("other");
        var second = store().claim("other", AGENT, 1).getFirst();
        assertThat(second.run().epoch()).isGreaterThan(first.run().epoch());
        store().deregister("other");
        store().endRunsOf("other");
        assertThat(stored("run").status()).isEqualTo(RunStatus.ERROR);
        assertThat(queued("run").isQueued()).isFalse();
    }

    @Test
    void aRunWhoseProcessDiesWhileItEndsIsNotStopped() {
        store().register(WORKER);
        enqueue("run");
        var claim = claimOne();
        // It has told of the shutdown, and was killed before it could hand the run over.
        store().update(cancelled(claim, CancelKind.SHUTDOWN).toBuilder()
                .status(RunStatus.CANCELLING)
                .endedAt(null)
                .build());
        store().deregister(WORKER);
        store().endRunsOf(WORKER);
        assertThat(stored("run").status()).isEqualTo(RunStatus.PENDING);
        assertThat(stored("run").cause()).isNull();
    }

    @Test
    void aProcessThatHasLostARunWritesNothing() {
        store().register(WORKER);
        enqueue("run");
        var lost = claimOne();
        store().deregister(WORKER);
        store().endRunsOf(WORKER);
        store().register("other");
        var mine = store().claim("other", AGENT, 1).getFirst();
        var late = lost.run().toBuilder().status(RunStatus.RUNNING).text("late").build();
        store().save(List.of(late), List.of(event("run", 0, "text")));
        assertThat(store().insert(run("child", RunStatus.RUNNING, "run", "s", "", NOW)
                        .ownedBy(WORKER, 1)))
                .isFalse();
        var end = lost.run().ended(RunStatus.COMPLETED, null, null, null, NOW);
        assertThat(store().finish(end, List.of(new StateChange("key", null, 1)), List.of(event("run", 1, "text")))
                        .run())
                .isEqualTo(mine.run());
        assertThat(store().finish(failed(lost), List.of()).run()).isEqualTo(mine.run());
        assertThat(stored("run")).isEqualTo(mine.run());
        assertThat(store().events("run", -1, 10)).isEmpty();
        assertThat(store().session("s").orElseThrow().state()).isEmpty();
    }

    @Test
    void aCheckpointIsWrittenByTheProcessThatHasTheRun() {
        store().register(WORKER);
        enqueue("run");
        var claim = claimOne();
        var first =
                claim.run().toBuilder().status(RunStatus.RUNNING).text("so far").build();
        assertThat(store().checkpoint(first)).isTrue();
        assertThat(stored("run").text()).isEqualTo("so far");
        store().unclaim(claim, 0);
        assertThat(store().checkpoint(first.toBuilder().text("late").build())).isFalse();
        var again = claimOne();
        assertThat(again.run().text()).isEqualTo("so far");
        assertThat(again.run().status()).isEqualTo(RunStatus.PENDING);
    }

    @Test
    void aRunThatSomebodyHasContinuedIsNotExecutedAgain() {
        store().register(WORKER);
        enqueue("run");
        var claim = claimOne();
        store().update(paused(claim.run(), WORKER, claim.run().epoch()));
        store().adopt("run", claim.run().epoch(), WORKER);
        assertThat(store().claims(WORKER)).isEmpty();
        store().deregister(WORKER);
        store().endRunsOf(WORKER);
        assertThat(stored("run").status()).isEqualTo(RunStatus.ERROR);
    }

    @Test
    void theQueueForgetsRunsWithTheirSession() {
        store().register(WORKER);
        enqueue("run", DurableOptions.defaults().idempotencyKey("key"));
        store().delete(List.of("s"));
        assertThat(store().queued("run")).isEmpty();
        assertThat(claim(1)).isEmpty();
        assertThat(enqueue("again", DurableOptions.defaults().idempotencyKey("key"))
                        .result())
                .isEqualTo(Enqueued.Result.QUEUED);
    }

    private interface Action<T> {
        T call(int i) throws Exception;
    }

    /** Does something on several threads, which begin together. */
    private static <T> List<T> atOnce(int count, Action<T> action) throws Exception {
        var begin = new CyclicBarrier(count);
        try (var threads = Executors.newFixedThreadPool(count)) {
            var all = new ArrayList<T>();
            var tasks = IntStream.range(0, count)
                    .<Callable<T>>mapToObj(i -> () -> {
                        begin.await();
                        return action.call(i);
                    })
                    .toList();
            for (var each : threads.invokeAll(tasks)) {
                all.add(each.get());
            }
            return all;
        }
    }
}
