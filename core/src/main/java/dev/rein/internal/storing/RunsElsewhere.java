package dev.rein.internal.storing;

import dev.rein.cancel.CancelRequest;
import dev.rein.run.CancelResult;
import dev.rein.run.RunStatus;
import dev.rein.runtime.EventStream;
import dev.rein.runtime.RunSelector;
import dev.rein.session.SharedStore;
import dev.rein.session.SharedStore.CancelReceipt;
import dev.rein.session.SharedStore.LiveQuery;
import dev.rein.session.StoredRun;
import dev.rein.text.PlainText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The live runs of other processes, in all shared stores that this process uses. Thread-safe. */
public final class RunsElsewhere {
    /** How long a caller waits for the requests to cancel many runs to be stored. */
    private static final Duration CANCEL_WAIT = Duration.ofSeconds(30);

    private static final Logger log = LoggerFactory.getLogger(RunsElsewhere.class);

    private final SharedStores stores;

    RunsElsewhere(SharedStores stores) {
        this.stores = stores;
    }

    /**
     * Lists runs, oldest first.
     *
     * @throws IllegalStateException if a store does not answer
     */
    public List<StoredRun> live(RunSelector selector, boolean children, int most) {
        var all = new LinkedHashMap<String, StoredRun>();
        for (var lease : stores.inUse()) {
            live(lease, selector, children, most).forEach(run -> all.putIfAbsent(run.runId(), run));
        }
        return all.values().stream()
                .sorted(Comparator.comparing(StoredRun::createdAt))
                .limit(most)
                .toList();
    }

    private static List<StoredRun> live(ProcessLease lease, RunSelector selector, boolean children, int most) {
        var query = new LiveQuery(
                selector.kind(),
                selector.componentId(),
                selector.sessionId(),
                selector.userId(),
                lease.owner(),
                children,
                most);
        return lease.call(store -> store.live(query)).stream()
                .filter(run -> !lease.isMine(run.owner()))
                .toList();
    }

    /**
     * Returns the status of each run that a store has.
     *
     * @throws IllegalStateException if a store does not answer
     */
    public Map<String, RunStatus> statuses(Collection<String> runIds) {
        var all = new HashMap<String, RunStatus>();
        for (var lease : stores.inUse()) {
            lease.call(store -> store.statuses(runIds)).forEach(all::putIfAbsent);
        }
        return all;
    }

    /**
     * Follows a run that is not in this process.
     *
     * @param afterIndex the index after which the events come; -1 for all
     * @return empty if no store has the run
     * @throws IllegalStateException if a store does not answer
     */
    public Optional<EventStream> events(String runId, long afterIndex) {
        for (var lease : stores.inUse()) {
            var run = lease.call(store -> store.run(runId));
            if (run.isPresent()) {
                return Optional.of(new EventsElsewhere(lease, run.get(), afterIndex));
            }
        }
        return Optional.empty();
    }

    /**
     * Requests the cancellation of runs at the top of their trees. All requests are stored first; then it waits, once for all of
     * them, until their owners have acknowledged them. A store that does not answer is logged, and its runs go on.
     *
     * @return the results, one for each run
     */
    public List<CancelResult> cancel(RunSelector selector, CancelRequest request) {
        var results = new ArrayList<CancelResult>();
        for (var lease : stores.inUse()) {
            try {
                var runs = live(lease, selector, false, LiveQuery.MOST);
                if (!runs.isEmpty()) {
                    results.addAll(cancel(lease, runs, request));
                }
            } catch (IllegalStateException e) {
                log.warn("runs of other processes could not be stopped: {}", PlainText.message(e), e);
            }
        }
        return results;
    }

    private static List<CancelResult> cancel(ProcessLease lease, List<StoredRun> runs, CancelRequest request) {
        var receipts = lease.call(store -> requestAll(store, runs, request), CANCEL_WAIT);
        var waiting = new ArrayList<>(receipts.stream()
                .filter(receipt -> !receipt.acknowledged())
                .map(receipt -> receipt.run().runId())
                .toList());
        SharedStores.awaitAcknowledged(lease, waiting);
        return receipts.stream()
                .map(receipt -> SharedStores.result(
                        receipt, !waiting.contains(receipt.run().runId())))
                .toList();
    }

    private static List<CancelReceipt> requestAll(SharedStore store, List<StoredRun> runs, CancelRequest request) {
        var receipts = new ArrayList<CancelReceipt>();
        for (var run : runs) {
            store.requestCancel(run.runId(), request).ifPresent(receipts::add);
        }
        return receipts;
    }
}
