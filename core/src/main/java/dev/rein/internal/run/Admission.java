package dev.rein.internal.run;

import dev.rein.cancel.CancelRequest;
import dev.rein.internal.storing.StoredTurn;
import dev.rein.run.CancelResult;
import dev.rein.run.RunFailure;
import dev.rein.run.RunRejectedException;
import dev.rein.run.RunRejectedException.Reason;
import dev.rein.session.SessionPolicy;
import dev.rein.text.PlainText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets runs in: registers a run, gives it its place among those that wait, and has its first row stored; or refuses it. A
 * refused run has ended: whoever has found it meanwhile sees it as failed, and those behind it go on without it. Thread-safe.
 */
final class Admission {
    private static final Logger log = LoggerFactory.getLogger(Admission.class);

    /** How long the start of a run waits for its store to take its row. */
    static final Duration STORE_START_WAIT = Duration.ofSeconds(5);

    /** What a store says of a run's turn, applied to the run's place in this process. */
    private record SessionTurn(AdmissionQueue queue, AdmissionQueue.Ticket ticket) implements StoredTurn {
        @Override
        public void given() {
            queue.giveTurn(ticket);
        }

        @Override
        public void unknown() {
            queue.withoutStore(ticket);
        }
    }

    private final RunRegistry registry;
    private final AdmissionQueue queue;
    private final Object preempting = new Object();
    private volatile boolean draining;
    private volatile boolean closed;

    /** @param executor signals admitted runs */
    Admission(RunRegistry registry, Executor executor) {
        this.registry = registry;
        this.queue = new AdmissionQueue(executor);
    }

    // ---- in

    /**
     * Takes a run in, which may wait from then on until it is admitted.
     *
     * @param background whether it counts as a background run
     * @throws RuntimeException if it is refused; it has ended then
     */
    void enter(Run run, boolean background) {
        var ticket = ticket(run, background);
        run.start().ticket(ticket);
        if (!registry.add(run)) {
            run.scope().end();
            throw new RunRejectedException(
                    Reason.ID_LIVE, "a run with id \"" + run.id() + "\" is live: give another runId, or none");
        }
        try {
            queue.enter(ticket);
            storeFirstRow(run);
            refuseIfClosed(run.isRoot());
        } catch (RuntimeException | Error e) {
            var record = run.record();
            // The row of a claimed run stays as it is: it goes back to its queue.
            if (record != null && run.plan().claim() == null) {
                var resumed = run.plan().resumed();
                record.leaveTurn();
                record.withdraw(resumed == null ? null : resumed.row(), e);
            }
            queue.leave(ticket);
            registry.withdraw(run);
            new RunCompletion(run).refuse(RunFailure.of(e));
            throw e;
        }
    }

    private static AdmissionQueue.Ticket ticket(Run run, boolean background) {
        var storing = run.isRoot() ? run.storing() : null;
        var sessionId = run.sessionId();
        var options = run.plan().options();
        var claim = run.plan().claim();
        var ticket = new AdmissionQueue.Ticket(
                run.id(),
                storing == null || sessionId == null ? null : new AdmissionQueue.SessionKey(storing.store(), sessionId),
                // A claimed run has its session's turn and a slot.
                storing == null || claim != null ? SessionPolicy.ALLOW : storing.policy(),
                background && run.isRoot() && claim == null && !options.bypassQueue(),
                options.priority(),
                run.scope()::signal);
        return storing != null && storing.policy() == SessionPolicy.QUEUE && takesTurn(run)
                ? ticket.withTurnFromStore()
                : ticket;
    }

    /** Whether the store gives a run its turn, or refuses it. A resumed one works beside those of its session. */
    private static boolean takesTurn(Run run) {
        var row = run.record();
        return row != null
                && run.isRoot()
                && run.sessionId() != null
                && run.plan().stored() == null
                && row.storing().policy() != SessionPolicy.ALLOW
                && row.keepsTurns();
    }

    /** Writes a run's first row. A stop ends the wait: then its end is written behind it. */
    private void storeFirstRow(Run run) {
        var row = run.record();
        if (row == null) {
            return;
        }
        var claim = run.plan().claim();
        if (claim != null && run.isRoot()) {
            row.claimed(claim);
            return;
        }
        var scope = run.scope();
        var resumed = run.plan().resumed();
        var ticket = run.start().ticket();
        var inserting = takesTurn(run)
                ? row.enter(scope::signal, new SessionTurn(queue, ticket))
                : row.insert(resumed == null ? null : resumed.row(), scope::signal);
        scope.awaitUntil(
                () -> inserting.isDone() || scope.isCancelled(), System.nanoTime() + STORE_START_WAIT.toNanos(), false);
        // Looked at once: it may be taken in the very moment of the stop.
        var state = inserting.state();
        if (state == Future.State.SUCCESS) {
            if (inserting.resultNow()) {
                queue.entered(ticket);
                return;
            }
            if (resumed != null) {
                throw new RunRejectedException(
                        Reason.NOT_ASKED, "another process has ended or adopted run " + run.id());
            }
            throw new RunRejectedException(
                    Reason.ID_USED,
                    "a run with id \"" + run.id() + "\" is stored already: give another runId, or none");
        }
        var why = state == Future.State.FAILED ? inserting.exceptionNow() : null;
        if (why instanceof RunRejectedException refused && !scope.isCancelled()) {
            throw refused;
        }
        if (!row.storing().optional() && !scope.isCancelled()) {
            if (why instanceof IllegalArgumentException) {
                throw new IllegalArgumentException("the store can't hold the run: " + PlainText.message(why), why);
            }
            if (why == null && !row.refuse()) {
                // It was taken in this very moment.
                return;
            }
            throw notTaken(run.id(), why != null ? why : late(row.lastFailure()));
        }
        row.startsBefore(inserting);
        queue.withoutStore(ticket);
        log.warn("the store did not take run {} yet; it starts all the same", run.id(), why);
    }

    private static RunRejectedException notTaken(String runId, Throwable why) {
        return new RunRejectedException(
                Reason.STORE_UNAVAILABLE,
                "the store did not take run " + runId + ": "
                        + PlainText.message(why)
                        + ". Repair it, or build with storeOptional(true)",
                why);
    }

    /** @param lastFailure what the store fails with meanwhile: the row may wait behind a write that is tried again and again */
    private static Exception late(@Nullable Exception lastFailure) {
        var late = new TimeoutException("it did not answer within " + STORE_START_WAIT.toMillis() + " ms"
                + (lastFailure == null ? "" : ", and its last write failed: " + PlainText.message(lastFailure)));
        late.initCause(lastFailure);
        return late;
    }

    /**
     * Waits on a run's own thread until it is admitted.
     *
     * @throws dev.rein.cancel.CancelledException if the run is stopped before
     */
    static void await(Run run) {
        var ticket = run.start().ticket();
        if (ticket.isWaiting()) {
            run.scope().awaitUntil(() -> !ticket.isWaiting(), Long.MAX_VALUE, true);
        }
    }

    // ---- out

    /** A run has ended. May be called under the lock of its tree. */
    void leave(Run run) {
        var row = run.record();
        if (row != null) {
            row.leaveTurn();
        }
        if (row != null && row.isGivenAway()) {
            registry.withdraw(run);
        } else {
            registry.remove(run);
        }
        queue.leave(run.start().ticket(), run.scope()::afterUnlock);
    }

    /** A run waits for people: others may work in its place. May be called under the lock of its tree. */
    void pause(Run run) {
        queue.pause(run.start().ticket(), run.scope()::afterUnlock);
    }

    /** The paused run works again, and waits for nobody. May be called under the lock of its tree. */
    void resume(Run run) {
        queue.resume(run.start().ticket());
    }

    // ---- bounds

    void limit(int maxWorking, int maxWaiting) {
        queue.limit(maxWorking, maxWaiting);
    }

    /**
     * Stops as many background runs, the lowest priority first, as it takes for {@code count} to begin at once. A slot of a run
     * that is being stopped counts as free, so that calls in quick succession do not stop several runs for one slot.
     */
    List<CancelResult> preempt(int count, CancelRequest request) {
        var results = new ArrayList<CancelResult>();
        synchronized (preempting) {
            var slots = queue.slots();
            var working = slots.taken().stream()
                    .map(ticket -> registry.find(ticket.runId()))
                    .filter(run -> run != null && !run.scope().isCancelled())
                    .toList();
            var wanted = slots.isBounded() ? count - Math.max(0, slots.max() - working.size()) : count;
            for (var run : working) {
                if (results.size() >= wanted) {
                    break;
                }
                results.add(run.cancel(request));
            }
        }
        return results;
    }

    /** Only runs that are part of others are let in from now on. */
    void drain() {
        draining = true;
    }

    /** No run is let in any more. */
    void close() {
        closed = true;
    }

    void refuseIfClosed(boolean root) {
        if (closed) {
            throw new RunRejectedException(Reason.CLOSED, "Runs.close() was called: no more runs are started");
        }
        if (draining && root) {
            throw new RunRejectedException(
                    Reason.CLOSED,
                    "the runs are being drained: no more are started, because the application is ending");
        }
    }
}
