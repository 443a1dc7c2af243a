package dev.rein.situations;

import java.util.concurrent.CountDownLatch;

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
        Waiting.deaf(done);
    }
}
