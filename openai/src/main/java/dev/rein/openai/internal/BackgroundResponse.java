package dev.rein.openai.internal;

import dev.rein.cancel.Cancellation;
import dev.rein.http.ModelEndpoint;
import dev.rein.http.StoppableExchange;
import dev.rein.model.ModelException;
import dev.rein.text.PlainText;
import java.net.http.HttpRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A response that the provider generates in the background: closing the stream does not stop it, so a stop sends a request that
 * cancels it. That request is sent by the thread that aborts, never by the run's own thread.
 */
final class BackgroundResponse implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(BackgroundResponse.class);

    private static final Duration CANCEL_TIMEOUT = Duration.ofSeconds(3);

    private final ModelEndpoint endpoint;
    private final String path;
    private final Cancellation cancellation;
    private Cancellation.@Nullable Registration registration;

    /** @param path of responses, which their id follows */
    BackgroundResponse(ModelEndpoint endpoint, String path, Cancellation cancellation) {
        this.endpoint = endpoint;
        this.path = path;
        this.cancellation = cancellation;
    }

    /** Registers the response for cancellation, which needs the id that the provider has assigned. */
    void created(String id) {
        if (!id.isEmpty() && registration == null) {
            var runThread = Thread.currentThread();
            registration = cancellation.onCancel(() -> {
                if (Thread.currentThread().equals(runThread)) {
                    // The run had been stopped before the id was known, and must not wait for this request.
                    Thread.ofPlatform().daemon().name("rein-openai-cancel").start(() -> cancel(id));
                } else {
                    cancel(id);
                }
            });
        }
    }

    private void cancel(String id) {
        try (var exchange = new StoppableExchange(endpoint, null, CANCEL_TIMEOUT)) {
            exchange.send(endpoint.request(path + id + "/cancel")
                            .header("Accept", "application/json")
                            .POST(HttpRequest.BodyPublishers.noBody()))
                    .throwUnlessSuccess();
        } catch (ModelException e) {
            log.warn(
                    "Response {} could not be cancelled, so the provider may still generate it: {}",
                    id,
                    PlainText.message(e));
        }
    }

    @Override
    public void close() {
        if (registration != null) {
            registration.close();
        }
    }
}
