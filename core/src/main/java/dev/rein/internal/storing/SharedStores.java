package dev.rein.internal.storing;

import dev.rein.cancel.CancelRequest;
import dev.rein.run.CancelResult;
import dev.rein.session.SessionStore;
import dev.rein.session.SharedStore;
import dev.rein.session.StoredRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The shared stores that this process uses: those of its components, and of the options of its runs. Thread-safe. */
public final class SharedStores {
    /** How long whoever asks waits for a store. */
    static final Duration ANSWER_WAIT = Duration.ofSeconds(5);

    /** How long a stop waits for the process that has the run to acknowledge it: it polls every half second. */
    private static final Duration ACKNOWLEDGE_WAIT = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(SharedStores.class);

    private final ProcessRuns runs;
    private final ExecutorService executor;
    private final Map<SharedStore, ProcessLease> all = new WeakHashMap<>();

    /** @param executor asks stores, on platform threads */
    public SharedStores(ProcessRuns runs, ExecutorService executor) {
        this.runs = runs;
        this.executor = executor;
    }

    /** Null for a store that is of one process alone. */
    @Nullable
    public ProcessLease of(SessionStore store) {
        if (!(store instanceof SharedStore shared)) {
            return null;
        }
        synchronized (all) {
            return all.computeIfAbsent(shared, _ -> new ProcessLease(runs, shared));
        }
    }

    List<ProcessLease> all() {
        synchronized (all) {
            return List.copyOf(all.values());
        }
    }

    private List<SharedStore> stores() {
        var stores = new ArrayList<SharedStore>();
        for (var lease : all()) {
            var store = lease.store();
            if (store != null) {
                stores.add(store);
            }
        }
        return stores;
    }

    // ---- runs of other processes

    /**
     * Looks for a run.
     *
     * @throws IllegalStateException if a store does not answer
     */
    public Optional<StoredRun> find(String runId) {
        for (var store : stores()) {
            var run = call(() -> store.run(runId));
            if (run.isPresent()) {
                return run;
            }
        }
        return Optional.empty();
    }

    /**
     * Stops a run that is not live here.
     *
     * @return empty if no store knows it
     */
    public Optional<CancelResult> cancel(String runId, CancelRequest request) {
        String note = null;
        for (var store : stores()) {
            try {
                var result = call(() -> ask(store, runId, request));
                if (result.isPresent()) {
                    return result;
                }
            } catch (IllegalStateException e) {
                log.warn("the stop of run {} could not be stored", runId, e);
                note = "not every store of this process could be asked: " + e.getMessage();
            }
        }
        return note == null
                ? Optional.empty()
                : Optional.of(new CancelResult(runId, CancelResult.Outcome.REMEMBERED, null, null, null, false, note));
    }

    private static Optional<CancelResult> ask(SharedStore store, String runId, CancelRequest request)
            throws InterruptedException {
        var answer = store.requestCancel(runId, request);
        if (answer.isEmpty()) {
            return Optional.empty();
        }
        var asked = answer.get();
        var acknowledged = asked.acknowledged() || awaitAcknowledged(store, runId);
        var run = asked.run();
        return Optional.of(new CancelResult(
                runId,
                asked.outcome(),
                run.status(),
                run.effectiveMode(),
                run.cause(),
                acknowledged,
                acknowledged
                        ? null
                        : "the process that has the run has not answered yet: the request is stored, and takes effect"
                                + " when it polls the store, or when its lease expires"));
    }

    private static boolean awaitAcknowledged(SharedStore store, String runId) throws InterruptedException {
        var end = System.nanoTime() + ACKNOWLEDGE_WAIT.toNanos();
        for (var wait = 2L; System.nanoTime() < end; wait = Math.min(2 * wait, 50)) {
            Thread.sleep(wait);
            if (store.isAcknowledged(runId)) {
                return true;
            }
        }
        return false;
    }

    /** Asks a store, on a thread of the kernel's own, for a bounded time; an interrupt does not end it, and is not lost. */
    <T> T call(Callable<T> query) {
        var answer = executor.submit(query);
        var interrupted = false;
        var end = System.nanoTime() + ANSWER_WAIT.toNanos();
        try {
            while (true) {
                try {
                    return answer.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw new IllegalStateException("the store failed: " + e.getCause(), e);
                } catch (TimeoutException e) {
                    throw new IllegalStateException(
                            "the store did not answer within " + ANSWER_WAIT.toMillis() + " ms", e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    // ---- the end of the process

    public void releasePaused() {
        all().forEach(ProcessLease::releasePaused);
    }

    public void deregister() {
        all().forEach(ProcessLease::deregister);
    }
}
