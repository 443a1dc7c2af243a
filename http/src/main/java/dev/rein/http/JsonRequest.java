package dev.rein.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.rein.cancel.Cancellation;
import dev.rein.model.ModelException;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A request with a JSON body whose response is one JSON document. It makes one attempt, and ends at once when the run is stopped. Used
 * once, by one thread.
 */
public final class JsonRequest {
    private static final int MAX_BODY_BYTES = 128 << 20;

    private final ModelEndpoint endpoint;
    private final HttpRequest.Builder request;
    private @Nullable Duration timeout;

    private JsonRequest(ModelEndpoint endpoint, HttpRequest.Builder request) {
        this.endpoint = endpoint;
        this.request = request;
    }

    /**
     * A POST request.
     *
     * @param path appended to the base URL of the endpoint, such as {@code embeddings}
     * @throws ModelException of kind BAD_REQUEST if the body cannot be written
     */
    public static JsonRequest post(ModelEndpoint endpoint, String path, JsonNode body) {
        var request = endpoint.request(path).POST(BodyPublishers.ofByteArray(ProviderJson.bytes(body)));
        setIfAbsent(endpoint, request, "Content-Type");
        setIfAbsent(endpoint, request, "Accept");
        return new JsonRequest(endpoint, request);
    }

    private static void setIfAbsent(ModelEndpoint endpoint, HttpRequest.Builder request, String header) {
        if (!endpoint.hasHeader(header)) {
            request.setHeader(header, "application/json");
        }
    }

    /**
     * Sets the maximum time until the response is complete; none by default.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public JsonRequest timeout(Duration atMost) {
        if (!atMost.isPositive()) {
            throw new IllegalArgumentException("timeout is " + atMost + ": it must be positive");
        }
        timeout = atMost;
        return this;
    }

    /**
     * Sends the request and reads the response.
     *
     * @param member a member that the response must have, such as {@code data}
     * @throws ModelException if the server cannot be reached, takes too long, refuses the request, reports an error with any status, or its response is
     *     unreadable or too large
     * @throws dev.rein.cancel.CancelledException if the run is stopped
     */
    public JsonNode read(Cancellation cancellation, String member) {
        var end = new CompletableFuture<Void>();
        try (var exchange = new StoppableExchange(endpoint, cancellation, null)) {
            limit(exchange, end);
            var response = exchange.send(request);
            response.throwUnlessSuccess();
            var body = response.readAll(MAX_BODY_BYTES);
            exchange.releaseConnection();
            cancellation.throwIfCancelled();
            return parsed(response, body, member);
        } catch (RuntimeException e) {
            // After a stop, errors of the closed connection are irrelevant.
            cancellation.throwIfCancelled();
            throw end.isCompletedExceptionally() ? late(e) : e;
        } finally {
            end.complete(null);
        }
    }

    /** Ends the exchange after the time-out, unless it has ended. */
    private void limit(StoppableExchange exchange, CompletableFuture<Void> end) {
        if (timeout != null) {
            var _ = end.orTimeout(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS)
                    .exceptionally(_ -> {
                        exchange.abort();
                        return null;
                    });
        }
    }

    private ModelException late(RuntimeException cause) {
        return new ModelException(
                ModelException.Kind.CONNECTION,
                endpoint.address() + " has not sent its response within " + timeout
                        + ": send less in one request, or allow more time",
                0,
                null,
                null,
                cause);
    }

    private JsonNode parsed(StreamedResponse response, byte[] body, String member) {
        JsonNode tree;
        try {
            tree = ProviderJson.mapper().readTree(body);
        } catch (JsonProcessingException e) {
            throw ModelExceptions.noDocument(endpoint, response, body, member);
        } catch (IOException e) {
            throw new IllegalStateException("reading bytes failed", e);
        }
        var hasMember = tree != null && tree.hasNonNull(member);
        if (tree != null && (!hasMember || tree.hasNonNull("error"))) {
            ProviderError.find(tree).ifPresent(error -> {
                throw response.failure(error);
            });
        }
        if (!hasMember) {
            throw ModelExceptions.noDocument(endpoint, response, body, member);
        }
        return tree;
    }
}
