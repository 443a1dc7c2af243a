package dev.rein.store;

import dev.rein.run.event.RunEvent;
import dev.rein.session.StoredRun;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

/** The table of events: one row for each batch of events of a tree of runs. */
final class EventTable {
    /** The index of a tree's last stored event, -1 for none. It is in the last batch, as batches do not overlap. */
    private static final String LAST = """
        coalesce((select last_index from rein_events where root_run_id = %s order by first_index desc limit 1), -1)\
        """;

    /** The number of rows that are read at once. */
    private static final int ROWS = 50;

    /**
     * Inserts nothing if the root run is not stored, or if the batch overlaps with stored ones. Waits for a transaction that is
     * deleting the root run.
     */
    private final String insert;

    EventTable(Dialect dialect) {
        insert = """
            insert into rein_events (root_run_id, first_index, last_index, events)
            select run_id, :first, :last, :events from rein_runs where run_id = :root and %s < :first\
            """.formatted(LAST.formatted(":root")) + dialect.keepLock;
    }

    void append(Handle handle, List<RunEvent> events) {
        var trees = new LinkedHashMap<String, List<RunEvent>>();
        for (var event : events) {
            var tree = trees.computeIfAbsent(event.meta().origin().rootRunId(), _ -> new ArrayList<>());
            // Ends of runs that are written together, some of them again, may have the same event.
            if (tree.isEmpty() || tree.getLast().index() < event.index()) {
                tree.add(event);
            }
        }
        if (trees.isEmpty()) {
            return;
        }
        var left = insert(handle, trees);
        if (!left.isEmpty()) {
            // An earlier write has succeeded although its answer was lost: only the events after it are new.
            var fresh = new LinkedHashMap<String, List<RunEvent>>();
            lasts(handle, left).forEach((rootRunId, last) -> {
                var rest = Objects.requireNonNull(trees.get(rootRunId)).stream()
                        .filter(event -> event.index() > last)
                        .toList();
                if (!rest.isEmpty()) {
                    fresh.put(rootRunId, rest);
                }
            });
            insert(handle, fresh);
        }
    }

    /** @return the roots of those that were not inserted */
    private List<String> insert(Handle handle, Map<String, List<RunEvent>> trees) {
        var batch = handle.prepareBatch(insert);
        trees.forEach((rootRunId, all) -> bind(batch, rootRunId, all).add());
        var inserted = UpdateCounts.areOne(batch.execute());
        var roots = List.copyOf(trees.keySet());
        return IntStream.range(0, inserted.length)
                .filter(i -> !inserted[i])
                .mapToObj(roots::get)
                .toList();
    }

    /** The {@link #LAST} of each root run, by its id; root runs that are not stored are left out. */
    private static Map<String, Long> lasts(Handle handle, Collection<String> rootRunIds) {
        return handle.createQuery("select run_id, " + LAST.formatted("run_id") + " as last"
                        + " from rein_runs where run_id in (<roots>)")
                .bindList(
                        "roots",
                        rootRunIds.stream()
                                .map(id -> ColumnText.id("root run's id", id))
                                .toList())
                .reduceRows(new HashMap<>(), (lasts, row) -> {
                    lasts.put(row.getColumn("run_id", String.class), row.getColumn("last", Long.class));
                    return lasts;
                });
    }

    private static <S extends SqlStatement<S>> S bind(S insert, String rootRunId, List<RunEvent> events) {
        return insert.bind("root", ColumnText.id("root run's id", rootRunId))
                .bind("first", events.getFirst().index())
                .bind("last", events.getLast().index())
                .bind("events", EventCodec.write(events));
    }

    /** Appends the terminal event of a run in place of its own process, if events of its tree are stored. */
    void appendEnd(Handle handle, StoredRun run) {
        long last = lasts(handle, List.of(run.rootRunId())).getOrDefault(run.rootRunId(), -1L);
        if (last >= 0) {
            bind(
                            handle.createUpdate(insert),
                            run.rootRunId(),
                            List.of(run.lastEvent(last + 1).orElseThrow()))
                    .execute();
        }
    }

    /** A row of events. */
    private record Batch(long lastIndex, String events) {}

    List<RunEvent> list(Handle handle, String rootRunId, long afterIndex, int most) {
        var events = new ArrayList<RunEvent>();
        var after = afterIndex;
        while (events.size() < most) {
            var batches = batches(handle, rootRunId, after);
            for (var batch : batches) {
                after = batch.lastIndex();
                EventCodec.read(batch.events()).stream()
                        .filter(event -> event.index() > afterIndex)
                        .limit(most - events.size())
                        .forEach(events::add);
            }
            if (batches.size() < ROWS) {
                break;
            }
        }
        return events;
    }

    private static List<Batch> batches(Handle handle, String rootRunId, long after) {
        return handle.createQuery("""
            select last_index, events from rein_events where root_run_id = :root and last_index > :after
            order by first_index limit :most\
            """)
                .bind("root", ColumnText.id("root run's id", rootRunId))
                .bind("after", after)
                .bind("most", ROWS)
                .map((row, _) -> new Batch(row.getLong(1), row.getString(2)))
                .list();
    }

    /** Deletes the events of trees whose root runs are deleted. */
    void delete(Handle handle, Collection<String> rootRunIds) {
        var batch = handle.prepareBatch("delete from rein_events where root_run_id = :root");
        rootRunIds.forEach(id -> batch.bind("root", id).add());
        if (!rootRunIds.isEmpty()) {
            batch.execute();
        }
    }
}
