package dev.rein.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A place where code waits until a test lets it go on, and where the test sees that it has come. */
public final class Gate {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);

    /** Waits; an interrupt ends it. */
    public void pass() throws InterruptedException {
        reached.countDown();
        open.await();
    }

    /** Waits, deaf to interrupts as bad code is. */
    public void passDeaf() {
        reached.countDown();
        while (true) {
            try {
                open.await();
                return;
            } catch (InterruptedException e) {
                // Deaf on purpose.
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
