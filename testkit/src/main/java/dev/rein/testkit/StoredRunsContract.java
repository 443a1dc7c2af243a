package dev.rein.testkit;

import static dev.rein.testkit.SampleRuns.NOW;
import static dev.rein.testkit.SampleRuns.event;
import static dev.rein.testkit.SampleRuns.full;
import static dev.rein.testkit.SampleRuns.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.model.Image;
import dev.rein.run.ComponentKind;
import dev.rein.run.RunInput;
import dev.rein.run.RunStatus;
import dev.rein.run.event.RunEvent;
import dev.rein.session.RunPreview;
import dev.rein.session.RunQuery;
import dev.rein.session.SessionQuery;
import dev.rein.session.SessionStore;
import dev.rein.session.StateChange;
import dev.rein.session.StoredRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every {@link SessionStore} must do with runs and their events. */
abstract class StoredRunsContract {
    /** The store under test, empty. It is closed after the test. */
    protected abstract SessionStore store();

    @AfterEach
    void closeStore() {
        store().close();
    }

    static StoredRun pending(String id) {
        return run(id, RunStatus.PENDING, null, "s");
    }

    static StoredRun ended(String id, RunStatus status) {
        return run(id, status, null, "s");
    }

    /** Stores a run of session s from its start to its end. */
    SessionStore.Finished end(StoredRun run, List<StateChange> changes) {
        store().insert(pending(run.runId()));
        return store().finish(run, changes);
    }

    Map<String, Object> state() {
        return store().session("s").orElseThrow().state();
    }

    List<String> ids(RunQuery query) {
        return store().runs(query).items().stream().map(StoredRun::runId).toList();
    }

    // ---- runs

    @Test
    void anIdIsTakenOnce() {
        assertThat(store().insert(pending("a"))).isTrue();
        assertThat(store().insert(ended("a", RunStatus.COMPLETED))).isFalse();
        assertThat(store().run("a")).contains(pending("a"));
        assertThat(store().run("b")).isEmpty();
    }

    @Test
    void runsThatStartTogetherAreStoredInTheirOrderAndEachIdIsTakenOnce() {
        store().insert(pending("a"));
        assertThat(store().insert(List.of(pending("b"), pending("a"), pending("c"), pending("b"))))
                .containsExactly(true, false, true, false);
        assertThat(store().runs("s")).extracting(StoredRun::runId).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(store().insert(List.<StoredRun>of())).isEmpty();
    }

    @Test
    void everythingOfARunComesBack() {
        var run = full("a", "s");
        store().insert(run);
        assertThat(store().run("a")).contains(run);

        store().insert(run("b", RunStatus.PENDING, null, null));
        var end = full("b", "s2");
        store().finish(end, List.of());
        assertThat(store().run("b").orElseThrow().messages()).isEqualTo(end.messages());
    }

    @Test
    void whereALiveRunStandsIsStored() {
        store().insert(pending("a"));
        var paused = run("a", RunStatus.PAUSED, null, "s", "so far", NOW);
        store().update(paused);
        assertThat(store().run("a")).contains(paused);
        store().update(run("unknown", RunStatus.PAUSED, null, "s"));
        assertThat(store().run("unknown")).isEmpty();
    }

    /** Guardrails may replace it after the first row was written. */
    @Test
    void theInputOfARunIsUpdated() {
        store().insert(pending("a"));
        var image = Image.of(new byte[] {1, 2}, "image/png");
        store().update(pending("a").toBuilder().input(RunInput.of("checked")).build());
        assertThat(store().run("a").orElseThrow().input()).isEqualTo(RunInput.of("checked"));

        var last = RunInput.of("checked").image(image);
        store().finish(ended("a", RunStatus.ERROR).toBuilder().input(last).build(), List.of());
        assertThat(store().run("a").orElseThrow().input()).isEqualTo(last);
    }

    @Test
    void whatHasEndedIsNotUpdated() {
        var end = ended("a", RunStatus.CANCELLED);
        end(end, List.of());
        store().update(run("a", RunStatus.RUNNING, null, "s"));
        assertThat(store().run("a")).contains(end);
    }

    @Test
    void theFirstEndStaysAndIsTheAnswerToTheSecond() {
        store().insert(pending("a"));
        var first = ended("a", RunStatus.CANCELLED);
        assertThat(store().finish(first, List.of(new StateChange("k", null, 1))).run())
                .isEqualTo(first);
        var second = store().finish(ended("a", RunStatus.COMPLETED), List.of(new StateChange("k", null, 2)));
        assertThat(second.run()).isEqualTo(first);
        assertThat(store().run("a")).contains(first);
        assertThat(state()).isEqualTo(Map.of("k", 1));
    }

    @Test
    void runsThatEndTogetherAreStoredInTheirOrderAndEachByItself() {
        for (var id : List.of("a", "b", "c")) {
            store().insert(pending(id));
        }
        // Of a session that is not the last by its id, so that a store that sorts them has to put them back.
        store().insert(run("d", RunStatus.PENDING, null, "a session before"));
        var before = ended("b", RunStatus.CANCELLED);
        store().finish(before, List.of());
        var finished = store().finish(List.of(
                new SessionStore.End(
                        ended("c", RunStatus.COMPLETED), List.of(new StateChange("k", null, 1)), List.of()),
                new SessionStore.End(
                        ended("b", RunStatus.COMPLETED), List.of(new StateChange("k", null, 2)), List.of()),
                new SessionStore.End(ended("a", RunStatus.COMPLETED), List.of(), List.of()),
                new SessionStore.End(run("d", RunStatus.COMPLETED, null, "a session before"), List.of(), List.of())));
        assertThat(finished).extracting(each -> each.run().runId()).containsExactly("c", "b", "a", "d");
        assertThat(finished.get(1).run()).isEqualTo(before);
        assertThat(store().run("b")).contains(before);
        assertThat(store().run("a").orElseThrow().status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(store().run("c").orElseThrow().status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(state()).isEqualTo(Map.of("k", 1));
    }

    @Test
    void ofRunsThatEndTogetherAndLeaveTheirSessionAsItIsEachIsLookedAt() {
        for (var order : List.of(List.of("live", "over", "new"), List.of("new", "over", "live"))) {
            var ids = order.stream()
                    .map(name -> order.getFirst() + " first, " + name)
                    .toList();
            var live = ids.get(order.indexOf("live"));
            var over = ids.get(order.indexOf("over"));
            store().insert(pending(live));
            store().insert(pending(over));
            var before = ended(over, RunStatus.CANCELLED);
            store().finish(before, List.of());
            var finished = store().finish(ids.stream()
                    .map(id -> new SessionStore.End(
                            ended(id, RunStatus.COMPLETED), List.of(), List.of(event(id, 3, "last"))))
                    .toList());
            assertThat(finished).extracting(each -> each.run().runId()).containsExactlyElementsOf(ids);
            assertThat(store().run(live)).contains(ended(live, RunStatus.COMPLETED));
            assertThat(store().run(over)).contains(before);
            assertThat(store().run(ids.get(order.indexOf("new")))).isEmpty();
            for (var id : ids) {
                assertThat(store().events(id, -1, 10)).hasSize(id.equals(live) ? 1 : 0);
            }
            assertThat(finished.get(1).run()).isEqualTo(before);
            assertThat(finished)
                    .extracting(SessionStore.Finished::stored)
                    .containsExactlyElementsOf(
                            order.stream().map(name -> !name.equals("new")).toList());
        }
    }

    @Test
    void theEndOfARunWithoutARowIsNotStored() {
        var end = ended("a", RunStatus.COMPLETED);
        var finished = store().finish(end, List.of(new StateChange("k", null, 1)), List.of(event("a", 0, "last")));
        assertThat(finished).isEqualTo(SessionStore.Finished.notStored(end));
        assertThat(store().run("a")).isEmpty();
        assertThat(store().session("s")).isEmpty();
        assertThat(store().events("a", -1, 10)).isEmpty();
    }

    @Test
    void theEndOfARunInADeletedSessionBringsNeitherBack() {
        store().insert(pending("a"));
        store().insert(pending("b"));
        store().delete(List.of("s"));
        assertThat(store().finish(ended("a", RunStatus.COMPLETED), List.of(new StateChange("k", null, 1)))
                        .stored())
                .isFalse();
        var together = store().finish(List.of(
                new SessionStore.End(ended("a", RunStatus.COMPLETED), List.of(), List.of(event("a", 0, "last"))),
                new SessionStore.End(ended("b", RunStatus.COMPLETED), List.of(), List.of())));
        assertThat(together).extracting(SessionStore.Finished::stored).containsExactly(false, false);
        store().save(List.of(run("a", RunStatus.RUNNING, null, "s")), List.of(event("a", 1, "late")));
        assertThat(store().run("a")).isEmpty();
        assertThat(store().session("s")).isEmpty();
        assertThat(store().events("a", -1, 10)).isEmpty();
    }

    @Test
    void aRunWithoutASessionIsStored() {
        var end = run("a", RunStatus.COMPLETED, null, null);
        store().insert(run("a", RunStatus.PENDING, null, null));
        assertThat(store().finish(end, List.of(new StateChange("k", null, 1))))
                .isEqualTo(new SessionStore.Finished(end, List.of()));
        assertThat(store().run("a")).contains(end);
        assertThat(store().sessions(SessionQuery.all()).total()).isZero();
    }

    @Test
    void theRootRunsOfASessionAreInTheOrderOfTheirStart() {
        store().insert(pending("b"));
        store().insert(pending("a"));
        store().insert(run("child", RunStatus.PENDING, "a", "s"));
        store().insert(run("other", RunStatus.PENDING, null, "t"));
        store().insert(run("none", RunStatus.PENDING, null, null));
        store().finish(ended("b", RunStatus.COMPLETED), List.of());
        assertThat(store().runs("s")).extracting(StoredRun::runId).containsExactly("b", "a");
        assertThat(store().runs("unknown")).isEmpty();
        assertThat(store().run("none")).isPresent();
    }

    @Test
    void runsAreFilteredAndPaged() {
        var statuses = List.of(RunStatus.COMPLETED, RunStatus.CANCELLED, RunStatus.ERROR, RunStatus.PENDING);
        for (var i = 0; i < 8; i++) {
            store().insert(run("r" + i, statuses.get(i % 4), null, "s", "", NOW.plusSeconds(i)));
        }
        store().insert(run("child", RunStatus.COMPLETED, "r7", "s", "", NOW.plusSeconds(8)));
        var all = RunQuery.of("s");
        assertThat(ids(all.statuses(Set.of(RunStatus.COMPLETED, RunStatus.PENDING))))
                .containsExactly("r0", "r3", "r4", "r7");
        assertThat(ids(all.statuses(Set.of(RunStatus.COMPLETED)).children(true)))
                .containsExactly("r0", "r4", "child");
        assertThat(ids(all.created(NOW.plusSeconds(2), NOW.plusSeconds(4)))).containsExactly("r2", "r3");
        assertThat(ids(all.newestFirst(true).page(1, 3))).containsExactly("r7", "r6", "r5");
        assertThat(ids(all.page(3, 3))).containsExactly("r6", "r7");
        assertThat(ids(all.page(4, 3))).isEmpty();
        var page = store().runs(all.page(2, 3));
        assertThat(page.total()).isEqualTo(8);
        assertThat(page.pages()).isEqualTo(3);
    }

    @Test
    void aRunThatIsBeingStoppedIsStillRunning() {
        store().insert(run("running", RunStatus.RUNNING, null, "s"));
        store().insert(run("stopping", RunStatus.CANCELLING, null, "s"));
        store().insert(run("paused", RunStatus.PAUSED, null, "s"));
        assertThat(ids(RunQuery.of("s").statuses(Set.of(RunStatus.RUNNING)))).containsExactly("running", "stopping");
        assertThat(ids(RunQuery.of("s").statuses(Set.of(RunStatus.CANCELLING)))).containsExactly("stopping");
        assertThat(store().latest("s", Set.of(RunStatus.RUNNING), 5)).hasSize(2);
    }

    @Test
    void runsAreFoundByTreeComponentAndUser() {
        store().insert(pending("a"));
        store().insert(run("below a", RunStatus.RUNNING, "a", "s"));
        store().insert(pending("b"));
        store().insert(run("below b", RunStatus.RUNNING, "b", "s"));
        store().insert(full("c", "s"));
        var all = RunQuery.of("s");
        assertThat(ids(all.rootRunIds(Set.of("a", "c")))).containsExactly("a", "c");
        assertThat(ids(all.rootRunIds(Set.of("a", "c")).children(true))).containsExactly("a", "below a", "c");
        assertThat(ids(all.rootRunIds(Set.of("a", "b", "c", "unknown"))
                        .children(true)
                        .page(2, 2)))
                .containsExactly("b", "below b");
        assertThat(ids(all.component(ComponentKind.WORKFLOW, "article-workflow")))
                .containsExactly("c");
        assertThat(ids(all.component(ComponentKind.AGENT, null))).containsExactly("a", "b");
        assertThat(ids(all.userId("user"))).containsExactly("a", "b");
        assertThat(store().runs(all.userId("user").page(1, 1)).total()).isEqualTo(2);
    }

    @Test
    void previewsHaveTheBeginningsOfTexts() {
        var texts = List.of(
                "",
                "short",
                "\"\\\n\u0000".repeat(50),
                "🐉".repeat(50),
                "ä\uE000".repeat(50),
                "x".repeat(100_000) + "🐉");
        for (var i = 0; i < texts.size(); i++) {
            var run = run("r" + i, RunStatus.COMPLETED, null, "s", texts.get(i), NOW).toBuilder()
                    .input(new RunInput(texts.get(i), List.of(new Image("data:image/png;base64,AAAA"))))
                    .build();
            store().insert(run);
        }
        for (var most : List.of(0, 1, 7, 10, 100, 1_000_000)) {
            var page = store().previews(RunQuery.of("s").page(1, 100), most);
            assertThat(page.total()).isEqualTo(texts.size());
            for (var preview : page.items()) {
                var run = store().run(preview.runId()).orElseThrow();
                assertThat(preview).isEqualTo(RunPreview.of(run, most));
                assertThat(preview.text().codePointCount(0, preview.text().length()))
                        .isLessThanOrEqualTo(most);
            }
        }
        assertThat(store().previews(RunQuery.of("s").newestFirst(true).page(2, 2), 1)
                        .items())
                .extracting(RunPreview::runId)
                .containsExactly("r3", "r2");
    }

    @Test
    void theLatestRunsAreInTheOrderOfTheirStart() {
        var statuses = List.of(RunStatus.COMPLETED, RunStatus.CANCELLED, RunStatus.ERROR, RunStatus.PENDING);
        for (var i = 0; i < 12; i++) {
            store().insert(run("r" + i, statuses.get(i % 4), null, "s"));
            store().insert(run("child" + i, RunStatus.COMPLETED, "r" + i, "s"));
        }
        var ended = Set.of(RunStatus.COMPLETED, RunStatus.CANCELLED);
        assertThat(store().latest("s", ended, 3)).extracting(StoredRun::runId).containsExactly("r5", "r8", "r9");
        assertThat(store().latest("s", ended, Integer.MAX_VALUE)).hasSize(6);
        assertThat(store().latest("unknown", ended, 3)).isEmpty();
    }

    @Test
    void ofManyWhoEndARunOneWins() throws Exception {
        store().insert(pending("a"));
        var threads = 8;
        var together = new CountDownLatch(1);
        var answers = new ArrayList<Future<SessionStore.Finished>>();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var i = 0; i < threads; i++) {
                var mine = run("a", i % 2 == 0 ? RunStatus.COMPLETED : RunStatus.CANCELLED, null, "s", "by " + i, NOW);
                var change = List.of(new StateChange("winner " + i, null, i));
                answers.add(executor.submit(() -> {
                    together.await();
                    return store().finish(mine, change);
                }));
            }
            together.countDown();
        }
        var row = store().run("a").orElseThrow();
        for (var answer : answers) {
            assertThat(answer.resultNow().run()).isEqualTo(row);
        }
        assertThat(state()).hasSize(1).containsKey(row.text().replace("by", "winner"));
    }

    @Test
    void runsThatEndTogetherAllChangeTheState() throws Exception {
        var runs = 20;
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, runs).forEach(i -> {
                // What fails is missing below.
                var _ = executor.submit(() -> {
                    store().insert(pending("r" + i));
                    return store().finish(
                                    ended("r" + i, RunStatus.COMPLETED), List.of(new StateChange("key " + i, null, i)));
                });
            });
        }
        assertThat(state()).hasSize(runs);
        assertThat(store().runs("s")).hasSize(runs).allMatch(run -> run.status() == RunStatus.COMPLETED);
    }

    @Test
    void aPausedRunIsStoredWithWhatItWaitsFor() {
        var running = run("a", RunStatus.RUNNING, null, "s", "so far", NOW).ownedBy("process", 3);
        store().insert(running);
        var paused = SampleRuns.paused(running, "process", 3);
        store().update(paused);
        assertThat(store().run("a")).contains(paused);
        store().update(running);
        assertThat(store().run("a")).contains(running);
    }

    @Test
    void onlyTheLatestOwnerWrites() {
        var mine = run("a", RunStatus.RUNNING, null, "s", "mine", NOW).ownedBy("process", 2);
        store().insert(mine);
        var stale = run("a", RunStatus.COMPLETED, null, "s", "stale", NOW).ownedBy("process", 1);
        store().update(stale);
        var answer = store().finish(stale, List.of(new StateChange("k", null, 1)), List.of(event("a", 0, "stale")));
        assertThat(answer).isEqualTo(new SessionStore.Finished(mine, List.of()));
        assertThat(store().run("a")).contains(mine);
        assertThat(store().events("a", -1, 10)).isEmpty();
        assertThat(state()).isEmpty();
    }

    // ---- events

    @Test
    void theEventsOfATreeAreInTheirOrder() {
        store().insert(pending("a"));
        store().insert(pending("b"));
        store().append(List.of(event("a", 0, "0"), event("b", 0, "other"), event("a", 3, "3")));
        store().save(List.of(), List.of(event("a", 4, "4"), event("a", 7, "7"), event("b", 2, "more")));
        var all = List.of(event("a", 0, "0"), event("a", 3, "3"), event("a", 4, "4"), event("a", 7, "7"));
        assertThat(store().events("a", -1, 100)).isEqualTo(all);
        assertThat(store().events("a", -1, 3)).isEqualTo(all.subList(0, 3));
        assertThat(store().events("a", 0, 2)).isEqualTo(all.subList(1, 3));
        assertThat(store().events("a", 3, 100)).isEqualTo(all.subList(2, 4));
        assertThat(store().events("a", 7, 100)).isEmpty();
        assertThat(store().events("b", -1, 100)).hasSize(2);
        assertThat(store().events("unknown", -1, 100)).isEmpty();
    }

    @Test
    void anyNumberOfEventsIsReadInPages() {
        store().insert(pending("a"));
        var written = new ArrayList<RunEvent>();
        for (var i = 0; i < 2_500; i++) {
            written.add(event("a", 3L * i, "text"));
        }
        for (var from = 0; from < written.size(); from += 10) {
            store().append(written.subList(from, from + 10));
        }
        assertThat(store().allEvents("a", -1)).containsExactlyElementsOf(written);
        assertThat(store().allEvents("a", 3 * 1_499)).containsExactlyElementsOf(written.subList(1_500, 2_500));
        assertThat(store().events("a", -1, 1_700)).isEqualTo(written.subList(0, 1_700));
        assertThat(store().allEvents("a", 3 * 2_499)).isEmpty();
        assertThat(store().allEvents("unknown", -1)).isEmpty();
    }

    @Test
    void eventsThatAreStoredAlreadyAreLeftOut() {
        store().insert(pending("a"));
        store().append(List.of(event("a", 0, "0"), event("a", 1, "1")));
        store().append(List.of(event("a", 0, "again"), event("a", 1, "again"), event("a", 2, "2")));
        store().append(List.of(event("a", 2, "again"), event("a", 3, "3")));
        store().append(List.of(event("a", 3, "again")));
        assertThat(store().events("a", -1, 100))
                .containsExactly(event("a", 0, "0"), event("a", 1, "1"), event("a", 2, "2"), event("a", 3, "3"));
    }

    @Test
    void anEventThatComesTwiceInOneWriteIsStoredOnce() {
        store().insert(pending("a"));
        store().append(List.of(event("a", 0, "0"), event("a", 1, "1"), event("a", 1, "again"), event("a", 2, "2")));
        assertThat(store().events("a", -1, 100))
                .containsExactly(event("a", 0, "0"), event("a", 1, "1"), event("a", 2, "2"));
    }

    @Test
    void eventsOfARunThatIsNotStoredAreLeftOut() {
        store().append(List.of(event("unknown", 0, "0")));
        assertThat(store().events("unknown", -1, 100)).isEmpty();
    }

    @Test
    void theEndAndTheLastEventsAreStoredTogether() {
        store().insert(pending("a"));
        store().finish(ended("a", RunStatus.COMPLETED), List.of(), List.of(event("a", 5, "5"), event("a", 6, "6")));
        store().finish(ended("a", RunStatus.ERROR), List.of(), List.of(event("a", 7, "of the loser")));
        assertThat(store().events("a", -1, 100)).containsExactly(event("a", 5, "5"), event("a", 6, "6"));
    }

    @Test
    void whereRunsStandIsSavedTogether() {
        store().insert(pending("a"));
        end(ended("b", RunStatus.COMPLETED), List.of());
        var going = run("a", RunStatus.RUNNING, null, "s", "so far", NOW);
        store().save(
                        List.of(going, run("b", RunStatus.RUNNING, null, "s"), run("c", RunStatus.RUNNING, null, "s")),
                        List.of());
        assertThat(store().run("a")).contains(going);
        assertThat(store().run("b").orElseThrow().status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(store().run("c")).isEmpty();
    }
}
