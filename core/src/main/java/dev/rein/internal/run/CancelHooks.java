package dev.rein.internal.run;

import dev.rein.cancel.CancelCause;
import dev.rein.internal.PrintableExceptions;
import dev.rein.internal.stop.Durations;
import dev.rein.runtime.CancelHook;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The cleanups of a cancelled run: uninterrupted, concurrent, each for a bounded time. */
final class CancelHooks {
    private static final Logger log = LoggerFactory.getLogger(CancelHooks.class);

    private static final int MAX_HOOKS = 10_000;

    private final Run run;

    CancelHooks(Run run) {
        this.run = run;
    }

    /**
     * Adds a cleanup to those of a run.
     *
     * @throws IllegalStateException if there are too many
     */
    static void add(CancelHook hook, List<CancelHook> hooks) {
        if (hooks.size() == MAX_HOOKS) {
            throw new IllegalStateException("the run has " + MAX_HOOKS
                    + " cleanups: register one for all, or release in the code itself what it has acquired");
        }
        hooks.add(hook);
    }

    /** One cleanup and its thread. Its state is guarded by the tree's lock. */
    private static final class Cleanup {
        private final Run run;
        private final Thread thread;
        private boolean done;
        private boolean leftBehind;

        Cleanup(Run run, Runnable code) {
            this.run = run;
            this.thread = Thread.ofVirtual().name("rein-cleanup").unstarted(() -> {
                try {
                    code.run();
                } finally {
                    over();
                }
            });
        }

        private String what() {
            return "cleanup of run " + run.id();
        }

        private void over() {
            run.scope().guarded(() -> {
                done = true;
                if (leftBehind) {
                    run.scope().afterUnlock(() -> run.kernel().environment().abandoned(what(), -1));
                }
            });
            run.scope().signal();
        }

        /** It has had its time. */
        void cut() {
            run.scope().guarded(() -> {
                if (!done) {
                    leftBehind = true;
                    // Not here: it may block, as it closes the channel that the thread is in.
                    run.scope()
                            .afterUnlock(() ->
                                    run.kernel().environment().interrupts().execute(thread::interrupt));
                    run.scope()
                            .reportAbandoned(
                                    what(),
                                    thread,
                                    () -> run.kernel().environment().abandoned(what(), 1));
                }
            });
        }
    }

    /** Runs all of them at once, and waits for a bounded time; those that take longer are abandoned. */
    void run(CancelCause cause) {
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
            UserCode.cleanUp(run.context(), "onCancel", () -> {
                hook.cancelled(run.context(), cause);
                return true;
            });
        } catch (Throwable e) {
            log.warn("a cleanup of run {} failed", run.id(), PrintableExceptions.of(e));
        }
    }
}
