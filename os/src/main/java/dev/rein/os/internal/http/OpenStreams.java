package dev.rein.os.internal.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The open event streams, whose number is bounded. Thread-safe. */
final class OpenStreams {
    private static final Logger log = LoggerFactory.getLogger(OpenStreams.class);

    private final int most;
    private final Semaphore free;
    private final Keepalives keepalives = new Keepalives();

    OpenStreams(int most) {
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

    /**
     * Answers with a stream. It is written by a thread of its own: that of the server has a deep stack, which would be kept
     * for as long as the stream is silent.
     *
     * @param begin begins what is followed; called at once, if there is room: what nobody could follow is not begun
     * @param follow writes the stream, to its end
     * @throws Problem 503 if there is no room
     */
    <T> void answer(Context http, Supplier<T> begin, Consumer<T> follow) {
        var place = enter();
        T begun;
        try {
            begun = begin.get();
        } catch (RuntimeException e) {
            place.close();
            throw e;
        }
        http.future(() -> {
            var done = new CompletableFuture<Void>();
            Thread.ofVirtual().name("rein-os-stream").start(() -> {
                try (place) {
                    follow.accept(begun);
                } catch (RuntimeException e) {
                    log.error("a stream failed", e);
                } finally {
                    done.complete(null);
                }
            });
            return done;
        });
    }

    /** Begins the response of a stream that has its place. */
    SseResponse open(Context http) throws IOException {
        return SseResponse.open(http, keepalives);
    }

    int open() {
        return most - free.availablePermits();
    }
}
