package dev.rein.cli.demo;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Delays the exit after Ctrl-C until the demo has printed how its run was cancelled. The cancel itself is done by the
 * runtime, which cancels live runs at shutdown.
 */
final class FinishBeforeExit implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 5;

    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook = new Thread(this::await, "finish-before-exit");

    FinishBeforeExit() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void await() {
        try {
            var _ = done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        done.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is shutting down; the hook was just released.
        }
    }
}
