package dev.rein.internal.storing;

import dev.rein.cancel.CancelRequest;
import dev.rein.run.CancelResult;
import dev.rein.session.SharedStore;
import dev.rein.session.SharedStore.CancelReceipt;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes a request to cancel a paused run on, if another process has adopted the run and this one has not heard of it. Whoever
 * asks looks, and is given that process's answer; an adoption that comes later is found when the end of the run is written.
 * Thread-safe.
 */
public final class AdoptedElsewhere {
    private static final Logger log = LoggerFactory.getLogger(AdoptedElsewhere.class);

    private final RunRecord record;
    private boolean isAsked;
    private boolean isPassedOn;
    private @Nullable CancelRequest waiting;

    AdoptedElsewhere(RunRecord record) {
        this.record = record;
    }

    /** Comes before the run is cancelled here, and {@link #passOn} after it: the end of the run leaves the request to that. */
    public synchronized void begin() {
        isAsked = true;
    }

    /**
     * Passes the request on and waits, for as long as the end of a run waits for its store.
     *
     * @return the answer of the other process; empty if the run is this process's own, or the store does not answer in time
     */
    public Optional<CancelResult> passOn(CancelRequest request) {
        var lease = Objects.requireNonNull(record.lease());
        var receipt = Optional.<CancelReceipt>empty();
        try {
            receipt = lease.call(
                    store -> requestCancel(store, request), record.storing().endWait());
        } catch (IllegalStateException e) {
            log.debug("whether run {} is another process's is not known", record.runId(), e);
        }
        var left = asked(receipt.isPresent());
        if (left != null) {
            passOnSoon(left);
        }
        return receipt.map(each -> SharedStores.result(lease, each));
    }

    private synchronized @Nullable CancelRequest asked(boolean passedOn) {
        isAsked = false;
        isPassedOn |= passedOn;
        var left = isPassedOn ? null : waiting;
        waiting = null;
        return left;
    }

    /** The same without waiting, for a run that turned out to be another process's when its end was written. */
    public void passOnSoon(CancelRequest request) {
        synchronized (this) {
            if (isAsked) {
                waiting = request;
            }
            if (isAsked || isPassedOn) {
                return;
            }
        }
        if (record.storing().store() instanceof SharedStore shared) {
            var _ = StoreWriter.of(shared)
                    .submit(() -> requestCancel(shared, request))
                    .whenComplete((_, failure) -> {
                        if (failure != null) {
                            log.warn(
                                    "the stop of run {} could not be passed on to its new process",
                                    record.runId(),
                                    failure);
                        }
                    });
        }
    }

    private Optional<CancelReceipt> requestCancel(SharedStore shared, CancelRequest request) {
        var row = shared.run(record.runId());
        var isLost = row.isPresent() && !row.get().status().isTerminal() && !record.isMine(row);
        return isLost ? shared.requestCancel(record.runId(), request) : Optional.empty();
    }
}
