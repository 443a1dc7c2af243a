package dev.rein.session;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A memory store without persistence. Thread-safe. */
final class InMemoryMemoryStore implements MemoryStore {
    private final Map<String, UserMemory> memories = new LinkedHashMap<>();

    @Override
    public synchronized void put(UserMemory memory) {
        memories.put(memory.memoryId(), memory);
    }

    @Override
    public synchronized Optional<UserMemory> memory(String memoryId) {
        return Optional.ofNullable(memories.get(memoryId));
    }

    @Override
    public synchronized Page<UserMemory> memories(MemoryQuery query) {
        var order = Comparator.comparing(query.byCreation() ? UserMemory::createdAt : UserMemory::updatedAt);
        var found = memories.values().stream()
                .filter(memory -> matches(query, memory))
                .sorted(order)
                .toList();
        return Page.of(query.ascending() ? found : found.reversed(), query.page(), query.limit());
    }

    private static boolean matches(MemoryQuery query, UserMemory memory) {
        var text = query.text();
        return isOrAny(query.userId(), memory.userId())
                && isOrAny(query.agentId(), memory.agentId())
                && isOrAny(query.teamId(), memory.teamId())
                && memory.topics().containsAll(query.topics())
                && (text == null || lower(memory.text()).contains(lower(text)));
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    private static boolean isOrAny(@Nullable String wanted, @Nullable String value) {
        return wanted == null || wanted.equals(value);
    }

    @Override
    public synchronized int deleteMemories(Collection<String> memoryIds, @Nullable String userId) {
        var before = memories.size();
        memories.values().removeIf(memory -> memoryIds.contains(memory.memoryId()) && isOrAny(userId, memory.userId()));
        return before - memories.size();
    }

    @Override
    public synchronized List<String> memoryTopics(@Nullable String userId) {
        return memories.values().stream()
                .filter(memory -> isOrAny(userId, memory.userId()))
                .flatMap(memory -> memory.topics().stream())
                .distinct()
                .sorted()
                .toList();
    }

    @Override
    public synchronized Page<UserSummary> memoriesByUser(@Nullable String userId, int page, int limit) {
        var byUser = memories.values().stream()
                .filter(memory -> memory.userId() != null && isOrAny(userId, memory.userId()))
                .collect(Collectors.groupingBy(memory -> Objects.requireNonNull(memory.userId())));
        var all = byUser.entrySet().stream()
                .map(each -> new UserSummary(each.getKey(), each.getValue().size(), latest(each.getValue())))
                .sorted(Comparator.comparing(UserSummary::updatedAt).reversed().thenComparing(UserSummary::userId))
                .toList();
        return Page.of(all, page, limit);
    }

    private static Instant latest(List<UserMemory> all) {
        return all.stream()
                .map(UserMemory::updatedAt)
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }
}
