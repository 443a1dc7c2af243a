package dev.rein.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.cancel.Cancellation;
import dev.rein.model.ModelException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * A request with a JSON body whose response is a stream of events. It makes one attempt (and a second one only if a kept connection
 * turns out to be closed before anything was received), and ends at once when the run is stopped. Used once, by one thread.
 */
public final class StreamedRequest {

    /** Ends the streams of OpenAI's chat completions and of compatible servers; no JSON document begins like this. */
    private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

    private final ModelEndpoint endpoint;
    private final HttpRequest.Builder request;
    private long maxBytes = EventReader.MAX_RESPONSE_BYTES;
    private @Nullable Duration headersTimeout;

    private StreamedRequest(ModelEndpoint endpoint, HttpRequest.Builder request) {
        this.endpoint = endpoint;
        this.request = request;
    }

    /**
     * A POST request.
     *
     * @param path appended to the base URL of the endpoint, such as {@code chat/completions}
     * @throws ModelException of kind BAD_REQUEST if the body cannot be written
     */
    public static StreamedRequest post(ModelEndpoint endpoint, String path, JsonNode body) {
        return post(endpoint, path, ProviderJson.bytes(body));
    }

    /**
     * A POST request with a body that is JSON already.
     *
     * @param path appended to the base URL of the endpoint; empty if that is the whole URL
     */
    public static StreamedRequest post(ModelEndpoint endpoint, String path, byte[] bytes) {
        var request = endpoint.request(path);
        // Streamed, because the JDK's publisher of an array copies it, and keeps both until the request ends.
        request.POST(BodyPublishers.fromPublisher(
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)), bytes.length));
        return new StreamedRequest(endpoint, request).headerIfAbsent("Content-Type", "application/json");
    }

    /** A header of this request; it replaces one of that name. */
    public StreamedRequest header(String name, String value) {
        request.setHeader(name, value);
        return this;
    }

    /** Maximum time until the headers of the response are received; none by default. */
    public StreamedRequest headersTimeout(Duration timeout) {
        headersTimeout = timeout;
        return this;
    }

    private StreamedRequest headerIfAbsent(String name, String value) {
        if (!endpoint.hasHeader(name)) {
            request.setHeader(name, value);
        }
        return this;
    }

    /** Limits the size of all events together, for tests. */
    StreamedRequest maxBytes(long bytes) {
        maxBytes = bytes;
        return this;
    }

    /**
     * Sends the request and passes server-sent events to {@code events} until the response is complete. An event with the data {@code
     * [DONE]} completes it too if {@link ModelEvents#isCompleteWhenDone} says so.
     *
     * @throws ModelException if the server cannot be reached, refuses the request, reports an error, or its response is unreadable or
     *     ends before it is complete
     * @throws dev.rein.cancel.CancelledException if the run is stopped
     */
    public void readEvents(Cancellation cancellation, ModelEvents events) {
        headerIfAbsent("Accept", "text/event-stream").run(cancellation, events, true);
    }

    /** As {@link #readEvents}, for responses in which each line is a JSON document. */
    public void readLines(Cancellation cancellation, ModelEvents events) {
        headerIfAbsent("Accept", "application/x-ndjson").run(cancellation, events, false);
    }

    private void run(Cancellation cancellation, ModelEvents events, boolean serverSentEvents) {
        try (var exchange = new StoppableExchange(endpoint, cancellation, headersTimeout)) {
            var response = exchange.send(request);
            response.throwUnlessSuccess();
            events.opened(response);
            var reader = serverSentEvents
                    ? new SseReader(response.body(), EventReader.MAX_EVENT_BYTES)
                    : new LineReader(response.body(), EventReader.MAX_EVENT_BYTES);
            read(exchange, response, reader, events);
        } catch (RuntimeException e) {
            // After a stop, errors of the closed connection are irrelevant.
            cancellation.throwIfCancelled();
            throw e;
        }
        cancellation.throwIfCancelled();
    }

    private void read(StoppableExchange exchange, StreamedResponse response, EventReader reader, ModelEvents events) {
        var done = false;
        var received = 0L;
        try {
            while (!done && !events.ignoresRest() && reader.next()) {
                done = isDone(reader);
                received += reader.length();
                if (received > maxBytes) {
                    throw new LineBuffer.TooLargeException("its events together are", maxBytes);
                }
                if (!done) {
                    accept(reader, events, response);
                }
            }
            if (done || events.ignoresRest()) {
                exchange.releaseConnection();
            }
        } catch (LineBuffer.TooLargeException | ZipException e) {
            throw ModelExceptions.unreadable(endpoint, response.status(), e);
        } catch (IOException e) {
            if (!events.isComplete()) {
                throw ModelExceptions.connectionLost(endpoint, response.status(), e);
            }
        }
        var unexpected = reader.unexpected();
        var endsWell = done && events.isCompleteWhenDone() && (unexpected == null || JsonExtent.begins(unexpected));
        if (!events.isComplete() && !endsWell) {
            throw ModelExceptions.incomplete(endpoint, response, done, unexpected);
        }
    }

    private void accept(EventReader reader, ModelEvents events, StreamedResponse response) throws IOException {
        JsonNode event;
        try {
            event = events.neededFields().read(reader.data(), reader.length());
            if (error(reader.name(), event, events).isPresent()) {
                // Errors are reported with all fields that the server sent.
                var whole = JsonProjection.ALL.read(reader.data(), reader.length());
                throw ModelExceptions.errorEvent(
                        endpoint, response, error(reader.name(), whole, events).orElseThrow());
            }
        } catch (JsonProcessingException e) {
            if (events.isComplete() && !reader.name().equals("error")) {
                // A mark of the end that only this server knows.
                return;
            }
            throw ModelExceptions.notJson(endpoint, response, reader, e);
        }
        if (event.isTextual() && !events.isComplete() && ProviderError.isReport(event.textValue())) {
            throw ModelExceptions.text(endpoint, response, event.textValue(), false);
        }
        if (event.isArray()) {
            event.forEach(element -> events.accept(reader.name(), element));
        } else {
            events.accept(reader.name(), event);
        }
    }

    private static Optional<JsonNode> error(String name, JsonNode event, ModelEvents events) {
        return !event.isArray() || event.isEmpty()
                ? events.error(name, event)
                : event.valueStream()
                        .flatMap(each -> events.error(name, each).stream())
                        .findFirst();
    }

    private static boolean isDone(EventReader reader) {
        return !reader.name().equals("error")
                && reader.length() >= DONE.length
                && Arrays.equals(reader.data(), 0, DONE.length, DONE, 0, DONE.length);
    }
}
