package dev.rein.anthropic.internal;

import dev.rein.http.ModelEndpoint;
import dev.rein.http.StreamedRequest;
import dev.rein.model.Model;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;
import dev.rein.model.OutgoingRequests;
import dev.rein.model.ToolCallIds;

/** The Messages API at an endpoint, called with one model's options. Immutable and thread-safe. */
public final class MessagesApi {
    private static final String PATH = "v1/messages";

    private final ModelEndpoint endpoint;
    private final RequestOptions options;

    public MessagesApi(ModelEndpoint endpoint, RequestOptions options) {
        this.endpoint = endpoint;
        this.options = options;
    }

    /** Sends the request and reads the response, until it is complete or the run is stopped. */
    public ModelResponse respond(Model model, ModelRequest request, ModelCall call) {
        call.cancellation().throwIfCancelled();
        var prepared = OutgoingRequests.prepare(request, model, ToolCallIds.UP_TO_40);
        var assembler = new MessagesAssembler(model, call);
        StreamedRequest.post(endpoint, PATH, new MessagesRequestMapper(options).map(prepared))
                .readEvents(call.cancellation(), assembler);
        return assembler.response();
    }
}
