package dev.rein.openai.internal;

import dev.rein.http.ModelEndpoint;
import dev.rein.http.StreamedRequest;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;

/** The chat completions API. */
public final class ChatCompletionsApi extends ModelApi {

    public ChatCompletionsApi(ModelEndpoint endpoint, RequestSettings settings) {
        super(endpoint, settings);
    }

    @Override
    ModelResponse send(ModelRequest request, ModelCall call) {
        var body = new ChatRequestMapper(settings()).map(request);
        var assembler = new ChatAssembler(call, request, settings());
        StreamedRequest.post(endpoint(), settings().pathPrefix() + "chat/completions", body)
                .readEvents(call.cancellation(), assembler);
        return assembler.response();
    }
}
