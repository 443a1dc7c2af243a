package dev.rein.openai.internal;

import com.openai.client.OpenAIClient;
import com.openai.models.responses.ResponseCreateParams;
import dev.rein.model.Message;
import dev.rein.model.ModelCall;
import dev.rein.model.ModelRequest;
import dev.rein.model.ModelResponse;

/** Responses: one streamed request per response. Thread-safe. */
public final class Responses {

    private static final Settings ANY = new Settings("none", null, null, null, null, false);
    private static final WarmUp WARM_UP = new WarmUp(client ->
            send(client, new ResponsesRequests(ANY).of(ModelRequest.of(Message.system("none"), Message.user("none")))));

    private final Connection connection;
    private final ResponsesRequests requests;
    private final boolean background;

    public Responses(Endpoint endpoint, Settings settings) {
        this.connection = new Connection(endpoint, WARM_UP);
        this.requests = new ResponsesRequests(settings);
        this.background = settings.background();
    }

    public ModelResponse respond(ModelRequest request, ModelCall call) {
        var client = connection.client(call.cancellation());
        var streaming = new Streaming(connection.endpoint(), call.cancellation());
        if (!background) {
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
}
