package dev.rein.openai.internal;

import com.openai.client.OpenAIClient;
import dev.rein.cancel.Cancellation;
import dev.rein.model.ModelException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A response that the provider works on in the background: closing the stream does not stop it, a request does. That
 * request is made on the thread that carries out the stop, never on the run's own.
 */
final class RemoteResponse implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RemoteResponse.class);

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(3);

    private final Endpoint endpoint;
    private final OpenAIClient client;
    private final Cancellation cancellation;
    private Cancellation.@Nullable Registration registration;

    RemoteResponse(Endpoint endpoint, OpenAIClient client, Cancellation cancellation) {
        this.endpoint = endpoint;
        this.client = client;
        this.cancellation = cancellation;
    }

    /** The provider has given the response its id: from now on it can be cancelled. */
    void created(String id) {
        if (!id.isEmpty() && registration == null) {
            var runThread = Thread.currentThread();
            registration = cancellation.onCancel(() -> {
                if (Thread.currentThread().equals(runThread)) {
                    // The run was stopped just before its response got an id, and wants to end now.
                    Thread.ofPlatform().daemon().name("rein-openai-cancel").start(() -> cancel(id));
                } else {
                    cancel(id);
                }
            });
        }
    }

    private void cancel(String id) {
        try (var exchange = new Exchange(endpoint, null, ANSWER_WITHIN)) {
            exchange.call(() -> send(id));
        } catch (ModelException e) {
            log.warn("Response {} may still be generated: {}", id, e.getMessage());
        }
    }

    private void send(String id) {
        // Closes nothing: that is the exchange's.
        try (var _ = client.responses().withRawResponse().cancel(id)) {}
    }

    @Override
    public void close() {
        if (registration != null) {
            registration.close();
        }
    }
}
