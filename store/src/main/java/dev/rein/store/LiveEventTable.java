package dev.rein.store;

import dev.rein.run.event.RunEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** The trees of runs that other processes follow, and their events for as long as they do. */
final class LiveEventTable {
    /** How long events are kept after the last follower has left, for one that reconnects. */
    private static final Duration KEPT = Duration.ofMinutes(1);

    /** The number of rows that are read at once. */
    private static final int ROWS = 50;

    private final Dialect dialect;

    LiveEventTable(Dialect dialect) {
        this.dialect = dialect;
    }

    /** @return whether there is such a tree */
    boolean follow(Handle handle, String rootRunId, Duration atLeast) {
        handle.execute(
                "delete from rein_followed_runs where until < " + dialect.currentMillis + " - " + KEPT.toMillis());
        return handle.createUpdate("""
            insert into rein_followed_runs (root_run_id, until)
            select run_id, %1$s + :millis from rein_runs where run_id = :root and parent_run_id is null
            on conflict (root_run_id) do update set until =
                case when rein_followed_runs.until > excluded.until then rein_followed_runs.until else excluded.until end\
            """.formatted(dialect.currentMillis))
                        .bind("root", ColumnText.id("root run's id", rootRunId))
                        .bind("millis", atLeast.toMillis())
                        .execute()
                == 1;
    }

    /** The followed trees of an owner. */
    List<String> followed(Handle handle, String owner) {
        return handle.createQuery("""
            select followed.root_run_id from rein_followed_runs followed
            join rein_runs run on run.run_id = followed.root_run_id
            where run.owner = :owner and followed.until > %s\
            """.formatted(dialect.currentMillis))
                .bind("owner", owner)
                .mapTo(String.class)
                .list();
    }

    /** Adds the events that come after those that are there; none if the tree is not followed. */
    void publish(Handle handle, String rootRunId, List<RunEvent> events) {
        var last = handle.createQuery("select last_index from rein_live_events where root_run_id = :root"
                        + " order by first_index desc limit 1")
                .bind("root", rootRunId)
                .mapTo(Long.class)
                .findOne()
                .orElse(-1L);
        var fresh = events.stream().filter(event -> event.index() > last).toList();
        if (fresh.isEmpty()) {
            return;
        }
        handle.createUpdate("""
            insert into rein_live_events (root_run_id, first_index, last_index, events)
            select root_run_id, :first, :last, :events from rein_followed_runs where root_run_id = :root\
            """ + dialect.keepLock)
                .bind("root", rootRunId)
                .bind("first", fresh.getFirst().index())
                .bind("last", fresh.getLast().index())
                .bind("events", EventCodec.write(fresh))
                .execute();
    }

    /** Deletes the events of trees whose root runs are deleted. */
    void delete(Handle handle, Collection<String> rootRunIds) {
        var batch = handle.prepareBatch("delete from rein_followed_runs where root_run_id = :root");
        rootRunIds.forEach(id -> batch.bind("root", id).add());
        if (!rootRunIds.isEmpty()) {
            batch.execute();
        }
    }

    List<RunEvent> list(Handle handle, String rootRunId, long afterIndex, int most) {
        var events = new ArrayList<RunEvent>();
        var rows = handle.createQuery("""
            select events from rein_live_events where root_run_id = :root and last_index > :after
            order by first_index limit :most\
            """)
                .bind("root", ColumnText.id("root run's id", rootRunId))
                .bind("after", afterIndex)
                .bind("most", ROWS)
                .mapTo(String.class);
        try (var json = rows.iterator()) {
            // The rest is not parsed.
            while (events.size() < most && json.hasNext()) {
                EventCodec.read(json.next()).stream()
                        .filter(event -> event.index() > afterIndex)
                        .limit(most - events.size())
                        .forEach(events::add);
            }
        }
        return events;
    }
}
