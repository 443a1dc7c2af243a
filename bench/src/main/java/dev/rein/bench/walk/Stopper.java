package dev.rein.bench.walk;

import dev.rein.bench.walk.Plan.By;
import dev.rein.bench.walk.Plan.StopPlan;
import dev.rein.bench.walk.Plan.Trigger;
import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.CancelResult;
import dev.rein.run.CancelResult.Outcome;
import dev.rein.run.LiveRun;
import dev.rein.run.RunStatus;
import dev.rein.runtime.Runs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Carries out the stops of one case. Thread-safe. */
final class Stopper {
    private static final long NANOS_PER_MICRO = 1_000;

    private final CaseRun run;
    private final List<Armed> armed = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile @Nullable Throwable failure;

    private final class Armed {
        private final StopPlan plan;
        private final CountDownLatch due = new CountDownLatch(1);
        private final AtomicBoolean taken = new AtomicBoolean();

        Armed(StopPlan plan) {
            this.plan = plan;
        }

        void fire() {
            if (plan.by() != By.SAME_THREAD) {
                due.countDown();
            } else if (taken.compareAndSet(false, true)) {
                guarded(plan);
            }
        }

        void waitAndStop() {
            try {
                if (plan.trigger() == Trigger.TIME) {
                    LockSupport.parkNanos(plan.at() * NANOS_PER_MICRO);
                } else {
                    due.await();
                }
            } catch (InterruptedException e) {
                // The case is over.
                return;
            }
            guarded(plan);
        }
    }

    Stopper(CaseRun run) {
        this.run = run;
        for (var plan : run.plan().stops()) {
            armed.add(new Armed(plan));
        }
    }

    /** Starts the threads that wait for their moment. */
    void begin() {
        for (var each : armed) {
            if (each.plan.trigger() == Trigger.BEFORE_START) {
                guarded(each.plan);
            } else if (each.plan.by() != By.SAME_THREAD) {
                var builder = each.plan.by() == By.PLATFORM_THREAD
                        ? Thread.ofPlatform().daemon()
                        : Thread.ofVirtual();
                threads.add(builder.name("walk-stopper").start(each::waitAndStop));
            }
        }
    }

    /** An event has come, or user code has begun: with this number, from 0. */
    void reached(Trigger trigger, int number) {
        for (var each : armed) {
            if (each.plan.trigger() == trigger && each.plan.at() == number) {
                each.fire();
            }
        }
    }

    /** Ends the threads that still wait for their moment. */
    void end(Duration atMost) throws InterruptedException {
        for (var thread : threads) {
            thread.interrupt();
        }
        for (var thread : threads) {
            if (!thread.join(atMost)) {
                throw new Breach("rule 3: a call of cancel does not return");
            }
        }
        var thrown = failure;
        if (thrown != null) {
            throw thrown instanceof Breach breach ? breach : new Breach("a call of cancel threw " + thrown, thrown);
        }
    }

    private void guarded(StopPlan plan) {
        try {
            stop(plan);
        } catch (Throwable e) {
            failure = e;
        }
    }

    private void stop(StopPlan plan) {
        var request = CancelRequest.of(plan.mode())
                .grace(Duration.ofMillis(plan.graceMillis()))
                .atMost(Duration.ofMillis(plan.atMostMillis()))
                .reason("stop " + plan.way());
        switch (plan.way()) {
            case RUN_ID -> record(request, Runs.shared().cancel(run.id(), request));
            case CANCEL_RUN -> cancelRun();
            case COMPONENT -> record(request, run.component().cancel(run.id(), request));
            case HANDLE -> run.handle().ifPresent(handle -> record(request, handle.cancel(request)));
            case SESSION ->
                Runs.shared().cancelSession(run.sessionId(), request).forEach(result -> record(request, result));
            case USER -> Runs.shared().cancelUser(run.userId(), request).forEach(result -> record(request, result));
            case CHILD -> stopChild(plan, request);
            case STREAM -> run.stream().ifPresent(stream -> record(request, stream.cancel(request)));
            case STREAM_AFTER ->
                run.stream().ifPresent(stream -> stream.cancelAfter(Duration.ofMillis(plan.pick() % 10)));
            case INTERRUPT -> run.interruptOwner();
        }
    }

    private void cancelRun() {
        var request = CancelRequest.now();
        // The short form answers with less: what the long one says afterwards must agree.
        var stopping = run.component().cancelRun(run.id());
        var again = Runs.shared().cancel(run.id(), request);
        if (stopping && again.outcome() == Outcome.ALREADY_FINISHED && again.status() != RunStatus.CANCELLED) {
            throw new Breach("rule 4: cancelRun said that the run would end cancelled, and it is " + again.status());
        }
        record(request, again);
    }

    private void stopChild(StopPlan plan, CancelRequest request) {
        var children = Runs.shared().live().stream()
                .filter(live -> live.rootRunId().equals(run.id()) && live.parentRunId() != null)
                .map(LiveRun::runId)
                .toList();
        if (!children.isEmpty()) {
            var child = children.get(plan.pick() % children.size());
            record(request, Runs.shared().cancel(child, request));
        }
    }

    private void record(CancelRequest request, CancelResult result) {
        // Without a cause the stop went through the store, and the answer tells of the row as it was before.
        if (request.mode() == CancelMode.NOW
                && result.stopping()
                && result.cause() != null
                && result.effectiveMode() != CancelMode.NOW) {
            throw new Breach("rule 2: a stop NOW was answered " + result);
        }
        run.journal().stopped(request, result);
    }
}
