package dev.rein.openai;

import dev.rein.http.ModelEndpoint;
import dev.rein.model.Model;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.model.OutgoingRequests;
import dev.rein.model.Pricing;
import dev.rein.openai.internal.ModelApi;
import dev.rein.openai.internal.RequestSettings;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The common part of the models in this package, which differ in the API they call. Immutable and thread-safe. */
abstract sealed class OpenAIModel implements Model permits OpenAIChat, OpenAIResponses {

    private final String id;
    private final ModelEndpoint endpoint;
    private final @Nullable Pricing pricing;
    private final ServerSettings server;
    private final Set<String> fileTypes;
    private final ModelApi api;

    OpenAIModel(OpenAIBuilder<?> builder, Function<ModelEndpoint, ModelApi> api) {
        id = builder.modelId();
        endpoint = builder.address();
        pricing = builder.price();
        server = builder.server(endpoint);
        fileTypes = builder.files(server);
        this.api = api.apply(endpoint);
    }

    @Override
    public final String id() {
        return id;
    }

    @Override
    public final String provider() {
        return RequestSettings.PROVIDER;
    }

    @Override
    public final String server() {
        return endpoint.server();
    }

    @Override
    public final @Nullable Pricing pricing() {
        return pricing;
    }

    /** Those of the builder, otherwise those that are known of the server. */
    @Override
    public final Set<String> fileTypes() {
        return fileTypes;
    }

    @Override
    public final ModelResponse respond(ModelRequest request, ModelCall call) {
        return api.respond(OutgoingRequests.prepare(request, this, server.toolCallIds()), call);
    }

    @Override
    public final String toString() {
        return getClass().getSimpleName() + "[" + id + " at " + endpoint + ", server " + server + "]";
    }
}
