package dev.rein.openai.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
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
        try {
            var event = answer.wanted().read(events.data(), events.length());
            if (answer.error(event).isEmpty()) {
                answer.accept(event);
            } else {
                // Who reads about an error wants all that the server said.
                var whole = ProviderJson.MAPPER.readTree(events.data(), 0, events.length());
                throw Failures.event(endpoint, status, answer.error(whole).orElseThrow());
            }
        } catch (JsonProcessingException e) {
            throw Failures.notJson(endpoint, status, events.data(), events.length(), e);
        }
    }

    private static boolean isDone(SseReader events) {
        return events.length() >= DONE.length && Arrays.equals(events.data(), 0, DONE.length, DONE, 0, DONE.length);
    }
}
