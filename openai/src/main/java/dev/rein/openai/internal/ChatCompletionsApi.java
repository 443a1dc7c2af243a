package dev.rein.openai.internal;

import com.openai.client.OpenAIClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;

/** The chat completions API. */
public final class ChatCompletionsApi extends ModelApi {

    public ChatCompletionsApi(Endpoint endpoint, ModelSettings settings) {
        super(endpoint, settings);
    }

    @Override
    ModelResponse respond(OpenAIClient sdk, ModelRequest request, ModelCall call) {
        var mapper = new ChatRequestMapper(settings(), endpoint().isOpenAI());
        return stream(call, () -> send(sdk, mapper.map(request)), new ChatAssembler(call, request, settings()));
    }

    @Override
    SdkWarmUp warmUp() {
        return WarmUpHolder.WARM_UP;
    }

    private static void send(OpenAIClient sdk, ChatCompletionCreateParams params) {
        // Closes nothing: the exchange closes the connection.
        try (var _ = sdk.chat().completions().withRawResponse().createStreaming(params)) {}
    }

    /** A class of its own, because creating a model must not open the SDK's large jar. */
    private static final class WarmUpHolder {
        static final SdkWarmUp WARM_UP = new SdkWarmUp(
                (sdk, settings, request) -> send(sdk, new ChatRequestMapper(settings, true).map(request)));
    }
}
