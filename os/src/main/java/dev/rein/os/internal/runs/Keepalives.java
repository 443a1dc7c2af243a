package dev.rein.os.internal.runs;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes keep-alive comments to silent streams, which is the only way to notice that a client has disconnected. One
 * thread serves all streams, as long as there are any: a timed wait per stream would cost a tenth of the server's CPU
 * time. Thread-safe.
 */
final class Keepalives {
    private static final Duration SILENCE = Duration.ofSeconds(1);
    private static final Duration POLL = Duration.ofMillis(50);

    private final Set<SseResponse> open = ConcurrentHashMap.newKeySet();

    /** Streams whose keep-alive is being written, so that a blocked one is skipped. */
    private final Set<SseResponse> busy = ConcurrentHashMap.newKeySet();

    /** Whether the thread is running. Guarded by this. */
    private boolean running;

    synchronized void add(SseResponse stream) {
        open.add(stream);
        if (!running) {
            running = true;
            Thread.ofVirtual().name("rein-os-keepalive").start(this::poll);
        }
    }

    void remove(SseResponse stream) {
        open.remove(stream);
    }

    private void poll() {
        do {
            try {
                Thread.sleep(POLL);
            } catch (InterruptedException e) {
                // Nobody interrupts this thread, and the streams depend on it.
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
        running = !open.isEmpty();
        return !running;
    }
}
