package dev.rein.store;

import dev.rein.run.event.RunEvent;
import dev.rein.run.event.Terminal;
import dev.rein.session.Session;
import dev.rein.session.SessionStore.End;
import dev.rein.session.SessionStore.Finished;
import dev.rein.session.StateMerge;
import dev.rein.session.StoredRun;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Writes changes and ends of runs, with their last events and their changes of the session's state. */
final class RunEnds {
    private final SessionTable sessions;
    private final RunTable runs;
    private final EventTable events;
    private final QueueTable queue;
    private final RunCancellation cancellation;

    RunEnds(SessionTable sessions, RunTable runs, EventTable events, QueueTable queue, RunCancellation cancellation) {
        this.sessions = sessions;
        this.runs = runs;
        this.events = events;
        this.queue = queue;
        this.cancellation = cancellation;
    }

    /** Writes live runs and events of their trees; not those of a tree that its process has lost. */
    void save(Handle handle, List<StoredRun> changed, List<RunEvent> more) {
        var isMine = runs.updateLive(handle, changed);
        var lost = IntStream.range(0, isMine.length)
                .filter(i -> !isMine[i])
                .mapToObj(i -> changed.get(i).runId())
                .collect(Collectors.toSet());
        events.append(
                handle,
                more.stream()
                        .filter(event -> !lost.contains(event.meta().origin().rootRunId()))
                        .toList());
    }

    /** Locks sessions in the order of their ids, as all code does that locks more than one. */
    List<Finished> finish(Handle handle, List<End> ends) {
        var order = IntStream.range(0, ends.size())
                .boxed()
                .sorted(Comparator.comparing(
                        i -> Objects.requireNonNullElse(ends.get(i).run().sessionId(), "")))
                .toList();
        var sorted = order.stream().map(ends::get).toList();
        var leaveSessionsUnchanged = sorted.stream()
                .allMatch(end -> end.changes().isEmpty()
                        && end.run().sessionId() != null
                        && !queue.isRepeated(handle, end.run()));
        var done = leaveSessionsUnchanged ? finishTogether(handle, sorted) : new Finished[sorted.size()];
        var finished = new Finished[sorted.size()];
        for (var i = 0; i < finished.length; i++) {
            finished[order.get(i)] = done[i] == null ? finish(handle, sorted.get(i)) : done[i];
        }
        return List.of(finished);
    }

    /**
     * Ends runs that change nothing in their sessions, with one statement for each table. The last run of each session stands for
     * all of that session: if it is live, the session is updated and locked once.
     *
     * @param ends in the order of their sessions
     * @return the result for each end; null for one that must be written by itself, such as that of a run that is not live there
     */
    private @Nullable Finished[] finishTogether(Handle handle, List<End> ends) {
        var lastOfSessions = IntStream.range(0, ends.size())
                .filter(i -> i + 1 == ends.size() || !sessionOf(ends.get(i)).equals(sessionOf(ends.get(i + 1))))
                .mapToObj(i -> ends.get(i).run())
                .toList();
        var live = sessions.touch(handle, lastOfSessions);
        var updated = IntStream.range(0, live.length)
                .filter(i -> live[i])
                .mapToObj(i -> lastOfSessions.get(i).sessionId())
                .collect(Collectors.toSet());
        var left = IntStream.range(0, ends.size())
                .filter(i -> updated.contains(sessionOf(ends.get(i))))
                .boxed()
                .toList();
        var isMine = runs.updateLive(
                handle, left.stream().map(i -> ends.get(i).run()).toList());
        var finished = new @Nullable Finished[ends.size()];
        var last = new ArrayList<RunEvent>();
        for (var i = 0; i < isMine.length; i++) {
            if (isMine[i]) {
                var end = ends.get(left.get(i));
                last.addAll(end.events());
                finished[left.get(i)] = new Finished(end.run(), List.of());
            }
        }
        events.append(handle, last);
        return finished;
    }

    private static String sessionOf(End end) {
        return Objects.requireNonNull(end.run().sessionId());
    }

    /** Locks the session first, as all code does that changes both session and run, because of dead-locks. */
    private Finished finish(Handle handle, End end) {
        var run = end.run();
        if (queue.isRepeated(handle, run)) {
            return repeat(handle, end);
        }
        var sessionId = run.sessionId();
        var session = sessionId == null ? Optional.<Session>empty() : sessions.lock(handle, sessionId);
        if (!runs.updateLive(handle, run)) {
            return storedEnd(handle, run);
        }
        events.append(handle, end.events());
        if (session.isEmpty()) {
            return new Finished(run, List.of());
        }
        var merged = StateMerge.of(session.get().state(), end.changes());
        var changedAt = Objects.requireNonNullElse(run.endedAt(), session.get().updatedAt());
        sessions.update(handle, session.get().state(merged.state(), changedAt));
        return new Finished(run, merged.conflicts());
    }

    /**
     * The changes of the session state are those of the next execution. A stop that has come after it was decided to repeat the run
     * ends it here.
     */
    private Finished repeat(Handle handle, End end) {
        var run = end.run();
        return queue.repeat(handle, run)
                .map(row -> {
                    events.append(
                            handle,
                            end.events().stream()
                                    .filter(event -> !(event instanceof Terminal
                                            && event.runId().equals(run.runId())))
                                    .toList());
                    return new Finished(
                            cancellation.endIfAsked(handle, row.runId()).orElse(row), List.of());
                })
                .orElseGet(() -> storedEnd(handle, run));
    }

    /** The end of a run that another process has written, or whose session was deleted. */
    private Finished storedEnd(Handle handle, StoredRun run) {
        return runs.find(handle, run.runId())
                .map(row -> new Finished(row, List.of()))
                .orElseGet(() -> Finished.notStored(run));
    }
}
