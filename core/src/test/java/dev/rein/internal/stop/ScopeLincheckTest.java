package dev.rein.internal.stop;

import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.cancel.CancelledException;
import dev.rein.internal.run.Kernel;
import dev.rein.run.CancelResult.Outcome;
import dev.rein.run.RunStatus;
import java.time.Duration;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every interleaving of stopping, deciding and adding children has the same results as some order of them one after the
 * other, and those are what {@link Specification} says, which is the state machine in plain words.
 */
class ScopeLincheckTest {
    /** Shared, because its timer outlives a single scope. */
    private static final Kernel KERNEL = Kernel.shared();

    /** The run's state machine, and the registration of children. */
    public static class Machine {
        private final Scope scope = Scope.root(KERNEL, "run", "run");

        @Operation
        public boolean begin() {
            return scope.begin();
        }

        @Operation
        public boolean enterModel() {
            try {
                scope.enter(Phase.MODEL, "model");
                return true;
            } catch (CancelledException e) {
                return false;
            }
        }

        @Operation
        public Outcome stopNow() {
            return scope.request(CancelRequest.now());
        }

        @Operation
        public Outcome stopAfterTurn() {
            return scope.request(CancelRequest.of(CancelMode.AFTER_TURN).atMost(Duration.ofHours(1)));
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
                    scope.asks(true);
                }
                return scope.status();
            });
        }

        @Operation
        public RunStatus answer() {
            return scope.locked(() -> {
                scope.asks(false);
                return scope.status();
            });
        }

        /** A child is refused, born stopped, or there to be stopped: never missed. */
        @Operation
        public String spawn() {
            var child = scope.childRun("child", "run child", false);
            return child == null ? "refused" : child.isCancelled() ? "born stopped" : "live";
        }

        /** The topmost invariant: below a stopped run nothing is live. */
        @Operation
        public boolean anyLiveChildOfStopped() {
            return scope.locked(() -> scope.isCancelled() && scope.hasLiveChild());
        }
    }

    /** The same operations on plain fields, by one thread. */
    public static class Specification {
        private RunStatus status = RunStatus.PENDING;
        private boolean inModel;
        private boolean soft;
        private boolean hard;
        private boolean hardByNow;

        public boolean begin() {
            if (status == RunStatus.PENDING) {
                status = RunStatus.RUNNING;
            }
            return !hard;
        }

        public boolean enterModel() {
            hard |= soft;
            inModel |= !hard;
            return !hard;
        }

        public Outcome stopNow() {
            if (status.isTerminal()) {
                return Outcome.ALREADY_FINISHED;
            }
            var outcome = hardByNow ? Outcome.ALREADY_REQUESTED : soft ? Outcome.UPGRADED : Outcome.REQUESTED;
            hardByNow = true;
            soft = true;
            hard = true;
            status = RunStatus.CANCELLING;
            return outcome;
        }

        public Outcome stopAfterTurn() {
            if (status.isTerminal()) {
                return Outcome.ALREADY_FINISHED;
            }
            if (soft) {
                return Outcome.ALREADY_REQUESTED;
            }
            soft = true;
            hard = !inModel || status == RunStatus.PAUSED;
            status = RunStatus.CANCELLING;
            return Outcome.REQUESTED;
        }

        public RunStatus complete() {
            return decide(RunStatus.COMPLETED);
        }

        public RunStatus fail() {
            return decide(RunStatus.ERROR);
        }

        private RunStatus decide(RunStatus wanted) {
            if (!status.isTerminal()) {
                status = hard ? RunStatus.CANCELLED : wanted;
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
                hard = true;
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
            return status.isTerminal() ? "refused" : soft ? "born stopped" : "live";
        }

        public boolean anyLiveChildOfStopped() {
            return false;
        }
    }

    @Test
    @Timeout(120)
    void theStateMachineAndTheRegistrationOfChildrenAreLinearizable() {
        // One-shot state is already final after a warm-up phase, and then no race is left to find.
        new StressOptions()
                .iterations(20)
                .invocationsPerIteration(500)
                .threads(3)
                .actorsPerThread(3)
                .actorsBefore(0)
                .actorsAfter(0)
                .sequentialSpecification(Specification.class)
                .check(Machine.class);
    }
}
