package dev.rein.testkit;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A response that is being sent to the client. Confined to one thread. */
final class ScriptedResponse {
    static final String JSON = "application/json";
    static final String HTML = "text/html; charset=utf-8";

    private final Exchange exchange;
    private final HttpResponseWriter out;
    private final @Nullable String streamType;
    private final boolean detached;
    private @Nullable String contentType;
    private boolean headSent;

    private interface Write {
        void run() throws IOException;
    }

    /**
     * @param streamType the content type of the stream that the client has requested; null if it has not
     * @param detached whether the response continues after the client has closed the connection
     */
    ScriptedResponse(Exchange exchange, HttpResponseWriter out, @Nullable String streamType, boolean detached) {
        this.exchange = exchange;
        this.out = out;
        this.streamType = streamType;
        this.detached = detached;
    }

    Exchange exchange() {
        return exchange;
    }

    boolean isStreamed() {
        return streamType != null;
    }

    /** @param type null for that of the format */
    void setContentType(@Nullable String type) {
        contentType = type;
    }

    /** Sends status and headers of a chunked response, unless they have been sent. */
    void head() throws IOException {
        if (!headSent) {
            headSent = true;
            var type = contentType != null ? contentType : streamType != null ? streamType : JSON;
            deliver(() -> out.head(200, type));
        }
    }

    /** Sends events or raw text; does nothing if the response is not streamed. */
    void events(String events) throws IOException {
        if (isStreamed()) {
            deliver(() -> out.chunk(events));
        }
    }

    void token() throws IOException {
        deliver(exchange::tokenWritten);
    }

    /** Sends text even if the response is not streamed. */
    void raw(String text) throws IOException {
        head();
        deliver(() -> out.chunk(text));
    }

    /** Sends the last events, or the whole response if it is not streamed. */
    void end(String events, String whole) throws IOException {
        head();
        deliver(() -> {
            exchange.finishing();
            out.lastChunk(isStreamed() ? events : whole);
            completed();
        });
    }

    /** Sends a complete response of any status. */
    void whole(int status, String contentType, String body, @Nullable Duration retryAfter) throws IOException {
        deliver(() -> {
            exchange.finishing();
            out.whole(status, contentType, body, retryAfter, closes());
            completed();
        });
    }

    void json(String body) throws IOException {
        whole(200, JSON, body, null);
    }

    /** Sends an error in OpenAI's format, for requests that belong to no other. */
    void error(int status, String message) throws IOException {
        whole(status, JSON, FixtureJson.error(status, message), null);
    }

    /** Closes the connection without completing the response. */
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
