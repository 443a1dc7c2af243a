package dev.rein.openai.internal;

import com.openai.client.OpenAIClient;
import com.openai.models.responses.ResponseCreateParams;
import dev.rein.model.Message;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;

/** Responses: one streamed request per response. Thread-safe. */
public final class Responses {

    private final Connection connection;
    private final Settings settings;

    public Responses(Endpoint endpoint, Settings settings) {
        this.connection = new Connection(endpoint);
        this.settings = settings;
    }

    public ModelResponse respond(ModelRequest request, ModelCall call) {
        var client = connection.client(() -> Loading.WARM_UP, call.cancellation());
        var requests = new ResponsesRequests(settings);
        var streaming = new Streaming(connection.endpoint(), call.cancellation());
        if (!settings.background()) {
            return streaming.run(() -> send(client, requests.of(request)), new ResponsesAnswer(call, id -> {}));
        }
        try (var remote = new RemoteResponse(connection.endpoint(), client, call.cancellation())) {
            return streaming.run(() -> send(client, requests.of(request)), new ResponsesAnswer(call, remote::created));
        }
    }

    private static void send(OpenAIClient client, ResponseCreateParams params) {
        // Closes nothing: that is the exchange's.
        try (var _ = client.responses().withRawResponse().createStreaming(params)) {}
    }

    /** Apart, so that making a model does not open the SDK's large jar. */
    private static final class Loading {
        static final WarmUp WARM_UP = new WarmUp(client -> {
            var any = new Settings("none", null, null, null, null, false);
            var request = ModelRequest.of(Message.system("none"), Message.user("none"));
            send(client, new ResponsesRequests(any).of(request));
        });
    }
}
