package dev.rein.os.internal.http;

import java.util.concurrent.Semaphore;

/** How many event streams are open, which is bounded. Thread-safe. */
final class Streams {
    private final int most;
    private final Semaphore free;

    Streams(int most) {
        this.most = most;
        this.free = new Semaphore(most);
    }

    /** A place for one more; close it when the stream has ended. */
    interface Place extends AutoCloseable {
        @Override
        void close();
    }

    /** @throws Problem 503 if there is no room */
    Place enter() {
        if (!free.tryAcquire()) {
            throw Problem.unavailable(
                    most + " event streams are open, which is the limit of this server: try again soon");
        }
        return free::release;
    }

    int open() {
        return most - free.availablePermits();
    }
}
