package dev.rein.openai.internal;

import com.openai.client.OpenAIClient;
import com.openai.models.responses.ResponseCreateParams;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;

/** The responses API. */
public final class ResponsesApi extends ModelApi {

    public ResponsesApi(Endpoint endpoint, ModelSettings settings) {
        super(endpoint, settings);
    }

    @Override
    ModelResponse respond(OpenAIClient sdk, ModelRequest request, ModelCall call) {
        var mapper = new ResponsesRequestMapper(settings());
        Runnable send = () -> send(sdk, mapper.map(request));
        if (!settings().background()) {
            return stream(call, send, new ResponsesAssembler(call, settings(), id -> {}));
        }
        try (var background = new BackgroundResponse(endpoint(), sdk, call.cancellation())) {
            return stream(call, send, new ResponsesAssembler(call, settings(), background::created));
        }
    }

    @Override
    SdkWarmUp warmUp() {
        return WarmUpHolder.WARM_UP;
    }

    private static void send(OpenAIClient sdk, ResponseCreateParams params) {
        // Closes nothing: the exchange closes the connection.
        try (var _ = sdk.responses().withRawResponse().createStreaming(params)) {}
    }

    /** A class of its own, because creating a model must not open the SDK's large jar. */
    private static final class WarmUpHolder {
        static final SdkWarmUp WARM_UP =
                new SdkWarmUp((sdk, settings, request) -> send(sdk, new ResponsesRequestMapper(settings).map(request)));
    }
}
