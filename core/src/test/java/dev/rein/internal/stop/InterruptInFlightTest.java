package dev.rein.internal.stop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rein.agent.Gate;
import dev.rein.cancel.CancelRequest;
import dev.rein.internal.run.ProcessEnvironment;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A stop interrupts the code that it ends, and nothing that comes after that code. */
class InterruptInFlightTest {
    private final Scope scope = Scope.root(ProcessEnvironment.shared(), "run", "run");
    private final Gate inFlight = new Gate();
    private final Gate working = new Gate();
    private final AtomicBoolean leaving = new AtomicBoolean();
    private final AtomicBoolean left = new AtomicBoolean();
    private final AtomicBoolean interruptedAfterwards = new AtomicBoolean();

    /** A thread whose interrupt takes its time. */
    private final class SlowlyInterrupted extends Thread {
        @Override
        public void interrupt() {
            inFlight.passDeaf();
            super.interrupt();
        }

        @Override
        public void run() {
            scope.attach(this, () -> {});
            scope.begin();
            working.passDeaf();
            leaving.set(true);
            scope.leave();
            left.set(true);
            // What comes next, such as a cleanup or the store, until the interrupt would have come.
            inFlight.passDeaf();
            interruptedAfterwards.set(isInterrupted());
        }
    }

    @Test
    void codeThatReturnsWhileItIsInterruptedWaitsForTheInterruptAndTakesItAlong() throws Exception {
        var thread = new SlowlyInterrupted();
        thread.start();
        working.awaitReached();

        scope.request(CancelRequest.now().grace(Duration.ofHours(1)));
        inFlight.awaitReached();
        working.open();
        await().until(() -> left.get() || (leaving.get() && thread.getState() == Thread.State.WAITING));
        var hasLeft = left.get();
        inFlight.open();
        thread.join();

        assertThat(hasLeft).as("left before the interrupt came").isFalse();
        assertThat(interruptedAfterwards).isFalse();
    }
}
