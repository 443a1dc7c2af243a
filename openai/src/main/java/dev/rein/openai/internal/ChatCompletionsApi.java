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
        var body = new ChatRequestMapper(settings(), isOpenAI()).map(request);
        var assembler = new ChatAssembler(call, request, settings());
        StreamedRequest.post(endpoint(), "chat/completions", body).readEvents(call.cancellation(), assembler);
        return assembler.response();
    }

    private boolean isOpenAI() {
        var host = endpoint().baseUrl().getHost();
        return host.equals("api.openai.com") || host.endsWith(".openai.com") || host.endsWith(".openai.azure.com");
    }
}
