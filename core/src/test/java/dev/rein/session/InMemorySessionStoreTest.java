package dev.rein.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.run.RunInput;
import dev.rein.run.RunStatus;
import dev.rein.run.event.Source;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InMemorySessionStoreTest {
    private static final Instant NOW = Instant.parse("2025-01-01T00:00:00Z");

    private final InMemorySessionStore store = new InMemorySessionStore();

    private static StoredRun run(String id, RunStatus status, @Nullable String parent, @Nullable String session) {
        return new StoredRun(
                id,
                parent,
                parent == null ? id : parent,
                Source.AGENT,
                "component",
                session,
                "user",
                status,
                RunInput.of("Go"),
                "",
                List.of(),
                null,
                null,
                null,
                null,
                Map.of(),
                NOW,
                status.isTerminal() ? NOW.plusSeconds(5) : null);
    }

    private static StoredRun pending(String id) {
        return run(id, RunStatus.PENDING, null, "s");
    }

    private static StoredRun ended(String id, RunStatus status) {
        return run(id, status, null, "s");
    }

    private Map<String, Object> state() {
        return store.session("s").orElseThrow().state();
    }

    @Test
    void anIdIsTakenOnce() {
        assertThat(store.insert(pending("a"))).isTrue();
        assertThat(store.insert(ended("a", RunStatus.COMPLETED))).isFalse();
        assertThat(store.run("a")).contains(pending("a"));
        assertThat(store.run("b")).isEmpty();
    }

    @Test
    void aRunMakesItsSession() {
        assertThat(store.session("s")).isEmpty();
        store.insert(pending("a"));
        assertThat(store.session("s")).contains(new Session("s", "user", Map.of(), NOW, NOW));
        store.finish(ended("a", RunStatus.COMPLETED), List.of());
        assertThat(store.session("s").orElseThrow().updatedAt()).isEqualTo(NOW.plusSeconds(5));
    }

    @Test
    void theFirstEndStaysAndIsTheAnswerToTheSecond() {
        store.insert(pending("a"));
        var first = ended("a", RunStatus.CANCELLED);
        assertThat(store.finish(first, List.of(new StateChange("k", null, 1))).run())
                .isEqualTo(first);
        var second = store.finish(ended("a", RunStatus.COMPLETED), List.of(new StateChange("k", null, 2)));
        assertThat(second.run()).isEqualTo(first);
        assertThat(store.run("a")).contains(first);
        assertThat(state()).isEqualTo(Map.of("k", 1));
    }

    @Test
    void anEndWhoseStartNeverArrivedIsStoredWhole() {
        var end = ended("a", RunStatus.COMPLETED);
        store.finish(end, List.of(new StateChange("k", null, 1)));
        assertThat(store.run("a")).contains(end);
        assertThat(store.runs("s")).containsExactly(end);
        assertThat(state()).isEqualTo(Map.of("k", 1));
    }

    @Test
    void theRootRunsOfASessionAreInTheOrderOfTheirStart() {
        store.insert(pending("b"));
        store.insert(pending("a"));
        store.insert(run("child", RunStatus.PENDING, "a", "s"));
        store.insert(run("other", RunStatus.PENDING, null, "t"));
        store.insert(run("none", RunStatus.PENDING, null, null));
        store.finish(ended("b", RunStatus.COMPLETED), List.of());
        assertThat(store.runs("s")).extracting(StoredRun::runId).containsExactly("b", "a");
        assertThat(store.runs("unknown")).isEmpty();
        assertThat(store.run("none")).isPresent();
    }

    @Test
    void changesAreMergedByKeyAndConflictsReported() {
        store.finish(
                ended("a", RunStatus.COMPLETED),
                List.of(new StateChange("x", null, 1), new StateChange("y", null, 1), new StateChange("z", null, 1)));
        var finished = store.finish(
                ended("b", RunStatus.COMPLETED),
                List.of(
                        new StateChange("x", 1, 2),
                        new StateChange("y", null, 1),
                        new StateChange("z", 0, null),
                        new StateChange("w", null, 9)));
        assertThat(finished.conflicts()).containsExactly("z");
        assertThat(state()).isEqualTo(Map.of("x", 2, "y", 1, "w", 9));
    }
}
