package dev.rein.os.internal.http;

import dev.rein.run.Requirement;
import dev.rein.run.RunStatus;
import dev.rein.runtime.Component;
import dev.rein.runtime.RunHandle;
import dev.rein.runtime.StreamExpiredException;
import dev.rein.session.StoredRun;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * A run that waits for people.
 *
 * @param open what it waits for
 * @param lastIndex the index of its last event
 */
record PausedRun(List<Requirement> open, long lastIndex) {

    /**
     * One of this process, or one that another has left in the store.
     *
     * @param notFound what to say if there is none of this id
     * @throws Problem if there is none, or it waits for nobody
     */
    static PausedRun find(
            RunService live, StoreAccess stored, Component component, String runId, Caller caller, String notFound) {
        var here = live.find(runId, component.kind(), component, caller);
        if (here.isPresent() && !here.get().status().isTerminal()) {
            return new PausedRun(here.get().output().requirements(), last(here.get()));
        }
        var row = stored.run(component, runId, caller);
        var pause = row.map(StoredRun::pause).orElse(null);
        if (pause != null && row.get().status() == RunStatus.PAUSED) {
            return new PausedRun(pause.requirements(), pause.nextIndex() - 1);
        }
        var status = here.map(RunHandle::status).or(() -> row.map(StoredRun::status));
        if (status.isPresent()) {
            throw Problem.conflict("run is already " + status.get().name().toLowerCase(Locale.ROOT));
        }
        throw Problem.notFound(notFound);
    }

    /** The index of a run's last event, of however many; -1 if there is none. */
    static long last(RunHandle run) {
        var last = -1L;
        while (true) {
            try (var events = run.events(last)) {
                for (var event = events.next(Duration.ZERO); event != null; event = events.next(Duration.ZERO)) {
                    last = event.index();
                }
                return last;
            } catch (StreamExpiredException e) {
                last = e.oldestIndex() - 1;
            }
        }
    }
}
