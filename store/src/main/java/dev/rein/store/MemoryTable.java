package dev.rein.store;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.rein.session.MemoryQuery;
import dev.rein.session.MemoryStore.UserSummary;
import dev.rein.session.Page;
import dev.rein.session.UserMemory;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** The table of memories. */
final class MemoryTable {
    private static final TypeReference<List<String>> TEXTS = new TypeReference<>() {};

    int put(Handle handle, UserMemory memory) {
        return handle.createUpdate("""
            insert into rein_memories (memory_id, memory, topics, agent_id, team_id, user_id, created_at,
                updated_at)
            values (:id, :memory, :topics, :agent, :team, :user, :created, :updated)
            on conflict (memory_id) do update set memory = :memory, topics = :topics, agent_id = :agent,
                team_id = :team, user_id = :user, updated_at = :updated\
            """)
                .bind("id", ColumnText.id("memory id", memory.memoryId()))
                .bind("memory", ColumnText.text("memory", memory.text()))
                .bind("topics", JsonCodec.json(memory.topics()))
                .bind("agent", ColumnText.idOrNull("agent id", memory.agentId()))
                .bind("team", ColumnText.idOrNull("team id", memory.teamId()))
                .bind("user", ColumnText.idOrNull("user id", memory.userId()))
                .bind("created", JsonCodec.nanos(memory.createdAt()))
                .bind("updated", JsonCodec.nanos(memory.updatedAt()))
                .execute();
    }

    Optional<UserMemory> find(Handle handle, String id) {
        return handle.createQuery("select * from rein_memories where memory_id = :id")
                .bind("id", ColumnText.id("memory id", id))
                .map(MemoryTable::memory)
                .findOne();
    }

    Page<UserMemory> page(Handle handle, MemoryQuery query) {
        var select = new PageQuery("rein_memories");
        if (query.userId() != null) {
            select.where("user_id = :user", "user", ColumnText.id("user id", query.userId()));
        }
        if (query.agentId() != null) {
            select.where("agent_id = :agent", "agent", ColumnText.id("agent id", query.agentId()));
        }
        if (query.teamId() != null) {
            select.where("team_id = :team", "team", ColumnText.id("team id", query.teamId()));
        }
        if (query.text() != null) {
            select.where("lower(memory) like lower(:text) escape '!'", "text", ColumnText.like(query.text()));
        }
        var count = 0;
        for (var topic : query.topics()) {
            // In JSON a topic is enclosed in quotation marks, and those within it are escaped.
            var name = "topic" + count++;
            select.where("replace(topics, :" + name + ", '') <> topics", name, JsonCodec.json(topic));
        }
        var column = query.byCreation() ? "created_at" : "updated_at";
        var way = query.ascending() ? " asc" : " desc";
        return select.page(handle, column + way + ", seq" + way, query.page(), query.limit(), MemoryTable::memory);
    }

    int delete(Handle handle, Collection<String> ids, @Nullable String userId) {
        var known = ids.stream().map(id -> ColumnText.id("memory id", id)).toList();
        if (known.isEmpty()) {
            return 0;
        }
        var delete = handle.createUpdate("delete from rein_memories where memory_id in (<ids>)"
                        + (userId == null ? "" : " and user_id = :user"))
                .bindList("ids", known);
        return (userId == null ? delete : delete.bind("user", ColumnText.id("user id", userId))).execute();
    }

    List<String> topics(Handle handle, @Nullable String userId) {
        var query = handle.createQuery(
                "select distinct topics from rein_memories" + (userId == null ? "" : " where user_id = :user"));
        var lists = (userId == null ? query : query.bind("user", ColumnText.id("user id", userId))).mapTo(String.class);
        return lists.stream()
                .flatMap(json -> JsonCodec.read(json, TEXTS).stream())
                .distinct()
                .sorted()
                .toList();
    }

    Page<UserSummary> byUser(Handle handle, @Nullable String userId, int page, int limit) {
        var select = new PageQuery("(select user_id, count(*) as memories, max(updated_at) as updated_at"
                + " from rein_memories where user_id is not null group by user_id) as users");
        if (userId != null) {
            select.where("user_id = :user", "user", ColumnText.id("user id", userId));
        }
        return select.page(
                handle,
                "updated_at desc, user_id",
                page,
                limit,
                (row, _) -> new UserSummary(
                        row.getString("user_id"),
                        row.getLong("memories"),
                        JsonCodec.instant(row.getLong("updated_at"))));
    }

    private static UserMemory memory(ResultSet row, StatementContext context) throws SQLException {
        return new UserMemory(
                row.getString("memory_id"),
                row.getString("memory"),
                JsonCodec.read(row.getString("topics"), TEXTS),
                row.getString("agent_id"),
                row.getString("team_id"),
                row.getString("user_id"),
                JsonCodec.instant(row.getLong("created_at")),
                JsonCodec.instant(row.getLong("updated_at")));
    }
}
