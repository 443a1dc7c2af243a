package dev.rein.openai.internal;

import dev.rein.http.ModelEndpoint;
import dev.rein.http.StreamedRequest;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;

/** The responses API. */
public final class ResponsesApi extends ModelApi {

    public ResponsesApi(ModelEndpoint endpoint, RequestSettings settings) {
        super(endpoint, settings);
    }

    @Override
    ModelResponse send(ModelRequest request, ModelCall call) {
        if (!settings().background()) {
            return stream(request, call, new ResponsesAssembler(call, settings(), id -> {}));
        }
        try (var background =
                new BackgroundResponse(endpoint(), settings().pathPrefix() + "responses/", call.cancellation())) {
            return stream(request, call, new ResponsesAssembler(call, settings(), background::created));
        }
    }

    private ModelResponse stream(ModelRequest request, ModelCall call, ResponsesAssembler assembler) {
        StreamedRequest.post(
                        endpoint(),
                        settings().pathPrefix() + "responses",
                        new ResponsesRequestMapper(settings()).map(request))
                .readEvents(call.cancellation(), assembler);
        return assembler.response();
    }
}
