package dev.rein.testkit;

import static dev.rein.testkit.SampleRuns.NOW;
import static dev.rein.testkit.SampleRuns.event;
import static dev.rein.testkit.SampleRuns.full;
import static dev.rein.testkit.SampleRuns.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rein.model.Image;
import dev.rein.model.Usage;
import dev.rein.run.ComponentKind;
import dev.rein.run.RunInput;
import dev.rein.run.RunStatus;
import dev.rein.run.event.RunEvent;
import dev.rein.session.Page;
import dev.rein.session.RunHistory;
import dev.rein.session.RunPreview;
import dev.rein.session.RunQuery;
import dev.rein.session.Session;
import dev.rein.session.SessionEdit;
import dev.rein.session.SessionOverview;
import dev.rein.session.SessionQuery;
import dev.rein.session.SessionQuery.Sort;
import dev.rein.session.SessionStore;
import dev.rein.session.StateChange;
import dev.rein.session.StoredRun;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link SessionStore} must do, as JUnit tests. Extend it, and give it an empty store for each test. It needs
 * JUnit and AssertJ, which the testkit does not bring along.
 */
public abstract class SessionStoreContract {
    /** The store under test, empty. It is closed after the test. */
    protected abstract SessionStore store();

    @AfterEach
    void closeStore() {
        store().close();
    }

    private static StoredRun pending(String id) {
        return run(id, RunStatus.PENDING, null, "s");
    }

    private static StoredRun ended(String id, RunStatus status) {
        return run(id, status, null, "s");
    }

    /** Stores a run of session s from its start to its end. */
    private SessionStore.Finished end(StoredRun run, List<StateChange> changes) {
        store().insert(pending(run.runId()));
        return store().finish(run, changes);
    }

    private Map<String, Object> state() {
        return store().session("s").orElseThrow().state();
    }

    private List<String> ids(RunQuery query) {
        return store().runs(query).items().stream().map(StoredRun::runId).toList();
    }

    private List<String> ids(SessionQuery query) {
        return store().sessions(query).items().stream().map(Session::sessionId).toList();
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

    // ---- sessions

    @Test
    void aRunMakesItsSession() {
        assertThat(store().session("s")).isEmpty();
        store().insert(pending("a"));
        assertThat(store().session("s"))
                .contains(
                        new Session("s", null, ComponentKind.AGENT, "component", "user", Map.of(), Map.of(), NOW, NOW));
        store().finish(ended("a", RunStatus.COMPLETED), List.of());
        assertThat(store().session("s").orElseThrow().updatedAt()).isEqualTo(NOW.plusSeconds(5));
    }

    @Test
    void changesAreMergedByKeyAndConflictsReported() {
        end(
                ended("a", RunStatus.COMPLETED),
                List.of(new StateChange("x", null, 1), new StateChange("y", null, 1), new StateChange("z", null, 1)));
        var finished = end(
                ended("b", RunStatus.COMPLETED),
                List.of(
                        new StateChange("x", 1, 2),
                        new StateChange("y", null, 1),
                        new StateChange("z", 0, null),
                        new StateChange("w", null, 9)));
        assertThat(finished.conflicts()).containsExactly("z");
        assertThat(state()).isEqualTo(Map.of("x", 2, "y", 1, "w", 9));
    }

    @Test
    void stateIsOfAnyDepth() {
        var value =
                Map.of("list", List.of(1, 2.5, "three", true, Map.of("four", List.of())), "text", "\"quoted\" ä 🐉");
        end(ended("a", RunStatus.COMPLETED), List.of(new StateChange("deep", null, value)));
        assertThat(state()).isEqualTo(Map.of("deep", value));
        assertThat(end(ended("b", RunStatus.COMPLETED), List.of(new StateChange("deep", value, 2L)))
                        .conflicts())
                .isEmpty();
    }

    @Test
    void numbersAreStoredExactlyAndOthersLeftOut() {
        var numbers = new LinkedHashMap<String, Object>();
        numbers.put("decimal", new BigDecimal("0.12345678901234567890123"));
        numbers.put("huge", new BigDecimal("1E+400"));
        numbers.put("integer", new BigInteger("123456789012345678901234567890"));
        numbers.put("double", 0.1);
        numbers.put("long", 1L << 40);
        numbers.put("in a list", List.of(new BigDecimal("1.00000000000000000001"), 2.5));
        var changes = new ArrayList<StateChange>();
        numbers.forEach((key, value) -> changes.add(new StateChange(key, null, value)));
        changes.add(new StateChange("not a number", null, Double.NaN));
        changes.add(new StateChange("infinite", null, List.of(Float.NEGATIVE_INFINITY)));
        assertThat(end(ended("a", RunStatus.COMPLETED), changes).conflicts()).isEmpty();
        assertThat(state()).isEqualTo(numbers);
        store().edit("s", new SessionEdit(null, numbers, numbers));
        assertThat(state()).isEqualTo(numbers);
        assertThat(store().session("s").orElseThrow().metadata()).isEqualTo(numbers);
        assertThatThrownBy(() -> store().edit("s", new SessionEdit(null, Map.of("k", Double.NaN), null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("NaN");
        assertThat(state()).isEqualTo(numbers);
    }

    @Test
    void valuesAreStoredNotKept() {
        var live = new ArrayList<Object>(List.of(1));
        var changes = List.of(new StateChange("list", null, live), new StateChange("no JSON", null, new Object()));
        end(ended("a", RunStatus.COMPLETED), changes);
        var metadata = new HashMap<String, Object>(Map.of("list", live));
        store().insert(run("b", RunStatus.PENDING, null, "s").toBuilder()
                .metadata(metadata)
                .build());
        live.add(2);
        assertThat(state()).isEqualTo(Map.of("list", List.of(1)));
        assertThat(store().run("b").orElseThrow().metadata()).isEqualTo(Map.of("list", List.of(1)));
        assertThatThrownBy(() -> store().insert(run("c", RunStatus.PENDING, null, "s").toBuilder()
                        .metadata(Map.of("k", new Object()))
                        .build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("JSON");
        assertThat(store().run("c")).isEmpty();
    }

    /** A value with a property of a primitive type. */
    public record Reading(double value) {}

    /** JSON does not have them, and a text in their place would be another value. */
    @Test
    void numbersThatAreNoneInJsonAreRefusedWhereverTheyAre() {
        store().insert(pending("a"));
        end(ended("a", RunStatus.COMPLETED), List.of(new StateChange("kept", null, 1)));
        for (var value : List.<Object>of(
                Double.NaN,
                Float.NEGATIVE_INFINITY,
                List.of(1, Double.POSITIVE_INFINITY),
                Map.of("inner", Float.NaN),
                new double[] {1, Double.NaN},
                new float[] {Float.NaN},
                new Reading(Double.NaN))) {
            var state = Map.of("kept", 2, "odd one", value);
            assertThatThrownBy(() -> store().edit("s", new SessionEdit(null, state, null)))
                    .as("%s", value)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("\"odd one\"");
            assertThatThrownBy(() -> store().edit("s", new SessionEdit(null, null, state)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("\"odd one\"");
            var id = "run with " + value;
            store().insert(pending(id));
            end(ended(id, RunStatus.COMPLETED), List.of(new StateChange("odd one", null, value)));
            assertThat(state()).as("%s", value).isEqualTo(Map.of("kept", 1));
        }
    }

    @Test
    void theTimeOfASessionNeverGoesBack() {
        var later = NOW.plusSeconds(60);
        store().insert(run("fast clock", RunStatus.PENDING, null, "s", "", later));
        store().insert(pending("slow clock"));
        store().insert(pending("slow clock, with changes"));
        store().finish(run("fast clock", RunStatus.COMPLETED, null, "s", "", later), List.of());
        var updated = store().session("s").orElseThrow().updatedAt();
        assertThat(updated).isEqualTo(later.plusSeconds(5));
        store().finish(ended("slow clock", RunStatus.COMPLETED), List.of());
        assertThat(store().session("s").orElseThrow().updatedAt()).isEqualTo(updated);
        store().finish(ended("slow clock, with changes", RunStatus.COMPLETED), List.of(new StateChange("k", null, 1)));
        assertThat(store().session("s").orElseThrow().updatedAt()).isEqualTo(updated);
    }

    @Test
    void aForkHasTheEndedRunsUnderNewIds() {
        store().create(new Session(
                "s", "Plans", ComponentKind.TEAM, "team", "odile", Map.of("k", 1), Map.of("m", 2), NOW, NOW));
        var first = full("first", "s");
        store().insert(first);
        store().insert(run("member", RunStatus.COMPLETED, "first", "s"));
        store().insert(run("live", RunStatus.RUNNING, null, "s"));
        store().insert(run("below live", RunStatus.COMPLETED, "live", "s"));
        store().insert(ended("last", RunStatus.ERROR));
        var fork = store().fork("s", "t").orElseThrow();
        assertThat(store().session("t")).contains(fork);
        assertThat(fork.updatedAt()).isEqualTo(fork.createdAt()).isAfter(NOW);
        assertThat(fork)
                .isEqualTo(new Session(
                        "t",
                        "Plans",
                        ComponentKind.TEAM,
                        "team",
                        "odile",
                        Map.of("k", 1),
                        Map.of("m", 2),
                        fork.createdAt(),
                        fork.createdAt()));
        var runs = store().runs(RunQuery.of("t").children(true)).items();
        assertThat(runs).extracting(StoredRun::forkedFrom).containsExactly("first", "member", "last");
        assertThat(runs).extracting(StoredRun::runId).doesNotContain("first", "member", "last");
        var copy = runs.getFirst();
        assertThat(copy)
                .isEqualTo(first.toBuilder()
                        .runId(copy.runId())
                        .rootRunId(copy.runId())
                        .sessionId("t")
                        .forkedFrom("first")
                        .build());
        assertThat(runs.get(1).parentRunId()).isEqualTo(copy.runId());
        assertThat(runs.get(1).rootRunId()).isEqualTo(copy.runId());
        assertThat(store().fork("unknown", "u")).isEmpty();
        assertThat(store().session("u")).isEmpty();
        assertThatThrownBy(() -> store().fork("s", "t"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"t\" is used");
        assertThat(store().runs(RunQuery.of("t").children(true)).items()).hasSize(3);
        store().delete(List.of("s"));
        assertThat(store().runs(RunQuery.of("t").children(true)).items()).hasSize(3);
    }

    @Test
    void theCopiesInAForkAreNoRunsOfTheHistory() {
        store().insert(ended("a", RunStatus.COMPLETED));
        store().fork("s", "t");
        if (store() instanceof RunHistory history) {
            var count = new AtomicInteger();
            history.forEachRun(NOW.minusSeconds(1), NOW.plusSeconds(1), null, _ -> count.incrementAndGet());
            assertThat(count).hasValue(1);
        }
    }

    @Test
    void aSessionCanBeMadeBeforeItsRuns() {
        var session = new Session(
                "s", "Holiday", ComponentKind.TEAM, "team", null, Map.of("k", 1), Map.of("m", List.of("x")), NOW, NOW);
        assertThat(store().create(session)).isTrue();
        assertThat(store().create(session)).isFalse();
        store().insert(pending("a"));
        assertThat(store().session("s")).contains(session);
    }

    @Test
    void aSessionIsEdited() {
        store().insert(pending("a"));
        var named = store().edit("s", SessionEdit.name("Holiday")).orElseThrow();
        assertThat(named.name()).isEqualTo("Holiday");
        assertThat(named.updatedAt()).isAfter(NOW);
        assertThat(store().session("s")).contains(named);
        store().edit("s", new SessionEdit(null, Map.of("k", 1), Map.of("m", 2)));
        var session = store().edit("s", SessionEdit.name("")).orElseThrow();
        assertThat(session.name()).isNull();
        assertThat(session.state()).isEqualTo(Map.of("k", 1));
        assertThat(session.metadata()).isEqualTo(Map.of("m", 2));
        assertThat(store().edit("unknown", SessionEdit.name("x"))).isEmpty();
    }

    private void make(String id, String name, ComponentKind source, String component, String user, int second) {
        var time = NOW.plusSeconds(second);
        store().create(new Session(id, name, source, component, user, Map.of(), Map.of(), time, time));
    }

    @Test
    void sessionsAreFiltered() {
        make("1", "Holiday plans", ComponentKind.AGENT, "a", "odile", 1);
        make("2", "100%", ComponentKind.AGENT, "b", "odile", 2);
        make("3", "my HOLIDAY", ComponentKind.TEAM, "a", "paul", 3);
        var all = SessionQuery.all();
        assertThat(ids(all)).containsExactly("3", "2", "1");
        assertThat(ids(all.source(ComponentKind.TEAM))).containsExactly("3");
        assertThat(ids(all.componentId("a"))).containsExactly("3", "1");
        assertThat(ids(all.userId("odile").componentId("b"))).containsExactly("2");
        assertThat(ids(all.name("holiday"))).containsExactly("3", "1");
        assertThat(ids(all.name("%"))).containsExactly("2");
        assertThat(ids(all.name("_"))).isEmpty();
        assertThat(ids(all.name("!"))).isEmpty();
        assertThat(ids(all.userId("' OR 1=1 --"))).isEmpty();
    }

    @Test
    void sessionsAreSortedAndPaged() {
        for (var i = 0; i < 5; i++) {
            make("s" + i, "", ComponentKind.AGENT, "a", "u", i / 2);
        }
        store().edit("s1", SessionEdit.name("now"));
        var all = SessionQuery.all();
        assertThat(ids(all.sort(Sort.CREATED, true))).containsExactly("s0", "s1", "s2", "s3", "s4");
        assertThat(ids(all.sort(Sort.CREATED, false))).containsExactly("s4", "s3", "s2", "s1", "s0");
        assertThat(ids(all.sort(Sort.UPDATED, false).page(1, 2))).containsExactly("s1", "s4");
        assertThat(ids(all.page(3, 2))).containsExactly("s0");
        var page = store().sessions(all.page(7, 2));
        assertThat(page).isEqualTo(new Page<Session>(List.of(), 7, 2, 5));
        assertThatThrownBy(() -> all.page(0, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> all.page(1, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aListOfSessionsShowsTheirRunsInShort() {
        assertThat(store().overviews(List.of())).isEmpty();
        store().insert(full("first", "s"));
        store().insert(run("below", RunStatus.COMPLETED, "first", "s"));
        store().insert(ended("second", RunStatus.COMPLETED));
        store().insert(full("third", "s"));
        store().insert(run("other", RunStatus.PENDING, null, "t"));
        store().insert(run("none", RunStatus.PENDING, null, null));
        make("empty", "", ComponentKind.AGENT, "a", "u", 1);
        var one = store().run("first").orElseThrow();
        var used = Objects.requireNonNull(one.metrics()).totalUsage();
        assertThat(used.totalTokens()).isPositive();
        assertThat(store().overviews(List.of("s", "empty", "t", "unknown", "s")))
                .isEqualTo(Map.of(
                        "s", new SessionOverview(3, one.input().text(), used.plus(used)),
                        "t", new SessionOverview(1, "Go", Usage.NONE)));
    }

    @Test
    void aDeletedSessionTakesItsRunsAlong() {
        store().insert(pending("a"));
        store().insert(run("child", RunStatus.PENDING, "a", "s"));
        store().insert(run("b", RunStatus.PENDING, null, "t"));
        store().append(List.of(event("a", 0, "gone"), event("b", 0, "kept")));
        assertThat(store().delete(List.of("s", "unknown", "s"))).isEqualTo(1);
        assertThat(store().events("b", -1, 10)).hasSize(1);
        assertThat(store().session("s")).isEmpty();
        assertThat(store().run("a")).isEmpty();
        assertThat(store().run("child")).isEmpty();
        assertThat(store().run("b")).isPresent();
        assertThat(store().delete(List.of())).isZero();
        assertThat(store().insert(pending("a"))).isTrue();
        assertThat(store().events("a", -1, 10)).isEmpty();
    }

    // ---- hostile values

    @Test
    void hostileIdsAreValuesLikeOthers() {
        for (var id :
                List.of("'; DROP TABLE runs; --", "\"", "../../etc/passwd", "🐉", " ", "a\nb", ":name", "?", "%")) {
            var run = run(id, RunStatus.COMPLETED, null, id);
            assertThat(store().insert(run)).isTrue();
            assertThat(store().run(id)).contains(run);
            assertThat(store().runs(id)).containsExactly(run);
            assertThat(store().session(id)).isPresent();
        }
    }

    @Test
    void contentIsStoredToTheCharacter() {
        var texts = new HashMap<String, String>();
        texts.put("quotes", "' \" \\ ; -- /* */");
        texts.put("emoji", "🐉👩‍👩‍👧 ä 漢 \uE000");
        texts.put("NUL", "a\u0000b\u0001\u007f");
        texts.put("half an emoji", "torn \uD83D");
        texts.put("lines", "a\r\nb\u2028c\td");
        texts.forEach((id, text) -> {
            var run = run(id, RunStatus.COMPLETED, null, "s", text, NOW);
            store().insert(pending(id));
            store().finish(run, List.of(new StateChange(id, null, text)));
            assertThat(store().run(id)).contains(run);
            store().append(List.of(event(id, 0, text)));
            assertThat(store().events(id, -1, 1)).containsExactly(event(id, 0, text));
        });
        assertThat(state()).isEqualTo(texts);
    }

    @Test
    void aHugeMessageIsStored() {
        var run = run("a", RunStatus.COMPLETED, null, "s", "0123456🐉".repeat(1_000_000), NOW);
        end(run, List.of());
        assertThat(store().run("a").orElseThrow().equals(run)).isTrue();
    }
}
