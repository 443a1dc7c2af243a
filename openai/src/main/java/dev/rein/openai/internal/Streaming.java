package dev.rein.openai.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.cancel.Cancellation;
import dev.rein.model.ModelResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One streamed request, the same for both protocols: send, read events until the answer is complete, keep the stop's word. */
final class Streaming {

    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

    private final Endpoint endpoint;
    private final Cancellation cancellation;

    Streaming(Endpoint endpoint, Cancellation cancellation) {
        this.endpoint = endpoint;
        this.cancellation = cancellation;
    }

    ModelResponse run(Runnable sdk, Answer answer) {
        try (var exchange = new Exchange(endpoint, cancellation, null)) {
            exchange.call(sdk);
            read(exchange, answer);
        } catch (RuntimeException e) {
            // After a stop it does not matter what came out of the broken connection.
            cancellation.throwIfCancelled();
            throw e;
        }
        cancellation.throwIfCancelled();
        return answer.response();
    }

    private void read(Exchange exchange, Answer answer) {
        Failures.throwUnlessEvents(endpoint, exchange.body());
        var status = exchange.body().statusCode();
        var events = new SseReader(exchange.body().body(), SseReader.LARGEST_EVENT);
        var done = false;
        try {
            while (!done && !answer.isOver() && events.next()) {
                done = isDone(events);
                if (!done) {
                    accept(events, answer, status);
                }
            }
            if (done || answer.isOver()) {
                exchange.finished();
            }
        } catch (SseReader.TooLargeException e) {
            throw Failures.tooLarge(endpoint, status, e);
        } catch (IOException e) {
            if (!answer.isComplete()) {
                throw Failures.cut(endpoint, status, e);
            }
        }
        if (!done && !answer.isComplete()) {
            throw Failures.unfinished(endpoint, status, events.foreign());
        }
    }

    private void accept(SseReader events, Answer answer, int status) throws IOException {
        JsonNode event;
        try {
            event = Json.MAPPER.readTree(events.data(), 0, events.length());
        } catch (JsonProcessingException e) {
            throw Failures.notJson(endpoint, status, events.data(), events.length(), e);
        }
        var error = event.path("error");
        if (!error.isMissingNode() && !error.isNull()) {
            throw Failures.event(endpoint, status, error);
        }
        try {
            answer.accept(event);
        } catch (ErrorEvent e) {
            throw Failures.event(endpoint, status, e.error());
        }
    }

    private static boolean isDone(SseReader events) {
        return events.length() >= DONE.length && Arrays.equals(events.data(), 0, DONE.length, DONE, 0, DONE.length);
    }

    /** Says that an event which looks like any other tells of an error. */
    static final class ErrorEvent extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient JsonNode error;

        ErrorEvent(JsonNode error) {
            super("error event", null, false, false);
            this.error = error;
        }

        JsonNode error() {
            return error;
        }
    }
}
