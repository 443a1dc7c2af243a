package dev.rein.bench.walk;

import java.util.concurrent.locks.LockSupport;

/** Waits of user code. */
final class Naps {
    private Naps() {}

    /** Waits, whatever interrupts come; they are kept for later. */
    static void deaf(int millis) {
        var end = System.nanoTime() + millis * 1_000_000L;
        var interrupted = false;
        for (var left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Keeps a processor busy. */
    static void spin(int millis) {
        var end = System.nanoTime() + millis * 1_000_000L;
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }
}
