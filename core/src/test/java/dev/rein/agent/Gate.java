package dev.rein.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A gate at which code waits until the test opens it; the test can wait for the arrival. */
public final class Gate {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);

    /** Waits until the gate opens or the thread is interrupted. */
    public void pass() throws InterruptedException {
        reached.countDown();
        open.await();
    }

    /** Waits until the gate opens and ignores interrupts. */
    public void passDeaf() {
        reached.countDown();
        while (true) {
            try {
                open.await();
                return;
            } catch (InterruptedException e) {
                // Ignored on purpose.
            }
        }
    }

    public void open() {
        open.countDown();
    }

    public void awaitReached() throws InterruptedException {
        assertThat(reached.await(1, TimeUnit.MINUTES))
                .as("somebody came to the gate")
                .isTrue();
    }

    public boolean isOpen() {
        return open.getCount() == 0;
    }

    public boolean isReached() {
        return reached.getCount() == 0;
    }
}
