package dev.rein.store;

import dev.rein.session.MemoryQuery;
import dev.rein.session.MemoryStore;
import dev.rein.session.Page;
import dev.rein.session.RunHistory;
import dev.rein.session.UserMemory;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The memories in a database, and its history of runs. */
abstract class StoredMemories implements MemoryStore, RunHistory {
    final Database database;
    private final MemoryTable memories = new MemoryTable();
    private final RunHistoryQuery past = new RunHistoryQuery();

    StoredMemories(Database database) {
        this.database = database;
    }

    @Override
    public void put(UserMemory memory) {
        database.write(handle -> memories.put(handle, memory));
    }

    @Override
    public Optional<UserMemory> memory(String memoryId) {
        return database.read(handle -> memories.find(handle, memoryId));
    }

    @Override
    public Page<UserMemory> memories(MemoryQuery query) {
        return database.read(handle -> memories.page(handle, query));
    }

    @Override
    public int deleteMemories(Collection<String> memoryIds, @Nullable String userId) {
        return database.write(handle -> memories.delete(handle, memoryIds, userId));
    }

    @Override
    public List<String> memoryTopics(@Nullable String userId) {
        return database.read(handle -> memories.topics(handle, userId));
    }

    @Override
    public Page<UserSummary> memoriesByUser(@Nullable String userId, int page, int limit) {
        return database.read(handle -> memories.byUser(handle, userId, page, limit));
    }

    @Override
    public void forEachRun(Instant from, Instant until, @Nullable String userId, Consumer<Entry> reader) {
        database.scan(handle -> past.each(handle, from, until, userId, reader));
    }
}
