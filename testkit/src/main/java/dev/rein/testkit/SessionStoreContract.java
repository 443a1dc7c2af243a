package dev.rein.testkit;

import static dev.rein.testkit.SampleRuns.NOW;
import static dev.rein.testkit.SampleRuns.event;
import static dev.rein.testkit.SampleRuns.full;
import static dev.rein.testkit.SampleRuns.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rein.model.Usage;
import dev.rein.run.ComponentKind;
import dev.rein.run.RunStatus;
import dev.rein.session.Page;
import dev.rein.session.RunHistory;
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
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * What every {@link SessionStore} must do, as JUnit tests. Extend it, and give it an empty store for each test. It needs
 * JUnit and AssertJ, which the testkit does not bring along.
 */
public abstract class SessionStoreContract extends StoredRunsContract {
    private List<String> ids(SessionQuery query) {
        return store().sessions(query).items().stream().map(Session::sessionId).toList();
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
