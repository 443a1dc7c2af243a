package dev.rein.internal.run;

import dev.rein.cancel.CancelCause;
import dev.rein.cancel.CancelKind;
import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.internal.stop.Durations;
import dev.rein.internal.stop.Stop;
import dev.rein.internal.stop.Worker;
import dev.rein.internal.storing.RunRecord;
import dev.rein.run.RunFailure;
import dev.rein.run.RunStatus;
import dev.rein.run.event.EventMeta;
import dev.rein.run.event.RunEvent;
import dev.rein.runtime.CancelHook;
import dev.rein.session.StateChange;
import dev.rein.session.StoredRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

    private void conclude(@Nullable Throwable error, BooleanSupplier ours) {
        // At one go under the lock, if it can be: of many runs that end at once each would wait for it many times.
        var listeners = run.<@Nullable List<Runnable>>locked(() -> {
            if (!ours.getAsBoolean()) {
                return List.of();
            }
            return run.isPlain() ? surelyEnded(error) : null;
        });
        if (listeners == null) {
            listeners = surelyEnded(error);
        }
        listeners.forEach(RunCompletion::tell);
    }

    private static void tell(Runnable listener) {
        try {
            listener.run();
        } catch (Throwable e) {
            log.error("a listener of a run's end failed", e);
        }
    }

    /** An end that fails itself, over a store that answers with nonsense for one, must not leave the run live for ever. */
    private List<Runnable> surelyEnded(@Nullable Throwable error) {
        try {
            return ended(error);
        } catch (Throwable e) {
            log.error("the end of run {} failed; it ends all the same, but may not be stored", run.id(), e);
            var status = run.scope().decide(RunStatus.ERROR);
            if (status == RunStatus.ERROR && run.failure() == null) {
                run.failed(RunFailure.of(e));
            }
            return run.end(false, List.of(), meta -> last(meta, status, false));
        }
    }

    /** @return whom to tell, without the lock */
    private List<Runnable> ended(@Nullable Throwable error) {
        var scope = run.scope();
        var failure = error == null ? null : RunFailure.of(error);
        if (failure != null) {
            scope.stopChildren("run " + run.id() + " failed: " + failure.message());
        }
        var status = scope.decideWhenQuiet(failure == null ? RunStatus.COMPLETED : RunStatus.ERROR);
        if (failure != null && status == RunStatus.ERROR) {
            run.failed(failure);
        }
        run.locked(() -> run.below().whenQuiet()).run();
        if (status != RunStatus.COMPLETED) {
            run.delivery().sayInput(run.plan().input());
            run.delivery().adopt(run.below().lastText());
        }
        if (status == RunStatus.CANCELLED) {
            cleanUp(Objects.requireNonNull(scope.cause()));
        }
        var row = run.record();
        return row == null ? run.end(true, List.of(), meta -> last(meta, status, true)) : stored(status, row);
    }

    private RunEvent last(EventMeta meta, RunStatus status, boolean stored) {
        var kind = run.plan().kind();
        var delivery = run.delivery();
        var steps = run.locked(() -> run.below().progress().results());
        var result = new RunKind.Result(delivery.text(), steps, delivery.metrics(), stored);
        return switch (status) {
            case COMPLETED -> kind.completed(meta, result);
            case CANCELLED -> kind.cancelled(meta, result, stopped());
            default -> kind.failed(meta, result, Objects.requireNonNull(run.failure()));
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

    // ---- cleanups

    /** One cleanup and its thread. Its state is guarded by the tree's lock. */
    private static final class Cleanup {
        private final Run run;
        private final Thread thread;
        private boolean done;
        private boolean leftBehind;

        Cleanup(Run run, Runnable code) {
            this.run = run;
            this.thread = Thread.ofVirtual().name("rein-cleanup").unstarted(() -> {
                code.run();
                over();
            });
        }

        private String what() {
            return "cleanup of run " + run.id();
        }

        private void over() {
            run.scope().locked(() -> {
                done = true;
                if (leftBehind) {
                    run.kernel().abandoned(what(), -1);
                }
                return true;
            });
            run.scope().signal();
        }

        /** It has had its time. */
        void cut() {
            run.scope().locked(() -> {
                if (!done) {
                    leftBehind = true;
                    // Not here: it may block, as it closes the channel that the thread is in.
                    run.kernel().aborts().execute(thread::interrupt);
                    run.scope().abandoned(List.of(Worker.describe(what(), thread)));
                    run.kernel().abandoned(what(), 1);
                }
                return true;
            });
        }
    }

    private void cleanUp(CancelCause cause) {
        var hooks = run.cleanups();
        if (hooks.isEmpty()) {
            return;
        }
        var each = run.plan().component().hookTimeout();
        var all = run.plan().component().hooksTimeout();
        var deadline = System.nanoTime() + Durations.nanos(each.compareTo(all) < 0 ? each : all);
        var scope = run.scope();
        var started = new ArrayList<Cleanup>();
        for (var hook : hooks) {
            started.add(new Cleanup(run, () -> call(hook, cause)));
        }
        started.forEach(cleanup -> cleanup.thread.start());
        if (scope.awaitUntil(() -> started.stream().allMatch(cleanup -> cleanup.done), deadline, false)) {
            return;
        }
        started.forEach(Cleanup::cut);
    }

    private void call(CancelHook hook, CancelCause cause) {
        try {
            CurrentRun.run(run.context(), () -> {
                try {
                    hook.cancelled(run.context(), cause);
                } catch (Exception e) {
                    throw new CleanupFailed(e);
                }
            });
        } catch (Throwable e) {
            log.warn("a cleanup of run {} failed", run.id(), e instanceof CleanupFailed ? e.getCause() : e);
        }
    }

    private static final class CleanupFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        CleanupFailed(Exception cause) {
            super(cause);
        }
    }

    // ---- the store

    private List<Runnable> stored(RunStatus status, RunRecord row) {
        // Before it, so that the place of the last event is known.
        run.showStart();
        var end = RunSnapshots.row(run, status);
        var last = run.isRoot() ? run.locked(() -> run.showing().next(meta -> last(meta, status, true))) : null;
        var changes = run.isRoot() ? run.state().changes() : List.<StateChange>of();
        var resumed = run.plan().resumed();
        if (resumed != null) {
            var why = CancelRequest.now().kind(CancelKind.PARENT).reason("run " + run.id() + " has ended");
            row.endLeft(resumed.notTaken(), Stop.of(why, RunStatus.PAUSED).cause);
        }
        var finished = row.finish(end, changes, last);
        if (finished == null) {
            return run.end(false, List.of(), meta -> last(meta, status, false));
        }
        if (isMine(end, finished.run())) {
            return run.end(
                    true,
                    finished.conflicts(),
                    meta -> last != null && last.index() == meta.index() ? last : last(meta, status, true));
        }
        var isOver = overruled(finished.run());
        if (!isOver) {
            row.givenAway();
        }
        var outcome = run.scope().status();
        return run.end(isOver, List.of(), meta -> last(meta, outcome, isOver));
    }

    /** Also when it was written twice, because the first answer got lost. */
    private static boolean isMine(StoredRun end, StoredRun row) {
        return end.status() == row.status()
                && Objects.equals(end.endedAt(), row.endedAt())
                && Objects.equals(end.cause(), row.cause());
    }

    /**
     * Another process has ended the run, or goes on with it. What the row says is what counts.
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
        run.scope().overrule(isOver ? row.status() : RunStatus.CANCELLED, Stop.elsewhere(cause, mode, here));
        return isOver;
    }

    private static CancelCause leaseLost() {
        return Stop.of(CancelRequest.now().kind(CancelKind.LEASE_LOST), RunStatus.RUNNING).cause;
    }
}
