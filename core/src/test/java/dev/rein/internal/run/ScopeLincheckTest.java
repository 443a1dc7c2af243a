package dev.rein.internal.run;

import dev.rein.cancel.CancelMode;
import dev.rein.cancel.CancelRequest;
import dev.rein.run.CancelResult.Outcome;
import dev.rein.run.RunStatus;
import java.time.Duration;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every interleaving of stopping, deciding and adding children has the same results as some order of them one after the
 * other. The sequential specification is the scope itself, used by one thread.
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

        /** A child is refused, born stopped, or there to be stopped: never missed. */
        @Operation
        public String spawn() {
            var child = scope.childRun("child", "run child");
            return child == null ? "refused" : child.isCancelled() ? "born stopped" : "live";
        }

        /** The topmost invariant: below a stopped run nothing is live. */
        @Operation
        public boolean anyLiveChildOfStopped() {
            return scope.locked(() -> scope.isCancelled() && scope.hasLiveChild());
        }
    }

    @Test
    @Timeout(120)
    void theStateMachineAndTheRegistrationOfChildrenAreLinearizable() {
        // One-shot state is already final after a warm-up phase, and then no race is left to find.
        new StressOptions()
                .iterations(30)
                .invocationsPerIteration(1_000)
                .threads(3)
                .actorsPerThread(3)
                .actorsBefore(0)
                .actorsAfter(0)
                .check(Machine.class);
    }
}
