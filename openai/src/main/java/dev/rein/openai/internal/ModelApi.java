package dev.rein.openai.internal;

import dev.rein.http.ModelEndpoint;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelException;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;

/** A streaming API at an endpoint, called with one model's settings. Immutable and thread-safe. */
public abstract sealed class ModelApi permits ChatCompletionsApi, ResponsesApi {

    private final ModelEndpoint endpoint;
    private final RequestSettings settings;

    ModelApi(ModelEndpoint endpoint, RequestSettings settings) {
        this.endpoint = endpoint;
        this.settings = settings;
    }

    final ModelEndpoint endpoint() {
        return endpoint;
    }

    final RequestSettings settings() {
        return settings;
    }

    /** Sends the request and reads the response, until it is complete or the run is stopped. */
    public final ModelResponse respond(ModelRequest request, ModelCall call) {
        if (!endpoint.hasHeader("Authorization")) {
            throw new ModelException(
                    ModelException.Kind.AUTHENTICATION,
                    "No API key is set: set the environment variable OPENAI_API_KEY or call apiKey(..) on the model's"
                            + " builder. For a server that needs no key, set OPENAI_BASE_URL or call baseUrl(..)");
        }
        return send(request, call);
    }

    abstract ModelResponse send(ModelRequest request, ModelCall call);
}
