package dev.rein.os.internal.http;

import dev.rein.os.internal.wire.EventWire;
import dev.rein.os.internal.wire.Frame;
import dev.rein.run.EventStream;
import dev.rein.run.StreamExpiredException;
import dev.rein.run.event.RunEvent;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A response that is a stream of events, for the thread that handles the request. */
final class Sse {
    /** How a client's stream has ended. */
    enum End {
        /** With the last event. */
        OVER,
        /** The client has gone. */
        GONE,
        /** The client reads too slowly: what it would read next is no longer kept. */
        EXPIRED
    }

    /** How often a silent stream is written to: a client that has gone is noticed only so. */
    private static final Duration SILENCE = Duration.ofSeconds(1);

    private static final byte[] KEEPALIVE = ": keepalive\n\n".getBytes(StandardCharsets.UTF_8);
    private static final int FLUSH_AT = 16 << 10;

    private final OutputStream out;
    private int unflushed;

    private Sse(OutputStream out) {
        this.out = out;
    }

    /** Sends the head of the response. */
    static Sse open(Context http) throws IOException {
        var response = http.res();
        response.setContentType("text/event-stream; charset=utf-8");
        response.setHeader("Cache-Control", "no-cache");
        response.setHeader("X-Accel-Buffering", "no");
        var out = response.getOutputStream();
        response.flushBuffer();
        return new Sse(out);
    }

    void write(byte[] bytes) throws IOException {
        out.write(bytes);
        unflushed += bytes.length;
        if (unflushed >= FLUSH_AT) {
            flush();
        }
    }

    void write(Frame frame) throws IOException {
        write(frame.sse());
    }

    void flush() throws IOException {
        out.flush();
        unflushed = 0;
    }

    /** Writes events as they come, to the last. */
    End pump(EventStream events, EventWire wire) {
        try {
            while (!events.isOver()) {
                var event = events.next(SILENCE);
                if (event != null) {
                    write(event, wire);
                    drain(events, wire);
                } else if (!events.isOver()) {
                    write(KEEPALIVE);
                }
                flush();
            }
            return End.OVER;
        } catch (StreamExpiredException e) {
            return End.EXPIRED;
        } catch (IOException e) {
            return End.GONE;
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
