package dev.rein.internal.storing;

import dev.rein.cancel.CancelRequest;
import dev.rein.run.CancelResult;
import dev.rein.runtime.RunSelector;
import dev.rein.session.SessionStore;
import dev.rein.session.SharedStore;
import dev.rein.session.SharedStore.CancelReceipt;
import dev.rein.session.StoredRun;
import dev.rein.text.PlainText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The shared stores that this process uses: those of its components and those given in run options. Thread-safe. */
public final class SharedStores {
    /** How long a caller waits for the answer of a store. */
    static final Duration ANSWER_WAIT = Duration.ofSeconds(5);

    /** How long a request to cancel waits for the owner's acknowledgement; owners poll every half second. */
    private static final Duration ACKNOWLEDGE_WAIT = Duration.ofSeconds(1);

    /** The number of runs that are looked at between two waits. */
    private static final int ACKNOWLEDGED_TOGETHER = 100;

    private static final Logger log = LoggerFactory.getLogger(SharedStores.class);

    private final LogInterval refusals = new LogInterval(System::nanoTime);
    private final ProcessRuns runs;
    private final WeakIdentityMap<SharedStore, ProcessLease> all = new WeakIdentityMap<>();

    public SharedStores(ProcessRuns runs) {
        this.runs = runs;
    }

    /** The lease of this process in a store; null if the store is not shared. */
    @Nullable
    public ProcessLease of(SessionStore store) {
        if (!(store instanceof SharedStore shared)) {
            return null;
        }
        var known = all.get(shared);
        if (known != null) {
            return known;
        }
        // Asked for first: it is code of the store.
        var duration = shared.lease();
        return all.computeIfAbsent(shared, () -> new ProcessLease(runs, shared, duration));
    }

    List<ProcessLease> all() {
        return all.values();
    }

    List<ProcessLease> inUse() {
        return all().stream().filter(lease -> lease.store() != null).toList();
    }

    // ---- runs of other processes

    /** The live runs of other processes. */
    public RunsElsewhere elsewhere() {
        return new RunsElsewhere(this);
    }

    /**
     * Finds a run in any of the stores.
     *
     * @throws IllegalStateException if a store does not answer
     */
    public Optional<StoredRun> find(String runId) {
        for (var lease : inUse()) {
            var run = lease.call(store -> store.run(runId));
            if (run.isPresent()) {
                return run;
            }
        }
        return Optional.empty();
    }

    /**
     * Requests the cancellation of a run that is not live in this process.
     *
     * @return empty if no store has the run, or it is not selected
     */
    public Optional<CancelResult> cancel(String runId, CancelRequest request, RunSelector selector) {
        String note = null;
        for (var lease : inUse()) {
            try {
                var receipt = lease.call(store -> isSelected(store, runId, selector)
                        ? store.requestCancel(runId, request)
                        : Optional.<CancelReceipt>empty());
                if (receipt.isPresent()) {
                    var here = runs.live(runId);
                    if (here != null) {
                        // It has started in this process since the caller looked: it knows what becomes of the stop.
                        return Optional.of(here.cancelHere(request));
                    }
                    return Optional.of(result(lease, receipt.get()));
                }
            } catch (IllegalStateException e) {
                if (refusals.mayLog()) {
                    log.warn(
                            "the request to cancel run {} could not be stored: {}; {} further ones failed since the last"
                                    + " such line",
                            runId,
                            PlainText.message(e),
                            refusals.takeSkipped());
                }
                note = "not every store of this process could be asked: " + PlainText.message(e);
            }
        }
        return note == null
                ? Optional.empty()
                : Optional.of(new CancelResult(runId, CancelResult.Outcome.REMEMBERED, null, null, null, false, note));
    }

    private static boolean isSelected(SharedStore store, String runId, RunSelector selector) {
        return selector.isAll()
                || store.run(runId)
                        .filter(run -> selector.selects(run.source(), run.componentId(), run.sessionId(), run.userId()))
                        .isPresent();
    }

    /** Makes the result for a receipt, after waiting a moment for the owner's acknowledgement. */
    static CancelResult result(ProcessLease lease, CancelReceipt receipt) {
        var waiting = new ArrayList<String>();
        if (!receipt.acknowledged()) {
            waiting.add(receipt.run().runId());
        }
        awaitAcknowledged(lease, waiting);
        return result(receipt, waiting.isEmpty());
    }

    static CancelResult result(CancelReceipt receipt, boolean acknowledged) {
        var run = receipt.run();
        return new CancelResult(
                run.runId(),
                receipt.outcome(),
                run.status(),
                run.effectiveMode(),
                run.cause(),
                acknowledged,
                acknowledged
                        ? null
                        : "the process that has the run has not answered yet: the request is stored, and takes effect"
                                + " when it polls the store, or when its lease expires");
    }

    /** Waits a moment until the owners of runs have acknowledged the requests to cancel them, and removes those runs. */
    static void awaitAcknowledged(ProcessLease lease, List<String> runIds) {
        var end = System.nanoTime() + ACKNOWLEDGE_WAIT.toNanos();
        try {
            for (var wait = 2L; !runIds.isEmpty() && System.nanoTime() < end; wait = Math.min(2 * wait, 50)) {
                Thread.sleep(wait);
                var first = List.copyOf(runIds.subList(0, Math.min(runIds.size(), ACKNOWLEDGED_TOGETHER)));
                runIds.removeAll(lease.call(
                        store -> first.stream().filter(store::isAcknowledged).toList()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IllegalStateException e) {
            log.debug("whether the requests to cancel runs {} were acknowledged is unknown", runIds, e);
        }
    }

    // ---- the end of the process

    /** Begins to release the paused runs that other processes can resume. */
    public PausedRelease releasePaused() {
        return new PausedRelease(
                all().stream().flatMap(lease -> lease.release().stream()).toList());
    }

    /** Ends the leases of this process, whose runs have all ended. */
    public void deregister(Duration atMost) {
        var end = System.nanoTime() + atMost.toNanos();
        for (var lease : all()) {
            lease.deregister(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        }
    }
}
