package dev.rein.situations;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Does something on another thread and waits for it, also when the waiting thread is interrupted by what is done. */
final class Elsewhere {
    private Elsewhere() {}

    static void run(Runnable code) {
        var done = new CountDownLatch(1);
        Thread.ofPlatform().daemon().start(() -> {
            try {
                code.run();
            } finally {
                done.countDown();
            }
        });
        var interrupted = false;
        while (true) {
            try {
                if (!done.await(Waiting.LONG.toSeconds(), TimeUnit.SECONDS)) {
                    throw new AssertionError("what was to be done elsewhere hangs");
                }
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
