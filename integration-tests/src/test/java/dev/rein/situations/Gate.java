package dev.rein.situations;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;

/** A place where code under test stands until the test opens it. */
final class Gate {
    private final CountDownLatch arrived = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);

    /** Says that somebody is here, and goes on. */
    void arrive() {
        arrived.countDown();
    }

    /** Stands here until it is opened, or its thread is interrupted. */
    void pass() throws InterruptedException {
        arrived.countDown();
        if (!open.await(Waiting.LONG.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("nobody opened the gate");
        }
    }

    /** Stands here until it is opened, whatever happens. */
    void passDeaf() {
        arrived.countDown();
        Waiting.deaf(open);
    }

    /** Waits until somebody stands here. */
    void awaitArrival() {
        Assertions.assertThat(await(arrived)).as("somebody arrives at the gate").isTrue();
    }

    boolean hasArrivals() {
        return arrived.getCount() == 0;
    }

    void open() {
        open.countDown();
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(Waiting.LONG.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting at a gate", e);
        }
    }
}
