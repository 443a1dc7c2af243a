package dev.rein.openai.internal;

import com.openai.client.OpenAIClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.rein.model.Message;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;

/** Chat completions: one streamed request per response. Thread-safe. */
public final class ChatCompletions {

    private final Connection connection;
    private final Settings settings;

    public ChatCompletions(Endpoint endpoint, Settings settings) {
        this.connection = new Connection(endpoint);
        this.settings = settings;
    }

    public ModelResponse respond(ModelRequest request, ModelCall call) {
        var client = connection.client(() -> Loading.WARM_UP, call.cancellation());
        var requests = new ChatRequests(settings, connection.endpoint().isOpenAI());
        return new Streaming(connection.endpoint(), call.cancellation())
                .run(() -> send(client, requests.of(request)), new ChatAnswer(call));
    }

    private static void send(OpenAIClient client, ChatCompletionCreateParams params) {
        // Closes nothing: that is the exchange's.
        try (var _ = client.chat().completions().withRawResponse().createStreaming(params)) {}
    }

    /** Apart, so that making a model does not open the SDK's large jar. */
    private static final class Loading {
        static final WarmUp WARM_UP = new WarmUp(client -> {
            var any = new Settings("none", null, null, null, null, false);
            var request = ModelRequest.of(Message.system("none"), Message.user("none"));
            send(client, new ChatRequests(any, true).of(request));
        });
    }
}
