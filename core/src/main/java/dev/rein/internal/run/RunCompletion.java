package dev.rein.internal.run;

import dev.rein.cancel.CancelCause;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.internal.PrintableExceptions;
import dev.rein.internal.stop.Stop;
import dev.rein.internal.storing.RunRecord;
import dev.rein.run.RunFailure;
import dev.rein.run.RunOutput;
import dev.rein.run.RunStatus;
import dev.rein.run.event.EventMeta;
import dev.rein.run.event.RunEvent;
import dev.rein.session.StateChange;
import dev.rein.session.StoredRun;
import dev.rein.text.PlainText;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a run, after its code has returned or was abandoned: everything below it ends, the outcome is decided, cleanups
 * run, the store is written, and the last event is shown. In this order, once, on one thread.
 */
final class RunCompletion {
    private static final Logger log = LoggerFactory.getLogger(RunCompletion.class);

    private final Run run;

    RunCompletion(Run run) {
        this.run = run;
    }

    /**
     * The run's thread has left its code. If that was abandoned, somebody else concludes.
     *
     * @param error what it threw; null when it returned
     */
    void leaveAndConclude(@Nullable Throwable error) {
        conclude(error, run.scope()::leave);
    }

    /** The same on another thread, for code that was abandoned. */
    void conclude() {
        conclude(null, () -> true);
    }

    /**
     * The start of the run was refused: it has done nothing, and has ended for those who have found it meanwhile. Nothing of it
     * is stored, and the run above shows nothing of it.
     *
     * @param why the failure; null if it was cancelled before
     */
    void refuse(@Nullable RunFailure why) {
        run.refresh();
        if (run.isRoot()) {
            var record = run.record();
            if (record != null) {
                record.keepNoMore();
            }
            run.start().show();
        }
        var listeners = run.locked(() -> {
            var status = run.scope().decide(RunStatus.ERROR);
            if (status == RunStatus.ERROR) {
                run.failed(Objects.requireNonNull(why));
            }
            return run.close(
                    RunSnapshots.output(run, status),
                    run.isRoot() ? run.emitter().next(meta -> last(meta, status, false)) : null);
        });
        listeners.forEach(this::tell);
    }

    private void conclude(@Nullable Throwable error, BooleanSupplier ours) {
        // What runs code of the user's comes first, without the lock: the message of an exception, values of the
        // session state.
        var failure = error == null ? null : RunFailure.of(error);
        run.refresh();
        // At one go under the lock, if it can be: of many runs that end at once each would wait for it many times.
        var listeners = run.<@Nullable List<Runnable>>locked(() -> {
            if (!ours.getAsBoolean()) {
                return List.of();
            }
            return failure == null && run.isPlain() ? end(null) : null;
        });
        if (listeners == null) {
            listeners = end(failure);
        }
        run.observers().wake();
        listeners.forEach(this::tell);
    }

    /** Each on a thread of its own: one that blocks delays neither the others nor the thread that ends the run. */
    private void tell(Runnable listener) {
        Thread.ofVirtual().name("rein-on-end-" + run.id()).start(() -> {
            try {
                listener.run();
            } catch (Throwable e) {
                log.error("a listener of the end of run {} failed", run.id(), PrintableExceptions.of(e));
            }
        });
    }

    /**
     * An end that fails itself, over a store that answers with nonsense for one, must not leave the run live for ever.
     *
     * @return whom to tell, without the lock
     */
    private List<Runnable> end(@Nullable RunFailure failure) {
        try {
            return endInOrder(failure);
        } catch (Throwable e) {
            log.error(
                    "the end of run {} failed; it ends all the same, but may not be stored",
                    run.id(),
                    PrintableExceptions.of(e));
            var status = run.scope().decide(RunStatus.ERROR);
            if (status == RunStatus.ERROR && run.outcome().failure() == null) {
                run.failed(RunFailure.of(e));
            }
            return end(status, false, List.of(), null);
        }
    }

    private List<Runnable> endInOrder(@Nullable RunFailure failure) {
        var scope = run.scope();
        if (failure != null) {
            scope.stopChildren("run " + run.id() + " failed: " + failure.message());
        }
        var status = scope.decideWhenQuiet(failure == null ? RunStatus.COMPLETED : RunStatus.ERROR);
        if (failure != null && status == RunStatus.ERROR) {
            run.failed(failure);
        }
        var beforeEnd = run.locked(() -> run.childRuns().beforeEnd());
        if (beforeEnd != null) {
            beforeEnd.run();
        }
        if (status == RunStatus.COMPLETED) {
            run.delivery().completed();
        } else {
            var seen = scope.seenUpTo();
            if (status == RunStatus.CANCELLED && seen != null) {
                run.delivery().forgetAfter(seen);
            }
            run.delivery().addMissingInput(run.guardrails().input());
            run.delivery().adoptText(run.childRuns().lastText());
        }
        if (status == RunStatus.CANCELLED) {
            new CancelHooks(run).run(Objects.requireNonNull(scope.cause()));
        }
        var record = run.record();
        return record == null ? end(status, true, List.of(), null) : store(status, record);
    }

    /**
     * The last step. All that may fail is made before the first effect; then the last event is shown, and the run has ended.
     *
     * @param prepared the last event, if that is stored already; null to make it
     */
    private List<Runnable> end(
            RunStatus status, boolean stored, List<String> stateConflicts, @Nullable RunEvent prepared) {
        if (!run.scope().lock().isHeldByCurrentThread()) {
            run.refresh();
        }
        run.start().show();
        // Before the end is seen: whoever waits for that may end the process.
        run.emitter().traceBefore(meta -> last(meta, status, stored));
        log(status);
        return run.locked(() -> {
            run.outcome().isStored(stored);
            run.conflicts(stateConflicts);
            RunOutput output;
            RunEvent last;
            try {
                output = RunSnapshots.output(run, status);
                var result = new RunKind.Result(output.text(), output.steps(), output.metrics(), stored);
                last = run.emitter()
                        .next(meta -> prepared != null && prepared.index() == meta.index()
                                ? prepared
                                : last(meta, status, result));
            } catch (Throwable e) {
                // Nobody has seen the decision yet. No text, but an end, and one that says what it is.
                log.error("run {} ends without its output", run.id(), e);
                run.failed(RunFailure.of(e));
                run.scope().adoptOutcome(RunStatus.ERROR, run.scope().stop());
                output = RunSnapshots.failed(
                        run, Objects.requireNonNull(run.outcome().failure()));
                last = run.emitter().next(this::lastWithoutText);
            }
            return run.end(output, last);
        });
    }

    /** One line for each failed run, because a caller that only reads the text of an output learns of no failure. */
    private void log(RunStatus status) {
        var failure = run.outcome().failure();
        if (status != RunStatus.ERROR || failure == null) {
            return;
        }
        try {
            log.warn(
                    "run {} of {} \"{}\" failed: {}",
                    run.id(),
                    run.plan().kind().component().name().toLowerCase(Locale.ROOT),
                    run.plan().component().id(),
                    PlainText.line(failure.describe()));
        } catch (RuntimeException e) {
            // A logger that fails must not keep the run from ending.
        }
    }

    private RunEvent lastWithoutText(EventMeta meta) {
        var result = new RunKind.Result("", List.of(), run.delivery().metrics(), false);
        return run.plan()
                .kind()
                .failed(meta, result, Objects.requireNonNull(run.outcome().failure()));
    }

    private RunEvent last(EventMeta meta, RunStatus status, boolean stored) {
        var delivery = run.delivery();
        var steps = run.locked(() -> run.childRuns().progress().results());
        return last(meta, status, new RunKind.Result(delivery.text(), steps, delivery.metrics(), stored));
    }

    private RunEvent last(EventMeta meta, RunStatus status, RunKind.Result result) {
        var kind = run.plan().kind();
        return switch (status) {
            case COMPLETED -> kind.completed(meta, result);
            case CANCELLED -> kind.cancelled(meta, result, stopped());
            default ->
                kind.failed(meta, result, Objects.requireNonNull(run.outcome().failure()));
        };
    }

    private RunKind.Stopped stopped() {
        var why = Objects.requireNonNull(run.scope().stop());
        return new RunKind.Stopped(
                why.cause,
                why.mode,
                Duration.ofNanos(System.nanoTime() - why.requestedNanos),
                run.scope().abandonedThreads());
    }

    // ---- the store

    private List<Runnable> store(RunStatus status, RunRecord record) {
        if (isGivenAway()) {
            return end(status, false, List.of(), null);
        }
        run.refresh();
        // Before it, so that the place of the last event is known.
        run.start().show();
        var end = RunSnapshots.row(run, status);
        var last = run.isRoot() ? run.locked(() -> run.emitter().next(meta -> last(meta, status, true))) : null;
        var changes = run.isRoot() && !isRefused(status) ? run.state().changes() : List.<StateChange>of();
        var resumed = run.plan().resumed();
        if (resumed != null) {
            var why = CancelRequest.now().kind(CancelKind.PARENT).reason("run " + run.id() + " has ended");
            record.endUnresumed(resumed.unresumed(), Stop.of(why, RunStatus.PAUSED).cause);
        }
        var finished = record.finish(end, changes, last);
        if (finished == null) {
            return end(status, false, List.of(), null);
        }
        if (isMine(end, finished.run())) {
            return end(status, true, finished.conflicts(), last);
        }
        if (isQueuedAgain(finished.run())) {
            log.info("run {} goes back to its queue", run.id());
            record.givenAway();
            run.kernel().givenAway(run);
            return end(status, false, List.of(), null);
        }
        var stop = run.scope().stop();
        var isOver = overruled(finished.run());
        if (!isOver) {
            record.givenAway();
            run.kernel().givenAway(run);
            var elsewhere = record.adoptedElsewhere();
            if (elsewhere != null && stop != null && stop.cause.kind() == CancelKind.USER) {
                elsewhere.passOnSoon(run.locked(() -> stop.requests().getFirst().mode(stop.mode)));
            }
        }
        return end(run.scope().status(), isOver, List.of(), null);
    }

    /** Whether a guardrail has ended the run: its changes to the session state are not kept. */
    private boolean isRefused(RunStatus status) {
        var failure = run.outcome().failure();
        return status == RunStatus.ERROR && failure != null && failure.kind() == RunFailure.Kind.GUARDRAIL;
    }

    /** Also what is below a run that was given away is another process's. */
    private boolean isGivenAway() {
        for (var each = run; each != null; each = each.parent()) {
            var record = each.record();
            if (record != null && record.isGivenAway()) {
                return true;
            }
        }
        return false;
    }

    /** Whether the store has returned a durable run to its queue instead of ending it. */
    private static boolean isQueuedAgain(StoredRun row) {
        return row.status() == RunStatus.PENDING && row.owner() == null;
    }

    /** Also when it was written twice, because the first answer got lost. */
    private static boolean isMine(StoredRun end, StoredRun row) {
        return end.status() == row.status()
                && Objects.equals(end.endedAt(), row.endedAt())
                && Objects.equals(end.cause(), row.cause());
    }

    /**
     * Another process has ended or adopted the run: its row decides.
     *
     * @return whether it has ended
     */
    private boolean overruled(StoredRun row) {
        log.warn("run {} was taken over: it is {} in its store", run.id(), row.status());
        var here = run.scope().stop();
        var cause = row.cause() != null ? row.cause() : here != null ? here.cause : leaseLost();
        var mode = Objects.requireNonNullElse(row.effectiveMode(), here != null ? here.mode : CancelMode.NOW);
        var isOver = row.status().isTerminal();
        if (row.status() == RunStatus.ERROR) {
            run.failed(Objects.requireNonNullElse(
                    row.failure(), new RunFailure("Unknown", "it failed in another process", null)));
        }
        run.scope().adoptOutcome(isOver ? row.status() : RunStatus.CANCELLED, Stop.elsewhere(cause, mode, here));
        return isOver;
    }

    private static CancelCause leaseLost() {
        return Stop.of(CancelRequest.now().kind(CancelKind.LEASE_LOST), RunStatus.RUNNING).cause;
    }
}
