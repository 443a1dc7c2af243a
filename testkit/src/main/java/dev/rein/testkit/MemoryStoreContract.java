package dev.rein.testkit;

import static dev.rein.testkit.SampleRuns.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.model.Usage;
import dev.rein.run.RunStatus;
import dev.rein.session.MemoryQuery;
import dev.rein.session.MemoryStore;
import dev.rein.session.MemoryStore.UserSummary;
import dev.rein.session.RunHistory;
import dev.rein.session.RunHistory.Entry;
import dev.rein.session.SessionStore;
import dev.rein.session.UserMemory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link MemoryStore} and {@link RunHistory} must do, as JUnit tests. Extend it, and give it an empty store for
 * each test.
 *
 * @param <S> the store, which is all three
 */
public abstract class MemoryStoreContract<S extends SessionStore & MemoryStore & RunHistory> {
    /** The store under test, empty. It is closed after the test. */
    protected abstract S store();

    @AfterEach
    void closeStore() {
        store().close();
    }

    private static UserMemory memory(String id, @Nullable String user, int age, String text, String... topics) {
        return UserMemory.of(id, text, List.of(topics), user, NOW.minusSeconds(age));
    }

    private List<String> ids(MemoryQuery query) {
        return store().memories(query).items().stream()
                .map(UserMemory::memoryId)
                .toList();
    }

    @Test
    void aMemoryComesBackAsItIsNow() {
        var memory =
                new UserMemory("a", "Likes \u2028 tea \ud83c\udf75", List.of("food"), "agent", "team", "u1", NOW, NOW);
        store().put(memory);
        assertThat(store().memory("a")).contains(memory);
        var changed = memory.changed("Likes coffee", List.of(), NOW.plusSeconds(1));
        store().put(changed);
        assertThat(store().memory("a")).contains(changed);
        assertThat(store().memory("b")).isEmpty();
        assertThat(ids(MemoryQuery.all())).containsExactly("a");
    }

    @Test
    void memoriesAreListedByWhatTheyAre() {
        store().put(memory("a", "u1", 3, "Likes tea", "food", "drink"));
        store().put(memory("b", "u2", 2, "Likes 100% tea", "food"));
        store().put(memory("c", "u1", 1, "Has a dog", "pets", "\"food\""));
        assertThat(ids(MemoryQuery.all())).containsExactly("c", "b", "a");
        assertThat(ids(MemoryQuery.all().sort(true, true))).containsExactly("a", "b", "c");
        assertThat(ids(MemoryQuery.all().userId("u1"))).containsExactly("c", "a");
        assertThat(ids(MemoryQuery.all().text("TEA"))).containsExactly("b", "a");
        assertThat(ids(MemoryQuery.all().text("100%"))).containsExactly("b");
        assertThat(ids(MemoryQuery.all().topics(List.of("food")))).containsExactly("b", "a");
        assertThat(ids(MemoryQuery.all().topics(List.of("food", "drink")))).containsExactly("a");
        assertThat(ids(MemoryQuery.all().topics(List.of("FOOD")))).isEmpty();
        assertThat(ids(MemoryQuery.all().agentId("x"))).isEmpty();
        var page = store().memories(MemoryQuery.all().page(2, 2));
        assertThat(page.total()).isEqualTo(3);
        assertThat(page.items()).hasSize(1);
    }

    @Test
    void memoriesAreDeletedOnceAndOnlyThoseOfTheUser() {
        store().put(memory("a", "u1", 1, "x"));
        store().put(memory("b", "u2", 1, "x"));
        assertThat(store().deleteMemories(List.of("a", "b", "c"), "u1")).isEqualTo(1);
        assertThat(ids(MemoryQuery.all())).containsExactly("b");
        assertThat(store().deleteMemories(List.of(), null)).isZero();
        assertThat(store().deleteMemories(List.of("b"), null)).isEqualTo(1);
    }

    @Test
    void topicsAndUsersAreCounted() {
        store().put(memory("a", "u1", 3, "x", "food", "drink"));
        store().put(memory("b", "u2", 2, "x", "food"));
        store().put(memory("c", "u1", 1, "x"));
        store().put(memory("d", null, 0, "x", "art"));
        assertThat(store().memoryTopics(null)).containsExactly("art", "drink", "food");
        assertThat(store().memoryTopics("u2")).containsExactly("food");
        var users = store().memoriesByUser(null, 1, 1);
        assertThat(users.items()).containsExactly(new UserSummary("u1", 2, NOW.minusSeconds(1)));
        assertThat(users.total()).isEqualTo(2);
        assertThat(store().memoriesByUser("u2", 1, 10).items()).hasSize(1);
    }

    @Test
    void whatHasRunIsTold() {
        store().insert(SampleRuns.run("a", RunStatus.COMPLETED, null, "s", "x", NOW.minusSeconds(10)));
        var full = SampleRuns.full("b", "s");
        store().insert(full);
        store().insert(SampleRuns.run("c", RunStatus.COMPLETED, "b", "s"));
        var told = new ArrayList<Entry>();
        store().forEachRun(NOW.minusSeconds(60), NOW.plusSeconds(60), null, told::add);
        assertThat(told).hasSize(2).contains(Entry.of(full));
        assertThat(told.getFirst().usage()).isEqualTo(Usage.NONE);
        told.clear();
        store().forEachRun(NOW.minusSeconds(60), NOW.minusSeconds(5), "user", told::add);
        assertThat(told).hasSize(1);
        store().forEachRun(NOW.minusSeconds(60), NOW.plusSeconds(60), "nobody", told::add);
        assertThat(told).hasSize(1);
    }
}
