package dev.rein.testkit;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One answer on its way to the client. Used by one thread. */
final class Reply {
    static final String JSON = "application/json";
    private static final String EVENTS = "text/event-stream; charset=utf-8";
    private static final String HTML = "text/html; charset=utf-8";

    private final Exchange exchange;
    private final HttpOutput out;
    private final boolean streamed;
    private final boolean detached;
    private boolean headSent;

    private interface Write {
        void run() throws IOException;
    }

    /**
     * @param streamed whether the client wants server-sent events
     * @param detached whether the answer is made to its end even if the client goes away
     */
    Reply(Exchange exchange, HttpOutput out, boolean streamed, boolean detached) {
        this.exchange = exchange;
        this.out = out;
        this.streamed = streamed;
        this.detached = detached;
    }

    Exchange exchange() {
        return exchange;
    }

    boolean isStreamed() {
        return streamed;
    }

    /** Status and headers of an answer that comes in chunks. Sent once. */
    void head() throws IOException {
        if (!headSent) {
            headSent = true;
            deliver(() -> out.head(200, streamed ? EVENTS : JSON));
        }
    }

    /** Events, or raw bytes; nothing if the client does not stream. */
    void events(String events) throws IOException {
        if (streamed) {
            deliver(() -> out.chunk(events));
        }
    }

    void token() throws IOException {
        deliver(exchange::tokenWritten);
    }

    /** Bytes that the client gets even if it does not stream. */
    void raw(String text) throws IOException {
        head();
        deliver(() -> out.chunk(text));
    }

    /** The last events, or the whole answer of a client that does not stream. */
    void end(String events, String whole) throws IOException {
        head();
        deliver(() -> {
            exchange.finishing();
            out.lastChunk(streamed ? events : whole);
            completed();
        });
    }

    /** A whole answer of any status. */
    void whole(int status, String body, @Nullable Duration retryAfter) throws IOException {
        deliver(() -> {
            exchange.finishing();
            out.whole(status, body.startsWith("{") ? JSON : HTML, body, retryAfter, closes());
            completed();
        });
    }

    void error(int status, String message) throws IOException {
        whole(status, FixtureJson.error(status, message), null);
    }

    /** Ends the connection without ending the answer. */
    void abort(boolean reset) {
        if (reset) {
            out.reset();
        }
        out.close();
    }

    private void completed() {
        exchange.completed();
        if (closes()) {
            out.close();
        }
    }

    private boolean closes() {
        return exchange.request().wantsClose();
    }

    private void deliver(Write write) throws IOException {
        if (!detached) {
            write.run();
        } else if (exchange.outcome() == Exchange.Outcome.OPEN) {
            try {
                write.run();
            } catch (IOException e) {
                exchange.writeFailed(System.nanoTime());
            }
        }
    }
}
