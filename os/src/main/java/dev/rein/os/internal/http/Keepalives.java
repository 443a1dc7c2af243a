package dev.rein.os.internal.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes to streams that are silent: a client that has gone is noticed only so. One thread looks after all of them, for as long
 * as there are any; were each to wait for its next event with a time limit, the timers would cost a tenth of a server's work.
 * Thread-safe.
 */
final class Keepalives {
    private static final Duration SILENCE = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofMillis(50);

    private final Set<SseResponse> open = ConcurrentHashMap.newKeySet();

    /** Those that are being written to, so that one that blocks is not written to again. */
    private final Set<SseResponse> busy = ConcurrentHashMap.newKeySet();

    /** Whether its thread is there. Guarded by this. */
    private boolean looking;

    synchronized void add(SseResponse stream) {
        open.add(stream);
        if (!looking) {
            looking = true;
            Thread.ofVirtual().name("rein-os-keepalive").start(this::look);
        }
    }

    void remove(SseResponse stream) {
        open.remove(stream);
    }

    private void look() {
        do {
            try {
                Thread.sleep(LOOK);
            } catch (InterruptedException e) {
                // Nobody interrupts it, and the streams need it.
                continue;
            }
            for (var stream : open) {
                if (stream.silentNanos() >= SILENCE.toNanos() && busy.add(stream)) {
                    Thread.ofVirtual().name("rein-os-keepalive").start(() -> {
                        try {
                            stream.keepAlive();
                        } finally {
                            busy.remove(stream);
                        }
                    });
                }
            }
        } while (!isDone());
    }

    private synchronized boolean isDone() {
        looking = !open.isEmpty();
        return !looking;
    }
}
