package dev.rein.bench.harness;

import java.lang.management.ManagementFactory;

/** How much of the heap is in use once everything that can go has gone. */
public final class Heap {
    private static final int TIMES = 4;
    private static final long PAUSE_MILLIS = 50;

    private Heap() {}

    /** Bytes. The least of several looks: other threads of the JVM allocate too, and some objects need two collections. */
    public static long used() throws InterruptedException {
        var least = Long.MAX_VALUE;
        for (var i = 0; i < TIMES; i++) {
            System.gc();
            Thread.sleep(PAUSE_MILLIS);
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }
}
