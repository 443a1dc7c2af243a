package dev.rein.langchain4j;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.exception.NonRetriableException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.DefaultServerSentEventParser;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import dev.rein.cancel.Cancellation;
import dev.rein.http.ModelEndpoint;
import dev.rein.http.ProviderError;
import dev.rein.http.ProviderJson;
import dev.rein.http.StoppableExchange;
import dev.rein.http.StreamedRequest;
import dev.rein.http.StreamedResponse;
import dev.rein.model.ModelException;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * LangChain4j's HTTP client over exchanges that a stop ends. Within a call of a run it does everything on the run's own thread, also
 * streaming: so a stop reaches it before there is a handle, and no thread of its own is left. Immutable and thread-safe.
 */
final class ReinHttpClient implements HttpClient {
    /** The cancellation of the run that the current thread calls a model for. */
    static final ScopedValue<Cancellation> CANCELLATION = ScopedValue.newInstance();

    private static final Logger LOG = LoggerFactory.getLogger(ReinHttpClient.class);
    private static final int MAX_BODY_BYTES = 64 << 20;

    private final ModelEndpoint.Builder endpoints;
    private final @Nullable Duration readTimeout;

    ReinHttpClient(ModelEndpoint.Builder endpoints, @Nullable Duration readTimeout) {
        this.endpoints = endpoints;
        this.readTimeout = readTimeout;
    }

    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) {
        var cancellation = CANCELLATION.isBound() ? CANCELLATION.get() : null;
        try (var exchange = new StoppableExchange(endpoint(request), cancellation, readTimeout)) {
            var response = send(exchange, request);
            var body = body(response);
            exchange.releaseConnection();
            if (cancellation != null) {
                cancellation.throwIfCancelled();
            }
            return success(response, body);
        } catch (RuntimeException e) {
            throw failure(e, cancellation);
        }
    }

    @Override
    public void execute(HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
        if (CANCELLATION.isBound()) {
            stream(request, parser, listener, new ExchangeCancellation(CANCELLATION.get()));
        } else {
            Thread.ofVirtual()
                    .name("rein-langchain4j")
                    .start(() -> stream(request, parser, listener, new ExchangeCancellation(null)));
        }
    }

    private void stream(
            HttpRequest request,
            ServerSentEventParser parser,
            ServerSentEventListener listener,
            ExchangeCancellation cancellation) {
        try (cancellation) {
            cancellation.begin();
            if (parser.getClass() == DefaultServerSentEventParser.class && request.body() != null) {
                var events = new EventForwarder(listener, cancellation);
                post(request).readEvents(cancellation, events);
            } else {
                parse(request, parser, listener, cancellation);
            }
            notify(listener::onClose);
        } catch (RuntimeException e) {
            if (cancellation.isCancelled() && !cancellation.isOfRun()) {
                // The user of the handle has cancelled the stream; LangChain4j's own clients report nothing then
                // either.
                notify(listener::onClose);
            } else {
                var failure = failure(e, cancellation);
                notify(() -> listener.onError(failure));
            }
        }
    }

    private void parse(
            HttpRequest request,
            ServerSentEventParser parser,
            ServerSentEventListener listener,
            ExchangeCancellation cancellation) {
        try (var exchange = new StoppableExchange(endpoint(request), cancellation, readTimeout)) {
            var response = send(exchange, request);
            notify(() -> listener.onOpen(success(response, null)));
            parser.parse(new LimitedLines(response.body()), listener);
            cancellation.throwIfCancelled();
        }
    }

    private StreamedRequest post(HttpRequest request) {
        var streamed =
                StreamedRequest.post(endpoint(request), "", request.body().getBytes(StandardCharsets.UTF_8));
        return readTimeout == null ? streamed : streamed.headersTimeout(readTimeout);
    }

    private StreamedResponse send(StoppableExchange exchange, HttpRequest request) {
        var sent = endpoint(request).request("");
        sent.method(
                request.method().name(),
                request.body() == null ? BodyPublishers.noBody() : BodyPublishers.ofString(request.body()));
        var response = exchange.send(sent);
        response.throwUnlessSuccess();
        return response;
    }

    private ModelEndpoint endpoint(HttpRequest request) {
        if (!request.formDataFields().isEmpty() || !request.formDataFiles().isEmpty()) {
            throw new UnsupportedFeatureException(
                    "ReinHttpClientBuilder sends no form data: use another HTTP client for this model");
        }
        var endpoint = endpoints.copy().baseUrl(request.url());
        request.headers().forEach((name, values) -> {
            if (values != null && !values.isEmpty()) {
                // A list is the same as several headers in HTTP.
                endpoint.header(name, String.join(", ", values));
            }
        });
        return endpoint.build();
    }

    private static byte[] body(StreamedResponse response) {
        var body = response.readAll(MAX_BODY_BYTES);
        var error = error(body);
        if (error != null) {
            throw response.failure(error);
        }
        return body;
    }

    /** The error that a server reports with a successful status; null for none. */
    private static @Nullable JsonNode error(byte[] body) {
        try {
            var tree = ProviderJson.mapper().readTree(body);
            return tree == null
                            || !tree.hasNonNull("error")
                            || tree.get("error").isEmpty()
                    ? null
                    : ProviderError.find(tree).orElse(null);
        } catch (JsonProcessingException e) {
            // LangChain4j knows what it expects.
            return null;
        } catch (IOException e) {
            throw new IllegalStateException("reading bytes failed", e);
        }
    }

    static SuccessfulHttpResponse success(StreamedResponse response, byte @Nullable [] body) {
        return SuccessfulHttpResponse.builder()
                .statusCode(response.status())
                .headers(response.headers())
                .body(body)
                .build();
    }

    private static RuntimeException failure(RuntimeException exception, @Nullable Cancellation cancellation) {
        if (cancellation != null && cancellation.isCancelled()) {
            // Of this type, because LangChain4j's models repeat all others.
            return new NonRetriableException(exception);
        }
        if (exception instanceof ModelException failure) {
            if (failure.status() >= 300) {
                return new HttpFailure(failure);
            }
            if (failure.getCause() instanceof HttpTimeoutException) {
                return new TimeoutException(failure);
            }
        }
        return exception;
    }

    /** Exceptions of listeners end nothing, as with LangChain4j's own clients. */
    static void notify(Runnable notification) {
        try {
            notification.run();
        } catch (RuntimeException e) {
            LOG.warn("A listener of LangChain4j has failed", e);
        }
    }
}
