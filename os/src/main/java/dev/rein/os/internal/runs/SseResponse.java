package dev.rein.os.internal.runs;

import dev.rein.os.internal.route.LogText;
import dev.rein.os.internal.wire.EventFrame;
import dev.rein.run.event.RunEvent;
import dev.rein.runtime.EventStream;
import dev.rein.runtime.StreamExpiredException;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A response of server-sent events, written by the thread that handles the request and, while that waits for the next
 * event, by {@link Keepalives}.
 */
final class SseResponse {
    /** How a stream has ended. */
    enum End {
        /** The last event was sent. */
        COMPLETED,
        /** The client has disconnected. */
        DISCONNECTED,
        /** The client read too slowly: its next event is no longer in memory. */
        EXPIRED,
        /** The stream failed; the client was told. */
        FAILED,
        /** Nothing was sent: the run has ended and its first event is only in the store. */
        NOT_IN_MEMORY
    }

    /** Makes the frames of an event. */
    @FunctionalInterface
    interface Frames {
        List<EventFrame> of(RunEvent event);
    }

    private static final Logger log = LoggerFactory.getLogger(SseResponse.class);

    private static final byte[] KEEPALIVE = ": keepalive\n\n".getBytes(StandardCharsets.UTF_8);
    private static final int FLUSH_AT = 16 << 10;

    private final OutputStream out;
    private final Keepalives keepalives;
    private final ReentrantLock writing = new ReentrantLock();
    private int unflushed;
    private boolean isEmpty = true;

    /** The events being sent; null if none are. Guarded by {@link #writing}. */
    private @Nullable EventStream source;

    private volatile boolean disconnected;
    private volatile long writtenNanos = System.nanoTime();

    private SseResponse(OutputStream out, Keepalives keepalives) {
        this.out = out;
        this.keepalives = keepalives;
    }

    /** Sends the response headers. */
    static SseResponse open(Context http, Keepalives keepalives) throws IOException {
        var response = http.res();
        response.setContentType("text/event-stream; charset=utf-8");
        response.setHeader("Cache-Control", "no-cache, no-transform");
        response.setHeader("X-Accel-Buffering", "no");
        // A proxy that compresses collects events first. It leaves alone what has an encoding, even if that is none.
        response.setHeader("Content-Encoding", "identity");
        var out = response.getOutputStream();
        response.flushBuffer();
        return new SseResponse(out, keepalives);
    }

    /** Whether nothing but the headers was sent. */
    boolean isEmpty() {
        return isEmpty;
    }

    void write(byte[] bytes) throws IOException {
        isEmpty = false;
        out.write(bytes);
        unflushed += bytes.length;
        if (unflushed >= FLUSH_AT) {
            flush();
        }
    }

    void write(EventFrame frame) throws IOException {
        write(frame.sse());
    }

    void flush() throws IOException {
        out.flush();
        unflushed = 0;
    }

    /** Writes events as they occur, up to the last. */
    End sendAll(String runId, EventStream events, Frames frames) {
        setSource(events);
        keepalives.add(this);
        try {
            for (var event : events) {
                writing.lock();
                try {
                    write(event, frames);
                    drain(events, frames);
                    if (!events.isOver()) {
                        // The last event is flushed by the end of the response.
                        flush();
                    }
                } finally {
                    writing.unlock();
                }
                writtenNanos = System.nanoTime();
            }
            return disconnected ? End.DISCONNECTED : End.COMPLETED;
        } catch (StreamExpiredException e) {
            return End.EXPIRED;
        } catch (IOException e) {
            return End.DISCONNECTED;
        } catch (Throwable e) {
            return fail(runId, e);
        } finally {
            keepalives.remove(this);
            setSource(null);
        }
    }

    /** Ends a stream that can't go on, such as for an event that can't be written, with an error frame. */
    End fail(String runId, Throwable e) {
        log.error("sending the events of run {} failed", runId, LogText.lines(e));
        try {
            write(ControlFrames.sse(ControlFrames.failed(runId, e)));
            flush();
            return End.FAILED;
        } catch (IOException gone) {
            return End.DISCONNECTED;
        }
    }

    /** Once this is null again, no other thread writes. */
    private void setSource(@Nullable EventStream events) {
        writing.lock();
        try {
            source = events;
        } finally {
            writing.unlock();
        }
    }

    /** Nanoseconds since the last write. */
    long silentNanos() {
        return System.nanoTime() - writtenNanos;
    }

    /** Writes a comment unless another write is in progress; ends the stream if the client has disconnected. */
    void keepAlive() {
        if (!writing.tryLock()) {
            return;
        }
        try {
            if (source != null) {
                write(KEEPALIVE);
                flush();
                writtenNanos = System.nanoTime();
            }
        } catch (IOException e) {
            disconnected = true;
            source.close();
        } finally {
            writing.unlock();
        }
    }

    /** Writes the events that are already available. */
    void drain(EventStream events, Frames frames) throws IOException {
        for (var next = events.next(Duration.ZERO); next != null; next = events.next(Duration.ZERO)) {
            write(next, frames);
        }
    }

    void write(RunEvent event, Frames frames) throws IOException {
        for (var frame : frames.of(event)) {
            write(frame);
        }
    }
}
