package dev.rein.openai.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.rein.cancel.Cancellation;
import dev.rein.model.ModelResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One streamed request: sends it, and reads events until the response is complete or the run is stopped. */
final class StreamedRequest {

    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

    private final Endpoint endpoint;
    private final Cancellation cancellation;

    StreamedRequest(Endpoint endpoint, Cancellation cancellation) {
        this.endpoint = endpoint;
        this.cancellation = cancellation;
    }

    /** @param send sends the request through the SDK */
    ModelResponse run(Runnable send, ResponseAssembler assembler) {
        try (var exchange = new StoppableExchange(endpoint, cancellation, null)) {
            exchange.call(send);
            read(exchange, assembler);
        } catch (RuntimeException e) {
            // After a stop, errors of the closed connection are irrelevant.
            cancellation.throwIfCancelled();
            throw e;
        }
        cancellation.throwIfCancelled();
        return assembler.response();
    }

    private void read(StoppableExchange exchange, ResponseAssembler assembler) {
        ModelExceptions.throwUnlessEvents(endpoint, exchange.response());
        var status = exchange.response().statusCode();
        var events = new SseReader(exchange.response().body(), SseReader.MAX_EVENT_BYTES);
        var done = false;
        try {
            while (!done && !assembler.ignoresRest() && events.next()) {
                done = isDone(events);
                if (!done) {
                    accept(events, assembler, status);
                }
            }
            if (done || assembler.ignoresRest()) {
                exchange.releaseConnection();
            }
        } catch (SseReader.TooLargeException e) {
            throw ModelExceptions.tooLarge(endpoint, status, e);
        } catch (IOException e) {
            if (!assembler.isComplete()) {
                throw ModelExceptions.connectionLost(endpoint, status, e);
            }
        }
        if (!done && !assembler.isComplete()) {
            throw ModelExceptions.incomplete(endpoint, status, events.invalidLine());
        }
    }

    private void accept(SseReader events, ResponseAssembler assembler, int status) throws IOException {
        try {
            var event = assembler.neededFields().read(events.data(), events.length());
            if (assembler.error(event).isEmpty()) {
                assembler.accept(event);
            } else {
                // Errors are reported with all fields that the server sent.
                var whole = ProviderJson.MAPPER.readTree(events.data(), 0, events.length());
                throw ModelExceptions.errorEvent(
                        endpoint, status, assembler.error(whole).orElseThrow());
            }
        } catch (JsonProcessingException e) {
            throw ModelExceptions.notJson(endpoint, status, events.data(), events.length(), e);
        }
    }

    private static boolean isDone(SseReader events) {
        return events.length() >= DONE.length && Arrays.equals(events.data(), 0, DONE.length, DONE, 0, DONE.length);
    }
}
