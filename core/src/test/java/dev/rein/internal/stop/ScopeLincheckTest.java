package dev.rein.internal.stop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.cancel.Cancellation;
import dev.rein.cancel.CancelledException;
import dev.rein.run.CancelResult.Outcome;
import dev.rein.run.RunStatus;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every interleaving of stopping, working, deciding, adding and ending children and registering aborters has the same results
 * as some order of them one after the other, and those are what {@link Specification} says, which is the state machine in
 * plain words. Afterwards everything that the stop has decided is done: once, and once the lock is left.
 */
class ScopeLincheckTest {
    /** Shared, because its threads outlive a single scope. */
    private static final TestEnvironment ENVIRONMENT = new TestEnvironment();

    /** One registered aborter. */
    private static final class Registered {
        private final AtomicInteger runs = new AtomicInteger();
        private volatile boolean underTheLock;
        private volatile boolean closed;
        private Cancellation.@Nullable Registration registration;
    }

    /** The run's state machine, its children, and its aborters. */
    public static class Machine {
        private final Scope scope = Scope.root(ENVIRONMENT, "run", "run");
        private final Queue<Scope> children = new ArrayDeque<>();
        private final Queue<Registered> registered = new ConcurrentLinkedQueue<>();

        @Operation
        public boolean begin() {
            return scope.begin();
        }

        private boolean enter(Phase phase) {
            try {
                scope.enter(phase, phase.name());
                return true;
            } catch (CancelledException e) {
                return false;
            }
        }

        @Operation
        public boolean enterModel() {
            return enter(Phase.MODEL);
        }

        @Operation
        public boolean enterTools() {
            return enter(Phase.TOOLS);
        }

        /** Code of the user's starts, or it does not: not without a record, and not with a record alone. */
        @Operation
        public String start() {
            var recorded = new boolean[1];
            try {
                scope.callUserCode(
                        () -> recorded[0] = true, () -> assertThat(recorded[0]).isTrue());
                return "started";
            } catch (CancelledException e) {
                return recorded[0] ? "recorded" : "refused";
            }
        }

        @Operation
        public boolean leave() {
            return scope.leave();
        }

        private Outcome stop(CancelMode mode) {
            return scope.request(CancelRequest.of(mode).atMost(Duration.ofHours(1)));
        }

        @Operation
        public Outcome stopNow() {
            return stop(CancelMode.NOW);
        }

        @Operation
        public Outcome stopAfterTools() {
            return stop(CancelMode.AFTER_TOOLS);
        }

        @Operation
        public Outcome stopAfterTurn() {
            return stop(CancelMode.AFTER_TURN);
        }

        @Operation
        public Outcome stopAfterStep() {
            return stop(CancelMode.AFTER_STEP);
        }

        @Operation
        public RunStatus complete() {
            return scope.decide(RunStatus.COMPLETED);
        }

        @Operation
        public RunStatus fail() {
            return scope.decide(RunStatus.ERROR);
        }

        @Operation
        public RunStatus status() {
            return scope.status();
        }

        /** Its code asks people, which it does only while it works. */
        @Operation
        public RunStatus ask() {
            return scope.locked(() -> {
                var status = scope.status();
                if (status == RunStatus.RUNNING || (status == RunStatus.CANCELLING && !scope.isCancelled())) {
                    scope.awaitsDecision(true);
                }
                return scope.status();
            });
        }

        @Operation
        public RunStatus answer() {
            return scope.locked(() -> {
                scope.awaitsDecision(false);
                return scope.status();
            });
        }

        /** A child is refused, born stopped, or there to be stopped: never missed. */
        @Operation
        public String spawn() {
            return scope.locked(() -> {
                var child = scope.childRun("child", "run child", false);
                return child == null ? "refused" : born(child);
            });
        }

        /** The same for a piece of the run's own work, which a graceful stop lets finish. */
        @Operation
        public String fork() {
            return scope.locked(() -> scope.status().isTerminal() ? "refused" : born(scope.childPiece("tool")));
        }

        private String born(Scope child) {
            children.add(child);
            return child.isCancelled() ? "born stopped" : "live";
        }

        @Operation
        public boolean endChild() {
            return scope.locked(() -> {
                var child = children.poll();
                if (child != null) {
                    child.end();
                }
                return child != null;
            });
        }

        /** An aborter is run at once, or is there to be run by the stop. */
        @Operation
        public boolean register() {
            var aborter = new Registered();
            aborter.registration = scope.onCancel(() -> {
                aborter.underTheLock |= scope.lock().isHeldByCurrentThread();
                aborter.runs.incrementAndGet();
            });
            var ranAtOnce = scope.locked(() -> scope.aborts.stream().noneMatch(each -> each == aborter.registration));
            registered.add(aborter);
            return ranAtOnce;
        }

        @Operation
        public void closeAborter() {
            for (var aborter : registered) {
                if (!aborter.closed && aborter.registration != null) {
                    aborter.closed = true;
                    aborter.registration.close();
                    return;
                }
            }
        }

        /** The topmost invariant: below a stopped run nothing is live. */
        @Operation
        public boolean anyLiveChildOfStopped() {
            return scope.locked(() -> scope.isCancelled() && scope.hasLiveChild());
        }

        /** What was decided is done: an aborter that nobody closed has run, and none twice or under the lock. */
        @Validate
        public void everyAborterOfAStopRunsOnce() {
            var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            for (var aborter : registered) {
                while (scope.isCancelled() && !aborter.closed && aborter.runs.get() == 0 && System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
                var runs = aborter.runs.get();
                if (aborter.underTheLock
                        || runs > 1
                        || (!aborter.closed && runs == 0 && scope.isCancelled())
                        || (runs > 0 && !scope.isCancelled())) {
                    throw new IllegalStateException("an aborter has run " + runs + " times");
                }
            }
            if (!ENVIRONMENT.reports.isEmpty()) {
                throw new IllegalStateException("abandoned: " + ENVIRONMENT.reports);
            }
            scope.guarded(() -> children.forEach(Scope::end));
            scope.end();
        }
    }

    /** The same operations on plain fields, by one thread. */
    public static class Specification {
        private RunStatus status = RunStatus.PENDING;
        private Phase phase = Phase.WAITING;
        private @Nullable CancelMode mode;
        private boolean inEffect;
        private int children;

        public boolean begin() {
            if (status == RunStatus.PENDING) {
                status = RunStatus.RUNNING;
            }
            return !inEffect;
        }

        public boolean enterModel() {
            // A graceful stop lets no more work start.
            inEffect |= mode != null;
            return enter(Phase.MODEL);
        }

        public boolean enterTools() {
            return enter(Phase.TOOLS);
        }

        private boolean enter(Phase next) {
            if (!inEffect) {
                phase = next;
            }
            return !inEffect;
        }

        public String start() {
            return inEffect ? "refused" : "started";
        }

        public boolean leave() {
            return true;
        }

        public Outcome stopNow() {
            return stop(CancelMode.NOW);
        }

        public Outcome stopAfterTools() {
            return stop(CancelMode.AFTER_TOOLS);
        }

        public Outcome stopAfterTurn() {
            return stop(CancelMode.AFTER_TURN);
        }

        public Outcome stopAfterStep() {
            return stop(CancelMode.AFTER_STEP);
        }

        private Outcome stop(CancelMode wanted) {
            if (status.isTerminal()) {
                return Outcome.ALREADY_FINISHED;
            }
            var before = mode;
            if (before != null && !wanted.strongerThan(before)) {
                return Outcome.ALREADY_REQUESTED;
            }
            mode = wanted;
            inEffect |= status == RunStatus.PAUSED
                    || switch (phase) {
                        case TOOLS -> wanted == CancelMode.NOW;
                        case MODEL -> wanted == CancelMode.NOW || wanted == CancelMode.AFTER_TOOLS;
                        default -> true;
                    };
            status = RunStatus.CANCELLING;
            return before == null ? Outcome.REQUESTED : Outcome.UPGRADED;
        }

        public RunStatus complete() {
            return decide(RunStatus.COMPLETED);
        }

        public RunStatus fail() {
            return decide(RunStatus.ERROR);
        }

        private RunStatus decide(RunStatus wanted) {
            if (!status.isTerminal()) {
                status = inEffect ? RunStatus.CANCELLED : wanted;
            }
            return status;
        }

        public RunStatus status() {
            return status;
        }

        public RunStatus ask() {
            if (status == RunStatus.RUNNING) {
                status = RunStatus.PAUSED;
            } else if (status == RunStatus.CANCELLING) {
                // Nobody answers any more.
                inEffect = true;
            }
            return status;
        }

        public RunStatus answer() {
            if (status == RunStatus.PAUSED) {
                status = RunStatus.RUNNING;
            }
            return status;
        }

        public String spawn() {
            // Of a run that has not begun a graceful stop leaves nothing to finish.
            return born(mode != null);
        }

        public String fork() {
            return born(inEffect);
        }

        private String born(boolean stopped) {
            if (status.isTerminal()) {
                return "refused";
            }
            children++;
            return stopped ? "born stopped" : "live";
        }

        public boolean endChild() {
            var any = children > 0;
            children = any ? children - 1 : 0;
            return any;
        }

        public boolean register() {
            return inEffect;
        }

        public void closeAborter() {}

        public boolean anyLiveChildOfStopped() {
            return false;
        }
    }

    @Test
    @Timeout(240)
    void theStateMachineItsChildrenAndItsAbortersAreLinearizable() {
        // One-shot state is already final after a warm-up phase, and then no race is left to find.
        new StressOptions()
                .iterations(30)
                .invocationsPerIteration(500)
                .threads(3)
                .actorsPerThread(3)
                .actorsBefore(0)
                .actorsAfter(0)
                .sequentialSpecification(Specification.class)
                .check(Machine.class);
    }
}
