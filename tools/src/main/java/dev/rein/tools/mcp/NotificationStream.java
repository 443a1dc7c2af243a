package dev.rein.tools.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stream on which a server over HTTP sends what no request has asked for. It is opened again whenever it ends, after a pause that grows
 * up to half a minute while nothing comes. Thread-safe.
 */
final class NotificationStream {
    private static final Logger log = LoggerFactory.getLogger(NotificationStream.class);
    private static final Duration MIN_PAUSE = Duration.ofSeconds(1);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(30);

    /** Requests a stream. */
    interface Opener {
        /** @param lastId the id of the last event, after which the server may continue; null for none */
        CompletableFuture<HttpResponse<InputStream>> open(@Nullable String lastId);
    }

    private final Opener opener;
    private final Consumer<JsonNode> receiver;
    private final Runnable missed;
    private final IntPredicate isTemporary;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable CompletableFuture<HttpResponse<InputStream>> current;
    private @Nullable String lastId;
    private Duration pause = MIN_PAUSE;

    /**
     * @param missed called when the stream is there again, after messages may have been lost
     * @param isTemporary whether to try again after a response with this status
     */
    NotificationStream(Opener opener, Consumer<JsonNode> receiver, Runnable missed, IntPredicate isTemporary) {
        this.isTemporary = isTemporary;
        this.opener = opener;
        this.receiver = receiver;
        this.missed = missed;
    }

    /** Reads until the stream is closed, or the server says that it has none. */
    void read() {
        try {
            for (var first = true; readOnce(first); first = false) {
                if (closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
                pause = pause.multipliedBy(2).compareTo(MAX_PAUSE) < 0 ? pause.multipliedBy(2) : MAX_PAUSE;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return whether to try again */
    private boolean readOnce(boolean first) throws InterruptedException {
        var future = opener.open(lastId);
        current = future;
        try {
            if (closed.getCount() == 0) {
                return false;
            }
            var response = future.get();
            var status = response.statusCode();
            if (status == 200 && HttpSession.isEventStream(response)) {
                if (!first) {
                    missed.run();
                }
                readEvents(response);
                return true;
            }
            log.debug("An MCP server responded with status {} instead of a stream of notifications", status);
            return isTemporary.test(status);
        } catch (ExecutionException e) {
            log.debug("The stream of notifications of an MCP server could not be opened", e);
            return true;
        } catch (CancellationException e) {
            return false;
        } finally {
            HttpSession.release(future);
        }
    }

    private void readEvents(HttpResponse<InputStream> response) {
        try (var stream = response.body()) {
            var events = new SseEvents(stream);
            for (var data = events.next(); data != null; data = events.next()) {
                pause = MIN_PAUSE;
                lastId = events.lastId() == null ? lastId : events.lastId();
                var message = JsonRpc.parse(data);
                if (message != null) {
                    receiver.accept(message);
                }
            }
        } catch (IOException e) {
            log.debug("The stream of notifications of an MCP server ended", e);
        }
    }

    /** Ends the stream at once. */
    void close() {
        closed.countDown();
        var future = current;
        if (future != null) {
            HttpSession.release(future);
        }
    }
}
