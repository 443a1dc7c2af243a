package dev.rein.os.internal.http;

import dev.rein.os.internal.wire.EventFrame;
import dev.rein.os.internal.wire.EventWire;
import dev.rein.run.event.RunEvent;
import dev.rein.runtime.EventStream;
import dev.rein.runtime.StreamExpiredException;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A response that is a stream of events, for the thread that handles the request. While that waits for the next one, {@link
 * Keepalives} writes too.
 */
final class SseResponse {
    /** How a client's stream has ended. */
    enum End {
        /** With the last event. */
        OVER,
        /** The client has gone. */
        GONE,
        /** The client reads too slowly: what it would read next is no longer kept. */
        EXPIRED,
        /** Nothing was sent yet: the run has ended, and what would come first is no longer kept but in the store. */
        FORGOTTEN
    }

    private static final byte[] KEEPALIVE = ": keepalive\n\n".getBytes(StandardCharsets.UTF_8);
    private static final int FLUSH_AT = 16 << 10;

    private final OutputStream out;
    private final Keepalives keepalives;
    private final ReentrantLock writing = new ReentrantLock();
    private int unflushed;
    private boolean isEmpty = true;

    /** What it is pumped from; null when it is not. Guarded by {@link #writing}. */
    private @Nullable EventStream pumped;

    private volatile boolean gone;
    private volatile long writtenNanos = System.nanoTime();

    private SseResponse(OutputStream out, Keepalives keepalives) {
        this.out = out;
        this.keepalives = keepalives;
    }

    /** Sends the head of the response. */
    static SseResponse open(Context http, Keepalives keepalives) throws IOException {
        var response = http.res();
        response.setContentType("text/event-stream; charset=utf-8");
        response.setHeader("Cache-Control", "no-cache");
        response.setHeader("X-Accel-Buffering", "no");
        var out = response.getOutputStream();
        response.flushBuffer();
        return new SseResponse(out, keepalives);
    }

    /** Whether nothing but the head was sent. */
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

    /** Writes events as they come, to the last. */
    End pump(EventStream events, EventWire wire) {
        pumps(events);
        keepalives.add(this);
        try {
            for (var event : events) {
                writing.lock();
                try {
                    write(event, wire);
                    drain(events, wire);
                    if (!events.isOver()) {
                        // What comes last goes out with the end of the response.
                        flush();
                    }
                } finally {
                    writing.unlock();
                }
                writtenNanos = System.nanoTime();
            }
            return gone ? End.GONE : End.OVER;
        } catch (StreamExpiredException e) {
            return End.EXPIRED;
        } catch (IOException e) {
            return End.GONE;
        } finally {
            keepalives.remove(this);
            pumps(null);
        }
    }

    /** Once this is null again nobody else writes. */
    private void pumps(@Nullable EventStream events) {
        writing.lock();
        try {
            pumped = events;
        } finally {
            writing.unlock();
        }
    }

    /** How long nothing was written, by {@link System#nanoTime}. */
    long silentNanos() {
        return System.nanoTime() - writtenNanos;
    }

    /** Writes a comment, unless something is being written; when the client has gone, the pump ends. */
    void keepAlive() {
        if (!writing.tryLock()) {
            return;
        }
        try {
            if (pumped != null) {
                write(KEEPALIVE);
                flush();
                writtenNanos = System.nanoTime();
            }
        } catch (IOException e) {
            gone = true;
            pumped.close();
        } finally {
            writing.unlock();
        }
    }

    /** Writes what is there already. */
    void drain(EventStream events, EventWire wire) throws IOException {
        for (var next = events.next(Duration.ZERO); next != null; next = events.next(Duration.ZERO)) {
            write(next, wire);
        }
    }

    void write(RunEvent event, EventWire wire) throws IOException {
        for (var frame : wire.frames(event)) {
            write(frame);
        }
    }
}
