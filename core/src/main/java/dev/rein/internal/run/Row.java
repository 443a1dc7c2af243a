package dev.rein.internal.run;

import dev.rein.run.RunStatus;
import dev.rein.run.event.RunEvent;
import dev.rein.session.SessionStore;
import dev.rein.session.StateChange;
import dev.rein.session.StoredRun;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run's row in its store: what of the run is still to be written, and whether that has been. The lists are guarded by the
 * tree's lock; the rest may be asked by anybody.
 */
final class Row {
    /** How many events wait for the store at most, of one tree. */
    static final int MOST_EVENTS = 10_000;

    /** So many are not held back any longer. */
    private static final int MANY_EVENTS = 1_000;

    private static final Logger log = LoggerFactory.getLogger(Row.class);

    private final Run run;
    private final Storing storing;
    private final Storage storage;
    private final List<RunEvent> events = new ArrayList<>(0);
    private final AtomicBoolean touched = new AtomicBoolean();
    private long lostEvents;
    private boolean over;
    private volatile boolean inserted;
    private volatile @Nullable Future<Boolean> inserting;

    Row(Run run, Storing storing) {
        this.run = run;
        this.storing = storing;
        this.storage = Storage.of(storing.store());
    }

    Kernel kernel() {
        return run.kernel();
    }

    Storing storing() {
        return storing;
    }

    long epoch() {
        return 1;
    }

    // ---- its start

    /** Writes it for the first time. */
    Future<Boolean> insert(Runnable then) {
        var writing = storage.insert(storing.store(), Views.row(run, RunStatus.PENDING), this::inserted);
        var _ = writing.whenComplete((_, _) -> then.run());
        return writing;
    }

    /** The run starts before it is written. */
    void startsBefore(Future<Boolean> first) {
        inserting = first;
    }

    /** It is there: from here on it follows its run. */
    private void inserted() {
        inserted = true;
        touched.set(false);
        if (run.scope().status() != RunStatus.PENDING) {
            touch();
        }
    }

    // ---- what happens meanwhile

    /** Something of the run has changed, and is written a little later. */
    void touch() {
        if (!touched.get() && touched.compareAndSet(false, true) && inserted) {
            storage.touched(this, false);
        }
    }

    /** The same, and others wait for it. */
    void touchNow() {
        touched.set(true);
        if (inserted) {
            storage.touched(this, true);
        }
    }

    /** An event of the run's tree, which is its own. Called under the tree's lock. */
    void event(RunEvent event) {
        if (over || !storing.events().stores(event)) {
            return;
        }
        if (events.size() >= MOST_EVENTS) {
            if (lostEvents++ == 0) {
                log.error(
                        "events of run {} from {} on are lost: {} wait for the store already",
                        run.id(),
                        event.index(),
                        MOST_EVENTS);
            }
            return;
        }
        events.add(event);
        if (events.size() == MANY_EVENTS) {
            touchNow();
        } else {
            touch();
        }
    }

    /** Takes what is to be written of a run that has not ended. */
    @Nullable
    StoredRun take(List<RunEvent> into) {
        return run.locked(() -> {
            touched.set(false);
            if (over) {
                return null;
            }
            into.addAll(events);
            events.clear();
            return Views.row(run, run.status());
        });
    }

    /** It could not be written: it is tried again. */
    void putBack(List<RunEvent> taken) {
        run.guarded(() -> {
            if (!over) {
                events.addAll(0, taken);
                touch();
            }
        });
    }

    // ---- its end

    /**
     * Writes the end, behind all that was to be written before.
     *
     * @param last the last event, if it is stored
     * @return null if it is lost
     */
    @Nullable
    Future<SessionStore.Finished> finish(StoredRun end, List<StateChange> changes, @Nullable RunEvent last) {
        return storage.finish(
                storing.store(),
                end,
                changes,
                inserting,
                () -> run.locked(() -> {
                    over = true;
                    var rest = new ArrayList<>(events);
                    events.clear();
                    if (last != null && storing.events().stores(last)) {
                        rest.add(last);
                    }
                    return rest;
                }));
    }
}
