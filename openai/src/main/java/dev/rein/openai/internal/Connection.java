package dev.rein.openai.internal;

import com.openai.client.OpenAIClient;
import dev.rein.cancel.Cancellation;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An endpoint and the SDK's client for it, which is made when it is first needed. Thread-safe. */
final class Connection {

    private final Endpoint endpoint;
    private final ReentrantLock making = new ReentrantLock();
    private volatile @Nullable OpenAIClient client;

    Connection(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** The client; waits while the SDK is being loaded, as long as the run is not stopped. */
    OpenAIClient client(Supplier<WarmUp> warmUp, Cancellation cancellation) {
        var known = client;
        if (known != null) {
            return known;
        }
        var key = endpoint.apiKey();
        if (key == null) {
            throw Failures.noKey();
        }
        warmUp.get().await(cancellation);
        making.lock();
        try {
            if (client == null) {
                client = Sdk.client(endpoint, key);
            }
            return client;
        } finally {
            making.unlock();
        }
    }
}
