package dev.rein.internal.storing;

import dev.rein.internal.PrintableExceptions;
import dev.rein.internal.stop.Threads;
import dev.rein.run.event.RunEvent;
import dev.rein.run.event.Terminal;
import dev.rein.runtime.EventStream;
import dev.rein.runtime.StreamExpiredException;
import dev.rein.session.SharedStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes the events of this process's runs on to those who follow them in other processes, through their shared store: those that
 * are still in memory first, and then each batch as it comes. All on one thread, which never holds up a run: a run whose events
 * come too fast for the store is passed on with gaps, which the followers see from the indexes. Thread-safe.
 */
final class EventPublisher {
    private static final long INTERVAL_MILLIS = 50;

    /** The number of events of a run that are passed on at once. */
    private static final int MOST_EVENTS = 1_000;

    /** The number of runs that are passed on at the same time. */
    private static final int MOST_RUNS = 1_000;

    private static final Logger log = LoggerFactory.getLogger(EventPublisher.class);

    private final ProcessLease lease;
    private final ProcessRuns runs;
    private final ScheduledThreadPoolExecutor thread =
            new ScheduledThreadPoolExecutor(1, Threads.daemon("rein-publish"));

    /** The followed runs. Guarded by this, as is what is in it. */
    private final Map<String, Followed> followed = new HashMap<>();

    private boolean isWorking;
    private boolean failing;

    /** A followed run. */
    private static final class Followed {
        private final RecordedRun run;
        private final List<RunEvent> pending = new ArrayList<>();
        private EventStream events;
        private long last = -1;

        Followed(RecordedRun run) {
            this.run = run;
            this.events = run.events(-1);
        }

        /** The next events to pass on, which are in memory. */
        List<RunEvent> pending() {
            if (events.isOver() && !run.status().isTerminal()) {
                // A stream ends with a pause, and the run may go on.
                events.close();
                events = run.events(last);
            }
            while (pending.size() < MOST_EVENTS) {
                var event = next();
                if (event == null) {
                    break;
                }
                pending.add(event);
                last = event.index();
            }
            return List.copyOf(pending);
        }

        private @Nullable RunEvent next() {
            while (true) {
                try {
                    return live(events.next(Duration.ZERO));
                } catch (StreamExpiredException e) {
                    events.close();
                    events = run.events(e.oldestIndex() - 1);
                }
            }
        }

        /** The last event of an execution that is followed by another is not the last one of the run. */
        private @Nullable RunEvent live(@Nullable RunEvent event) {
            var record = run.record();
            return event instanceof Terminal && event.runId().equals(run.id()) && record != null && record.isGivenAway()
                    ? null
                    : event;
        }

        void passedOn() {
            pending.clear();
        }

        boolean isOver() {
            return pending.isEmpty() && events.isOver() && run.status().isTerminal();
        }
    }

    EventPublisher(ProcessLease lease, ProcessRuns runs) {
        this.lease = lease;
        this.runs = runs;
        thread.setKeepAliveTime(10, TimeUnit.SECONDS);
        thread.allowCoreThreadTimeOut(true);
    }

    /** Passes on the events of these runs, and no longer those of others, unless they have just ended. */
    synchronized void follow(Collection<String> rootRunIds) {
        var wanted = new HashSet<>(rootRunIds);
        followed.entrySet().removeIf(each -> {
            var isLeft = !wanted.contains(each.getKey())
                    && !each.getValue().run.status().isTerminal();
            if (isLeft) {
                each.getValue().events.close();
            }
            return isLeft;
        });
        for (var id : wanted) {
            var run = followed.containsKey(id) || followed.size() >= MOST_RUNS ? null : runs.live(id);
            if (run != null && run.isRoot()) {
                followed.put(id, new Followed(run));
            }
        }
        if (!followed.isEmpty() && !isWorking) {
            isWorking = true;
            workLater(0);
        }
    }

    private synchronized void workLater(long millis) {
        try {
            var _ = thread.schedule(this::work, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            isWorking = false;
        }
    }

    private void work() {
        Map<String, Followed> all;
        synchronized (this) {
            all = new HashMap<>(followed);
        }
        var over = new HashSet<String>();
        var shared = lease.store();
        all.forEach((id, run) -> {
            if (shared == null || !publish(shared, id, run)) {
                over.add(id);
            }
        });
        end(over);
    }

    private synchronized void end(Set<String> over) {
        over.forEach(followed::remove);
        if (followed.isEmpty()) {
            isWorking = false;
        } else {
            workLater(INTERVAL_MILLIS);
        }
    }

    /** @return false if there is nothing more to pass on */
    private boolean publish(SharedStore shared, String rootRunId, Followed run) {
        try {
            var events = run.pending();
            if (!events.isEmpty()) {
                PrintableExceptions.get(() -> {
                    shared.publish(rootRunId, events);
                    return true;
                });
                run.passedOn();
            }
            failing = false;
            return !run.isOver();
        } catch (RuntimeException e) {
            if (!failing) {
                failing = true;
                log.warn("events of run {} could not be passed on to other processes", rootRunId, e);
            }
            return !run.run.status().isTerminal();
        }
    }

    void close() {
        thread.shutdown();
    }
}
