package dev.rein.os.internal.runs;

import dev.rein.os.internal.route.Client;
import dev.rein.os.internal.route.LogText;
import dev.rein.os.internal.route.Problem;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The open event streams, limited in number. Thread-safe. */
public final class OpenStreams {
    private static final Logger log = LoggerFactory.getLogger(OpenStreams.class);

    private final int most;
    private final Semaphore free;
    private final Keepalives keepalives = new Keepalives();

    public OpenStreams(int most) {
        this.most = most;
        this.free = new Semaphore(most);
    }

    /** The permit of an open stream; close it when the stream ends. */
    public interface Permit extends AutoCloseable {
        @Override
        void close();
    }

    /** @throws Problem 503 if the limit is reached */
    public Permit acquire() {
        if (!free.tryAcquire()) {
            throw Problem.unavailable(
                    most + " event streams are open, which is the limit of this server: try again soon");
        }
        return free::release;
    }

    /**
     * Answers with a stream. It is written by a separate thread: the deep stack of the server's thread would be
     * retained for as long as the stream is silent.
     *
     * @param begin starts what is followed; called at once if a permit is available, so that nothing starts that can't
     *     be followed
     * @param follow writes the stream to its end
     * @throws Problem 503 if the limit is reached
     */
    <T> void answer(Context http, Supplier<T> begin, Consumer<T> follow) {
        var permit = acquire();
        T begun;
        try {
            begun = begin.get();
        } catch (RuntimeException e) {
            permit.close();
            throw e;
        }
        http.future(() -> {
            var done = new CompletableFuture<Void>();
            Thread.ofVirtual().name("rein-os-stream").start(() -> {
                try (permit) {
                    follow.accept(begun);
                    done.complete(null);
                } catch (Throwable e) {
                    // A response that ended as usual would look complete.
                    log.error("a stream failed, its connection is closed", LogText.lines(e));
                    Client.of(http).disconnect();
                    done.completeExceptionally(e);
                }
            });
            return done;
        });
    }

    /** Starts the response of a stream that holds a permit. */
    SseResponse open(Context http) throws IOException {
        return SseResponse.open(http, keepalives);
    }

    public int open() {
        return most - free.availablePermits();
    }
}
