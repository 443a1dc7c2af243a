package dev.rein.internal.run;

import dev.rein.run.RunStatus;
import dev.rein.session.Session;
import dev.rein.session.SessionStore;
import dev.rein.session.StateChange;
import dev.rein.session.StoredRun;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to one store: everything in order, on one platform thread, so that a slow store holds up nobody who does not want
 * to wait for it. The end of a run is written again until it is taken.
 */
final class Storage {
    /**
     * A session as it was when a run began.
     *
     * @param session the session; empty when it is new
     * @param runs the latest of its runs, as many as were asked for
     */
    record Loaded(Optional<Session> session, List<StoredRun> runs) {}

    private static final Logger log = LoggerFactory.getLogger(Storage.class);
    private static final int MOST_WAITING = 10_000;
    private static final long LONGEST_BACKOFF_MILLIS = 5_000;

    private static final Map<SessionStore, Storage> ALL = new WeakHashMap<>();

    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MOST_WAITING), Threads.daemon("rein-store"));

    private Storage() {
        thread.allowCoreThreadTimeOut(true);
    }

    static Storage of(SessionStore store) {
        synchronized (ALL) {
            return ALL.computeIfAbsent(store, _ -> new Storage());
        }
    }

    CompletableFuture<Boolean> insert(SessionStore store, StoredRun run) {
        return CompletableFuture.supplyAsync(() -> store.insert(run), thread);
    }

    Future<Loaded> load(SessionStore store, String sessionId, RunPlan.History history) {
        return thread.submit(() -> new Loaded(store.session(sessionId), latest(store, sessionId, history)));
    }

    private static List<StoredRun> latest(SessionStore store, String sessionId, RunPlan.History history) {
        var statuses = history.cancelled()
                ? EnumSet.of(RunStatus.COMPLETED, RunStatus.CANCELLED)
                : EnumSet.of(RunStatus.COMPLETED);
        return history.runs() == 0 ? List.of() : store.latest(sessionId, statuses, history.runs());
    }

    /** Writes where a live run stands, if the store takes it: the end of the run is written in any case. */
    void update(SessionStore store, StoredRun run) {
        try {
            thread.execute(() -> {
                try {
                    store.update(run);
                } catch (Exception e) {
                    log.warn("run {} is {}, which could not be stored", run.runId(), run.status(), e);
                }
            });
        } catch (RejectedExecutionException e) {
            log.warn(
                    "run {} is {}, which is not stored: {} writes wait already",
                    run.runId(),
                    run.status(),
                    MOST_WAITING);
        }
    }

    /**
     * Writes the end of a run, as often as it takes, unless the store can't hold it.
     *
     * @param inserting the write of its first row, which this comes behind; null if that is done. If the row turns out to be
     *     another run's, nothing is written
     * @return null if too much waits already: it is lost, and reported
     */
    @Nullable
    Future<SessionStore.Finished> finish(
            SessionStore store, StoredRun run, List<StateChange> changes, @Nullable Future<Boolean> inserting) {
        try {
            return thread.submit(() -> {
                if (inserting != null && inserting.state() == Future.State.SUCCESS && !inserting.resultNow()) {
                    throw new IllegalStateException("a run with id \"" + run.runId() + "\" was stored already");
                }
                return untilWritten(run.runId(), () -> store.finish(run, changes));
            });
        } catch (RejectedExecutionException e) {
            log.error("the end of run {} is lost: {} writes wait for the store already", run.runId(), MOST_WAITING);
            return null;
        }
    }

    private static <T> T untilWritten(String runId, Callable<T> write) throws InterruptedException {
        var wait = 50L;
        while (true) {
            try {
                return write.call();
            } catch (IllegalArgumentException e) {
                // It would fail again, and everything behind it would wait for ever.
                throw e;
            } catch (Exception e) {
                log.warn("the end of run {} could not be stored; trying again in {} ms", runId, wait, e);
                Thread.sleep(wait);
                wait = Math.min(wait * 2, LONGEST_BACKOFF_MILLIS);
            }
        }
    }
}
