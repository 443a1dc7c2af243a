package dev.rein.store;

import dev.rein.run.event.RunEvent;
import dev.rein.session.StoredRun;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The rows of events: one for each batch of a tree of runs. */
final class EventTable {

    void append(Handle handle, List<RunEvent> events) {
        var trees = new LinkedHashMap<String, List<RunEvent>>();
        for (var event : events) {
            trees.computeIfAbsent(event.meta().origin().rootRunId(), _ -> new ArrayList<>())
                    .add(event);
        }
        trees.forEach((rootRunId, all) -> last(handle, rootRunId).ifPresent(last -> {
            var fresh = all.stream().filter(event -> event.index() > last).toList();
            if (!fresh.isEmpty()) {
                insert(handle, rootRunId, fresh);
            }
        }));
    }

    /** The index of the last event that is stored, -1 for none; empty when the run itself is not. */
    private static Optional<Long> last(Handle handle, String rootRunId) {
        return handle.createQuery("""
                        select coalesce((select max(last_index) from rein_events where root_run_id = :root), -1)
                        from rein_runs where run_id = :root""")
                .bind("root", Plain.id("root run's id", rootRunId))
                .mapTo(Long.class)
                .findOne();
    }

    private static void insert(Handle handle, String rootRunId, List<RunEvent> events) {
        handle.createUpdate("""
                        insert into rein_events (root_run_id, first_index, last_index, events)
                        values (:root, :first, :last, :events)""")
                .bind("root", rootRunId)
                .bind("first", events.getFirst().index())
                .bind("last", events.getLast().index())
                .bind("events", EventCodec.write(events))
                .execute();
    }

    /** Adds the last event of a run whose own process could not, if there are others of its tree. */
    void appendEnd(Handle handle, StoredRun run) {
        last(handle, run.rootRunId())
                .filter(last -> last >= 0)
                .ifPresent(last -> insert(handle, run.rootRunId(), List.of(LastEvent.of(run, last + 1))));
    }

    List<RunEvent> list(Handle handle, String rootRunId, long afterIndex, int most) {
        var events = new ArrayList<RunEvent>();
        try (var batches = handle.createQuery("""
                        select events from rein_events where root_run_id = :root and last_index > :after
                        order by first_index limit :most""")
                .bind("root", Plain.id("root run's id", rootRunId))
                .bind("after", afterIndex)
                .bind("most", most)
                .mapTo(String.class)
                .iterator()) {
            while (batches.hasNext() && events.size() < most) {
                for (var event : EventCodec.read(batches.next())) {
                    if (event.index() > afterIndex && events.size() < most) {
                        events.add(event);
                    }
                }
            }
        }
        return events;
    }

    /** Deletes those of a session's runs. */
    void delete(Handle handle, String sessionId) {
        handle.createUpdate("""
                        delete from rein_events
                        where root_run_id in (select run_id from rein_runs where session_id = :session)""").bind("session", sessionId).execute();
    }
}
