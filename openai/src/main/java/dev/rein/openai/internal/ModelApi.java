package dev.rein.openai.internal;

import com.openai.client.OpenAIClient;
import dev.rein.cancel.Cancellation;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A streaming API at an endpoint, called with one model's settings. The SDK client is created by the first call. Thread-safe. */
public abstract sealed class ModelApi permits ChatCompletionsApi, ResponsesApi {

    private final Endpoint endpoint;
    private final ModelSettings settings;
    private final ReentrantLock creation = new ReentrantLock();
    private volatile @Nullable OpenAIClient client;

    ModelApi(Endpoint endpoint, ModelSettings settings) {
        this.endpoint = endpoint;
        this.settings = settings;
    }

    final Endpoint endpoint() {
        return endpoint;
    }

    final ModelSettings settings() {
        return settings;
    }

    /** Sends the request and reads the response, until it is complete or the run is stopped. */
    public final ModelResponse respond(ModelRequest request, ModelCall call) {
        return respond(client(call.cancellation()), request, call);
    }

    abstract ModelResponse respond(OpenAIClient sdk, ModelRequest request, ModelCall call);

    /** Loads the SDK classes that this API needs; the same object for all models. */
    abstract SdkWarmUp warmUp();

    /** Runs {@code send}, which sends one request through the SDK, and feeds the events of the response to the assembler. */
    final ModelResponse stream(ModelCall call, Runnable send, ResponseAssembler assembler) {
        return new StreamedRequest(endpoint, call.cancellation()).run(send, assembler);
    }

    private OpenAIClient client(Cancellation cancellation) {
        var known = client;
        if (known != null) {
            return known;
        }
        var key = endpoint.apiKey();
        if (key == null) {
            throw ModelExceptions.noKey();
        }
        warmUp().await(cancellation);
        creation.lock();
        try {
            if (client == null) {
                client = SdkClients.client(endpoint, key);
            }
            return client;
        } finally {
            creation.unlock();
        }
    }
}
